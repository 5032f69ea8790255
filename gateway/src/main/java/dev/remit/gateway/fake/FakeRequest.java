package dev.remit.gateway.fake;

import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A request as a fake vendor got it.
///
/// @param headers by their names in lower case
public record FakeRequest(String path, Map<String, String> headers, JsonNode body) {
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    public String model() {
        return body.path("model").asString("");
    }

    boolean streams() {
        return body.path("stream").asBoolean(false);
    }

    /// Whether it offers a tool of that name.
    boolean offers(String tool) {
        return body.path("tools").values().stream()
                .anyMatch(t -> t.path("name").asString("").equals(tool));
    }
}
