package dev.remit.client;

import dev.remit.core.json.Json;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The server understood the request and said no; its problem details (RFC 9457) say why.
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient JsonNode problem;

    ApiException(int status, JsonNode problem) {
        super(say(status, problem));
        this.status = status;
        this.problem = problem;
    }

    static ApiException of(int status, String body) {
        try {
            return new ApiException(status, Json.parse(body));
        } catch (JacksonException notJson) {
            var brief = body.length() > 200 ? body.substring(0, 200) + "…" : body;
            return new ApiException(status, Json.object().put("detail", brief.strip()));
        }
    }

    /// The HTTP status.
    public int status() {
        return status;
    }

    /// The problem details as they came.
    public JsonNode problem() {
        return problem;
    }

    /// What is wrong with the files or the input, one by one; empty if the problem is another.
    public List<JsonNode> faults() {
        return List.copyOf(problem.path("faults").values());
    }

    private static String say(int status, JsonNode problem) {
        var detail = problem.path("detail").asString("");
        var title = problem.path("title").asString("");
        if (!detail.isEmpty()) {
            return detail;
        }
        return title.isEmpty() ? "the server answered " + status : title;
    }
}
