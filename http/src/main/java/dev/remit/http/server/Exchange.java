package dev.remit.http.server;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import tools.jackson.databind.JsonNode;

/// One request, as a handler sees it.
public final class Exchange {
    private final Request request;
    private final String path;
    private final Map<String, String> parameters;
    private final Fields query;

    private Exchange(Request request, String path, Map<String, String> parameters, Fields query) {
        this.request = request;
        this.path = path;
        this.parameters = parameters;
        this.query = query;
    }

    /// @throws Problem 400 if the query is not well formed
    static Exchange of(Request request) {
        var path = request.getHttpURI().getCanonicalPath();
        try {
            return new Exchange(
                    request,
                    path == null ? "" : path,
                    Map.of(),
                    Request.extractQueryParameters(request));
        } catch (IllegalArgumentException | HttpException.RuntimeException e) {
            throw new Problem(400, "the query of the URL is not well formed");
        }
    }

    Exchange with(Map<String, String> found) {
        return new Exchange(request, path, Map.copyOf(found), query);
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

    public Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeaders().get(name)).filter(v -> !v.isEmpty());
    }

    /// Whether the client asks for server-sent events.
    public boolean wantsEvents() {
        return header(HttpHeader.ACCEPT.asString())
                .filter(a -> a.toLowerCase(Locale.ROOT).contains(EventStream.MEDIA_TYPE))
                .isPresent();
    }

    /// The body as it came.
    ///
    /// @throws Problem 413 if it is larger than the server takes, 408 if it stops coming
    public byte[] body() {
        try {
            var buffer = Content.Source.asByteBuffer(request);
            var bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return bytes;
        } catch (IOException | HttpException.RuntimeException e) {
            throw refused(e);
        }
    }

    private static Problem refused(Exception e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof HttpException http && http.getCode() == 413) {
                return tooLarge();
            }
        }
        return new Problem(408, "the body was not sent to its end")
                .header(HttpHeader.CONNECTION.asString(), "close");
    }

    static Problem tooLarge() {
        return new Problem(413, "the body is larger than this server takes");
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
