package dev.remit.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One event of a session, as the server tells it.
///
/// @param json the whole of it, with `session`, `seq`, `at` and `event`
public record SessionEvent(JsonNode json) {
    public String session() {
        return json.path("session").asString("");
    }

    /// Its place in the log; 0 for news that are not in the log.
    public long seq() {
        return json.path("seq").asLong(0);
    }

    public @Nullable Instant at() {
        var text = json.path("at").asString("");
        return text.isEmpty() ? null : Instant.parse(text);
    }

    /// Such as `model_called`; `progress` for news that are not in the log.
    public String type() {
        return body().path("type").asString("");
    }

    public JsonNode body() {
        return json.path("event");
    }
}
