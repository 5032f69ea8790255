package dev.remit.hands.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.core.expression.Template;
import dev.remit.core.json.Json;
import dev.remit.core.secret.Redactor;
import dev.remit.core.secret.Secrets;
import dev.remit.core.tool.Ended;
import dev.remit.core.tool.Invocation;
import dev.remit.core.tool.Invoker;
import dev.remit.core.tool.Tier;
import dev.remit.core.tool.Tool.Means;
import dev.remit.http.client.Addresses;
import dev.remit.http.client.Request;
import dev.remit.http.client.Timeouts;
import dev.remit.http.client.Upstream;
import dev.remit.http.client.UpstreamException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Does tools that are one HTTP call.
///
/// Arguments fill the path, the query and the body, never the host. Credentials are filled into
/// headers here, out of the agent's sight, and taken out of whatever comes back. Each call carries
/// the action's `Idempotency-Key`. Never tried again here: that is decided by whoever knows the
/// log.
public final class HttpInvoker implements Invoker, AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int LARGEST_BODY = 4 << 20;
    private static final Set<String> NOT_THE_AUTHORS =
            Set.of(
                    "host",
                    "content-length",
                    "transfer-encoding",
                    "connection",
                    "upgrade",
                    "te",
                    "trailer",
                    "expect",
                    "proxy-authorization");

    private final Secrets secrets;
    private final Redactor redactor;
    private final InstantSource clock;
    private final Addresses addresses;
    private @Nullable Upstream upstream;

    /// For what must not be done twice: on a connection that was kept, it may be impossible to know
    /// whether a call was seen before the other side hung up.
    private @Nullable Upstream unkept;

    private boolean closed;

    public HttpInvoker(Secrets secrets, Redactor redactor, InstantSource clock) {
        this(secrets, redactor, clock, InetAddress::getAllByName);
    }

    HttpInvoker(Secrets secrets, Redactor redactor, InstantSource clock, Addresses addresses) {
        this.secrets = secrets;
        this.redactor = redactor;
        this.clock = clock;
        this.addresses = new PublicHosts(addresses);
    }

    @Override
    public Ended invoke(Invocation invocation) throws InterruptedException {
        if (!(invocation.tool().means() instanceof Means.Http http)) {
            throw new IllegalArgumentException(invocation.tool().name() + " is no HTTP call");
        }
        var time = Duration.between(clock.instant(), invocation.deadline());
        if (!time.isPositive()) {
            return Ended.Failed.tooLate();
        }
        var injected = new Injected(secrets, redactor);
        Request request;
        try {
            request =
                    request(invocation, http, Timeouts.of(time), injected)
                            .onlyIf(invocation.mayBegin());
        } catch (Refusal | Template.Fault e) {
            return new Ended.Failed(true, injected.redact(String.valueOf(e.getMessage())), null);
        }
        boolean reads = invocation.tool().tier() == Tier.READ;
        boolean keep = reads || invocation.tool().idempotent();
        var reading = new Reading(request, reads, injected, clock);
        try (var response =
                keep
                        ? kept().send(request)
                        : unkept().send(request.header("Connection", "close"))) {
            return reading.of(response);
        } catch (UpstreamException e) {
            return reading.of(e);
        }
    }

    private static Request request(
            Invocation invocation, Means.Http http, Timeouts timeouts, Injected injected) {
        var arguments = invocation.arguments().value();
        var method = http.method().toUpperCase(Locale.ROOT);
        boolean bodiless = method.equals("GET") || method.equals("HEAD") || method.equals("DELETE");
        boolean rest = bodiless && http.body() == null;
        var url = UrlTemplate.fill(http.url(), arguments, rest);
        var headers = headers(http, injected);
        requireSafe(url.uri(), injected);

        var request = of(method, url.uri(), timeouts);
        if (!headers.containsKey("idempotency-key")) {
            request = request.header("Idempotency-Key", invocation.idempotencyKey());
        }
        if (!headers.containsKey("accept")) {
            request = request.header("Accept", "application/json, text/*;q=0.9, */*;q=0.5");
        }
        for (var header : headers.entrySet()) {
            if (!header.getKey().equals("content-type")) {
                request = request.header(header.getKey(), header.getValue());
            }
        }
        var body = rest ? null : body(http, arguments, url.used());
        return body == null ? request : body(request, body, headers.get("content-type"));
    }

    private static Request of(String method, URI uri, Timeouts timeouts) {
        try {
            return Request.of(method, uri, timeouts);
        } catch (IllegalArgumentException e) {
            throw new Refusal("the tool cannot be called: " + e.getMessage());
        }
    }

    /// Names in lower case.
    private static Map<String, String> headers(Means.Http http, Injected injected) {
        var headers = new HashMap<String, String>();
        http.headers()
                .forEach((name, template) -> {
                    var lower = name.toLowerCase(Locale.ROOT);
                    if (NOT_THE_AUTHORS.contains(lower)) {
                        throw new Refusal(
                                "the header "
                                        + name
                                        + " is Remit's own: remove it from the tool's file");
                    }
                    headers.put(lower, injected.fill(name, template));
                });
        return headers;
    }

    /// A credential does not cross a public network in clear.
    private static void requireSafe(URI uri, Injected injected) {
        boolean clear = !"https".equalsIgnoreCase(uri.getScheme());
        var host = uri.getHost();
        if (clear && !injected.isEmpty() && (host == null || !PublicHosts.isPlainlyPrivate(host))) {
            throw new Refusal(
                    "the tool sends a credential to "
                            + host
                            + " over http: its URL is expected to begin with https");
        }
    }

    private static @Nullable JsonNode body(Means.Http http, JsonNode arguments, Set<String> used) {
        var template = http.body();
        if (template != null) {
            return Template.fill(template, Map.of("args", arguments));
        }
        var rest = Json.object();
        arguments.properties().stream()
                .filter(a -> !used.contains(a.getKey()))
                .forEach(a -> rest.set(a.getKey(), a.getValue()));
        return rest;
    }

    private static Request body(Request request, JsonNode body, @Nullable String type) {
        var media = type == null ? "application/json" : type;
        var bare = media.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        var text =
                switch (bare) {
                    case "application/x-www-form-urlencoded" -> form(body);
                    default ->
                            bare.startsWith("text/") && body.isString()
                                    ? body.stringValue()
                                    : Json.write(body);
                };
        var bytes = text.getBytes(UTF_8);
        if (bytes.length > LARGEST_BODY) {
            throw new Refusal(
                    "the arguments make a body of "
                            + bytes.length
                            + " bytes; at most "
                            + LARGEST_BODY
                            + " are sent");
        }
        return request.body(bytes, media);
    }

    private static String form(JsonNode body) {
        if (!(body instanceof ObjectNode fields)) {
            throw new Refusal("the body of a form is expected to be an object");
        }
        var pairs = new ArrayList<String>();
        fields.forEachEntry((name, value) -> {
            var text = value.isContainer() ? Json.write(value) : value.asString();
            pairs.add(UrlTemplate.encode(name) + "=" + UrlTemplate.encode(text));
        });
        return String.join("&", pairs);
    }

    /// Made on first use: most agents call nothing over HTTP, and making one takes time.
    private synchronized Upstream kept() {
        requireOpen();
        var made = upstream == null ? new Upstream(CONNECT, addresses) : upstream;
        upstream = made;
        return made;
    }

    private synchronized Upstream unkept() {
        requireOpen();
        var made = unkept == null ? new Upstream(CONNECT, addresses) : unkept;
        unkept = made;
        return made;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the hands are closed");
        }
    }

    /// Cuts whatever is under way.
    @Override
    public synchronized void close() {
        closed = true;
        if (upstream != null) {
            upstream.close();
        }
        if (unkept != null) {
            unkept.close();
        }
    }
}
