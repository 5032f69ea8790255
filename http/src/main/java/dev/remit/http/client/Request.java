package dev.remit.http.client;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One request. Immutable; what it prints holds no header, no query and no body, since those carry
/// secrets.
public final class Request {
    private final String method;
    private final URI uri;
    private final List<Header> headers;
    private final byte @Nullable [] body;
    private final Timeouts timeouts;

    record Header(String name, String value) {}

    private Request(
            String method,
            URI uri,
            List<Header> headers,
            byte @Nullable [] body,
            Timeouts timeouts) {
        this.method = method;
        this.uri = uri;
        this.headers = headers;
        this.body = body;
        this.timeouts = timeouts;
    }

    /// @throws IllegalArgumentException if the address is not `http://host…` or `https://host…`, or
    ///   carries a user name
    public static Request of(String method, URI uri, Timeouts timeouts) {
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
        return new Request(method.toUpperCase(Locale.ROOT), uri, List.of(), null, timeouts);
    }

    /// @throws IllegalArgumentException if the name is no token, or the value holds a control
    ///   character, which would let it say more than one header
    public Request header(String name, String value) {
        if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
            throw new IllegalArgumentException("not the name of a header: " + name);
        }
        if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
            throw new IllegalArgumentException(
                    "the value of header " + name + " holds a control character");
        }
        var more = new ArrayList<>(headers);
        more.add(new Header(name, value));
        return new Request(method, uri, List.copyOf(more), body, timeouts);
    }

    public Request body(byte[] bytes, String contentType) {
        return new Request(method, uri, headers, bytes.clone(), timeouts)
                .header("Content-Type", contentType);
    }

    public String method() {
        return method;
    }

    public URI uri() {
        return uri;
    }

    List<Header> headers() {
        return headers;
    }

    byte @Nullable [] body() {
        return body;
    }

    public Timeouts timeouts() {
        return timeouts;
    }

    /// Where it goes, for people: without query and user name.
    public String where() {
        return shown(uri);
    }

    @Override
    public String toString() {
        return method + " " + where();
    }

    private static String shown(URI uri) {
        var port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        var path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return uri.getScheme() + "://" + uri.getHost() + port + path;
    }
}
