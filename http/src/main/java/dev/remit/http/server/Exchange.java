package dev.remit.http.server;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One request, as a handler sees it.
public final class Exchange {
    private static final Fields NO_QUERY = new Fields();

    private final Request request;
    private final ClientEndPoint client;
    private final long limit;
    private final String path;
    private final Fields query;
    private Map<String, String> parameters = Map.of();
    private byte @Nullable [] body;

    private Exchange(
            Request request, ClientEndPoint client, long limit, String path, Fields query) {
        this.request = request;
        this.client = client;
        this.limit = limit;
        this.path = path;
        this.query = query;
    }

    /// @param limit of the body, in bytes
    /// @throws Problem 400 if the query is not well formed, 413 if the body is said to be too large
    static Exchange of(Request request, ClientEndPoint client, String path, long limit) {
        if (request.getLength() > limit) {
            throw tooLarge();
        }
        try {
            var query =
                    request.getHttpURI().getQuery() == null
                            ? NO_QUERY
                            : Request.extractQueryParameters(request);
            return new Exchange(request, client, limit, path, query);
        } catch (IllegalArgumentException | HttpException.RuntimeException e) {
            throw new Problem(400, "the query of the URL is not well formed");
        }
    }

    void found(Map<String, String> byTemplate) {
        parameters = byTemplate;
    }

    public String method() {
        return request.getMethod();
    }

    /// Decoded and normalised.
    public String path() {
        return path;
    }

    /// A parameter of the route's template.
    ///
    /// @throws IllegalArgumentException if the template has none of that name
    public String parameter(String name) {
        var value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no parameter " + name);
        }
        return value;
    }

    /// The first value of a query parameter, if it is there and not empty.
    ///
    /// @throws Problem 400 if it holds a control character
    public Optional<String> query(String name) {
        var value = Optional.ofNullable(query.getValue(name)).filter(v -> !v.isEmpty());
        if (value.isPresent() && value.get().chars().anyMatch(Character::isISOControl)) {
            throw new Problem(400, name + " holds a control character");
        }
        return value;
    }

    /// A query parameter that is a whole number.
    ///
    /// @throws Problem 400 if it is not one between `least` and `most`
    public long query(String name, long absent, long least, long most) {
        var text = query(name);
        if (text.isEmpty()) {
            return absent;
        }
        try {
            long value = Long.parseLong(text.get());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below, for both cases
        }
        throw new Problem(
                400, name + " is expected to be a whole number from " + least + " to " + most);
    }

    /// Keeps what is known about this request, one value of a type, for those who handle it next.
    public <T> void put(Class<T> type, T value) {
        request.setAttribute(type.getName(), value);
    }

    /// What [#put] kept.
    public <T> Optional<T> find(Class<T> type) {
        return Optional.ofNullable(request.getAttribute(type.getName())).map(type::cast);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeaders().get(name)).filter(v -> !v.isEmpty());
    }

    /// All headers of that name, in any case, in the order they came.
    public List<String> headers(String name) {
        return request.getHeaders().getValuesList(name);
    }

    /// As they were written, each once.
    public Set<String> headerNames() {
        return request.getHeaders().getFieldNamesCollection();
    }

    /// All parameters of the query, decoded.
    public Map<String, List<String>> query() {
        var all = new LinkedHashMap<String, List<String>>();
        query.forEach(field -> all.put(field.getName(), field.getValues()));
        return all;
    }

    /// The query as it came, without its question mark; empty if there is none.
    public String rawQuery() {
        var raw = request.getHttpURI().getQuery();
        return raw == null ? "" : raw;
    }

    /// The address the connection comes from, such as `127.0.0.1`.
    public String remoteAddress() {
        return Request.getRemoteAddr(request);
    }

    /// From now until the last piece of the answer is sent, runs something once when the client
    /// hangs up: closes its connection, or its half of it. On a thread of its own. Several may be
    /// given.
    ///
    /// It costs next to nothing, so it may be asked for with every request.
    ///
    /// @throws IllegalStateException if there is a body that was not read yet
    public void onHangUp(Runnable action) {
        if (hasBody() && body == null) {
            throw new IllegalStateException("the body of the request was not read");
        }
        client.watch(action);
    }

    /// Whether the client asks for server-sent events.
    public boolean wantsEvents() {
        return header(HttpHeader.ACCEPT.asString())
                .filter(a -> a.toLowerCase(Locale.ROOT).contains(EventStream.MEDIA_TYPE))
                .isPresent();
    }

    /// The body as it came: the same array each time, not to be written to.
    ///
    /// @throws Problem 413 if it is larger than the server takes here, 408 if it stops coming
    public byte[] body() {
        var read = body;
        if (read == null) {
            try {
                read = BodyReading.read(request, limit);
            } catch (IOException | HttpException.RuntimeException e) {
                throw refused(e);
            }
            body = read;
            client.read();
        }
        return read;
    }

    /// Whether there is a body that nobody has read.
    boolean hasUnread() {
        return hasBody() && body == null;
    }

    private static Problem refused(Exception e) {
        if (e instanceof BodyReading.TooLarge) {
            return tooLarge();
        }
        return new Problem(408, "the body was not sent to its end")
                .header(HttpHeader.CONNECTION.asString(), "close");
    }

    static Problem tooLarge() {
        return new Problem(413, "the body is larger than this server takes")
                .header(HttpHeader.CONNECTION.asString(), "close");
    }

    /// The body as one JSON value.
    ///
    /// @throws Problem 415 if it is declared to be something else, 400 if it is no JSON
    public JsonNode json() {
        var type = header(HttpHeader.CONTENT_TYPE.asString()).orElse("application/json");
        var media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!media.equals("application/json") && !media.endsWith("+json")) {
            throw new Problem(415, "expected a body of type application/json, not " + media);
        }
        return JsonBody.parse(body());
    }

    /// Whether there is a body at all.
    public boolean hasBody() {
        return request.getLength() != 0;
    }
}
