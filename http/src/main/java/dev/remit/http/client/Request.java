package dev.remit.http.client;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One request. Immutable; what it prints holds no header, no query and no body, since those carry
/// secrets.
///
/// For many requests that differ little, build one without a body, keep it, and derive the others
/// by [#with]: what they have in common is then turned into bytes once.
public final class Request {
    private final RequestHead head;
    private final List<Header> more;
    private final @Nullable Body body;
    private final Timeouts timeouts;
    private final BooleanSupplier mayBegin;

    private Request(
            RequestHead head,
            List<Header> more,
            @Nullable Body body,
            Timeouts timeouts,
            BooleanSupplier mayBegin) {
        this.head = head;
        this.more = more;
        this.body = body;
        this.timeouts = timeouts;
        this.mayBegin = mayBegin;
    }

    /// @throws IllegalArgumentException if the address is not `http://host…` or `https://host…`, or
    ///   carries a user name
    public static Request of(String method, URI uri, Timeouts timeouts) {
        return builder(method, uri, timeouts).build();
    }

    /// @throws IllegalArgumentException as for [#of]
    public static Builder builder(String method, URI uri, Timeouts timeouts) {
        var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (uri.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw new IllegalArgumentException(
                    "expected an address such as https://host/path, not " + shown(uri));
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "the address for "
                            + uri.getHost()
                            + " carries a user name: keep it in a header");
        }
        if (!Header.isToken(method)) {
            throw new IllegalArgumentException("not the name of a method: " + method);
        }
        return new Builder(method.toUpperCase(Locale.ROOT), uri, timeouts);
    }

    /// Gathers the parts of a request.
    public static final class Builder {
        private final String method;
        private final URI uri;
        private final Timeouts timeouts;
        private final List<Header> headers = new ArrayList<>();
        private @Nullable Body body;

        private Builder(String method, URI uri, Timeouts timeouts) {
            this.method = method;
            this.uri = uri;
            this.timeouts = timeouts;
        }

        /// @throws IllegalArgumentException if it cannot be sent as it is; see [Header]
        public Builder header(String name, String value) {
            headers.add(new Header(name, value));
            return this;
        }

        public Builder headers(List<Header> several) {
            headers.addAll(several);
            return this;
        }

        public Builder body(Body bytes, String contentType) {
            body = bytes;
            return header("Content-Type", contentType);
        }

        public Request build() {
            var head = new RequestHead(method, uri, List.copyOf(headers));
            return new Request(head, List.of(), body, timeouts, () -> true);
        }
    }

    /// @throws IllegalArgumentException if the name is no token, or the value holds a control
    ///   character, which would let it say more than one header
    public Request header(String name, String value) {
        var headers = new ArrayList<>(headers());
        headers.add(new Header(name, value));
        return new Request(
                new RequestHead(method(), uri(), List.copyOf(headers)),
                List.of(),
                body,
                timeouts,
                mayBegin);
    }

    public Request body(byte[] bytes, String contentType) {
        var typed = header("Content-Type", contentType);
        return new Request(typed.head, List.of(), Body.of(bytes.clone()), timeouts, mayBegin);
    }

    /// The same request with another body. What kind it is was said by a header before.
    public Request with(Body other) {
        return new Request(head, more, other, timeouts, mayBegin);
    }

    /// The same request with another body and with headers of its own after the common ones.
    public Request with(Body other, List<Header> own) {
        return new Request(head, List.copyOf(own), other, timeouts, mayBegin);
    }

    public Request with(Timeouts others) {
        return new Request(head, more, body, others, mayBegin);
    }

    /// The same request, of which nothing is sent if this is false when there is a connection.
    ///
    /// @param mayStill asked last of all before the first byte; quick
    public Request onlyIf(BooleanSupplier mayStill) {
        return new Request(head, more, body, timeouts, mayStill);
    }

    /// @throws UpstreamException if it is too late
    void begin() throws UpstreamException {
        if (!mayBegin.getAsBoolean()) {
            throw new UpstreamException(
                    UpstreamException.Kind.TOO_LATE,
                    where() + ": it was too late to begin, nothing was sent");
        }
    }

    public String method() {
        return head.method();
    }

    public URI uri() {
        return head.uri();
    }

    RequestHead head() {
        return head;
    }

    /// Those that are not part of the [#head].
    List<Header> more() {
        return more;
    }

    List<Header> headers() {
        if (more.isEmpty()) {
            return head.headers();
        }
        var all = new ArrayList<>(head.headers());
        all.addAll(more);
        return all;
    }

    @Nullable Body body() {
        return body;
    }

    public Timeouts timeouts() {
        return timeouts;
    }

    /// Where it goes, for people: without query and user name.
    public String where() {
        return shown(uri());
    }

    @Override
    public String toString() {
        return method() + " " + where();
    }

    private static String shown(URI uri) {
        var port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        var path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return uri.getScheme() + "://" + uri.getHost() + port + path;
    }
}
