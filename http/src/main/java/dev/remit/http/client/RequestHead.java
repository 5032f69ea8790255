package dev.remit.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What many requests have in common: the request line and the headers, as bytes.
///
/// How a body is framed and what becomes of the connection is said by the client alone, so that no
/// header of a caller can make two servers see two different messages.
final class RequestHead {
    private static final Set<String> NOT_FOR_CALLERS =
            Set.of(
                    "connection",
                    "content-length",
                    "expect",
                    "host",
                    "keep-alive",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");

    private final String method;
    private final URI uri;
    private final Origin origin;
    private final List<Header> headers;
    private byte @Nullable [] bytes;

    RequestHead(String method, URI uri, List<Header> headers) {
        this.method = method;
        this.uri = uri;
        this.origin = Origin.of(uri);
        this.headers = headers;
    }

    String method() {
        return method;
    }

    URI uri() {
        return uri;
    }

    Origin origin() {
        return origin;
    }

    List<Header> headers() {
        return headers;
    }

    /// Up to the end of the last of these headers. Made once; two threads may make the same twice.
    ///
    /// @throws IllegalArgumentException if a header is not for callers to set
    byte[] bytes() {
        var made = bytes;
        if (made == null) {
            made = text().getBytes(ISO_8859_1);
            bytes = made;
        }
        return made;
    }

    private String text() {
        var text = new StringBuilder(256);
        text.append(method).append(' ').append(target()).append(" HTTP/1.1\r\n");
        text.append("Host: ").append(origin.authority()).append("\r\n");
        boolean named = false;
        for (var header : headers) {
            line(header, text);
            named |= header.name().equalsIgnoreCase("User-Agent");
        }
        if (!named) {
            text.append("User-Agent: remit\r\n");
        }
        return text.toString();
    }

    private String target() {
        var ascii = URI.create(uri.toASCIIString());
        var path =
                ascii.getRawPath() == null || ascii.getRawPath().isEmpty()
                        ? "/"
                        : ascii.getRawPath();
        return ascii.getRawQuery() == null ? path : path + "?" + ascii.getRawQuery();
    }

    static void line(Header header, StringBuilder text) {
        if (NOT_FOR_CALLERS.contains(header.name().toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "the header " + header.name() + " is the client's own to set");
        }
        text.append(header.name()).append(": ").append(header.value()).append("\r\n");
    }
}
