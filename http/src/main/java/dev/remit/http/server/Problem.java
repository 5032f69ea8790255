package dev.remit.http.server;

import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An error that the client may see, as problem details (RFC 9457).
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// The media type of [#body].
    public static final String MEDIA_TYPE = "application/problem+json";

    private final int status;
    private final String type;
    private final String detail;
    private final transient Map<String, JsonNode> extras = new LinkedHashMap<>();
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    /// @param status an HTTP status from 400 to 599
    /// @param type a URI that names the kind of problem, for programs; `about:blank` if the status
    ///   says it all
    /// @param detail for people: what was expected, what came, what to do
    public Problem(int status, String type, String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.type = type;
        this.detail = detail;
    }

    public Problem(int status, String detail) {
        this(status, "about:blank", detail);
    }

    /// Adds a member of its own to the problem.
    public Problem with(String name, JsonNode value) {
        extras.put(name, value);
        return this;
    }

    /// Adds a header to the answer, such as `Allow`.
    public Problem header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    public int status() {
        return status;
    }

    public String type() {
        return type;
    }

    public String detail() {
        return detail;
    }

    public Map<String, String> headers() {
        return Map.copyOf(headers);
    }

    /// Its own members.
    public Map<String, JsonNode> extras() {
        return Map.copyOf(extras);
    }

    /// The problem as it is sent.
    public ObjectNode body() {
        var body = JsonNodeFactory.instance.objectNode();
        body.put("type", type);
        body.put("title", HttpStatus.getMessage(status));
        body.put("status", status);
        body.put("detail", detail);
        extras.forEach(body::set);
        return body;
    }
}
