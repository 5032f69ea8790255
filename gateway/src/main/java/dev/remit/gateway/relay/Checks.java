package dev.remit.gateway.relay;

import dev.remit.core.json.Json;
import dev.remit.core.settings.Settings.Check;
import dev.remit.gateway.wire.ChatAnswer;
import dev.remit.gateway.wire.ChatAnswer.Stop;
import dev.remit.gateway.wire.Facts;
import dev.remit.gateway.wire.Piece;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Whether an answer is one. An empty one is not, nor one that should be JSON and is none, nor one
/// that fails the check of its route.
final class Checks {
    private Checks() {}

    /// @return what is wrong with it; absent if nothing is
    static @Nullable String fault(ChatAnswer answer, @Nullable Check check, Facts asked) {
        if (answer.isEmpty() && answer.stop() != Stop.MAX_TOKENS && answer.stop() != Stop.REFUSED) {
            return "the answer is empty";
        }
        var calls = answer.pieces().stream().anyMatch(Piece.ToolCall.class::isInstance);
        var isFinal = !calls && answer.stop() != Stop.MAX_TOKENS && answer.stop() != Stop.REFUSED;
        if (!isFinal || (check == null && !asked.structured())) {
            return null;
        }
        return asked.structured() || (check != null && check.schema() != null)
                ? structured(answer, check, asked)
                : condition(answer, null, check, asked);
    }

    private static @Nullable String structured(
            ChatAnswer answer, @Nullable Check check, Facts asked) {
        JsonNode value;
        try {
            value = Json.parse(answer.text());
        } catch (JacksonException e) {
            return "the answer should be JSON and is none";
        }
        var schema = check == null ? null : check.schema();
        if (schema != null) {
            var fault = schema.fault(value);
            if (fault.isPresent()) {
                return "the answer fails its schema: " + fault.get();
            }
        }
        return condition(answer, value, check, asked);
    }

    private static @Nullable String condition(
            ChatAnswer answer, @Nullable JsonNode value, @Nullable Check check, Facts asked) {
        var when = check == null ? null : check.when();
        if (when == null) {
            return null;
        }
        var said =
                Map.<String, Object>of(
                        "text", answer.text(),
                        "stop", answer.stop().name().toLowerCase(java.util.Locale.ROOT),
                        "output_tokens", answer.usage().output(),
                        "json",
                                value == null
                                        ? Map.of()
                                        : Json.mapper().convertValue(value, Object.class));
        var request = Map.<String, Object>of("model", asked.model(), "tools", (long) asked.tools());
        return when.holds(Map.of("answer", said, "request", request))
                ? null
                : "the answer fails the check of its route";
    }
}
