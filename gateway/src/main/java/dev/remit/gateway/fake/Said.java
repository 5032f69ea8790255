package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import dev.remit.core.model.Message.Part;
import dev.remit.core.money.Usage;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What is said in the end, and billed.
///
/// @param id tells this answer from every other of the same fake
/// @param created in seconds since 1970
/// @param stop `end`, `tool_use`, `max_tokens`, `stop_sequence`, `refusal`, `content_filter`, or a
///   vendor's own word
/// @param stopSequence the text that ended it, if one did
/// @param choices how often it is said
record Said(
        String id,
        long created,
        String model,
        List<Part> parts,
        @Nullable JsonNode answer,
        String stop,
        @Nullable String stopSequence,
        Usage usage,
        int choices) {
    Said {
        parts = List.copyOf(parts);
    }

    Said billing(Usage other) {
        return new Said(id, created, model, parts, answer, stop, stopSequence, other, choices);
    }

    boolean calls() {
        return parts.stream().anyMatch(Part.ToolUse.class::isInstance);
    }

    /// The text and the structured answer, as one text.
    String text() {
        var text = new StringBuilder();
        for (var part : parts) {
            if (part instanceof Part.Text(var said)) {
                text.append(said);
            }
        }
        var structured = answer;
        return structured == null
                ? text.toString()
                : text.append(Json.write(structured)).toString();
    }

    /// The vendor's word for the end.
    String stop(String end, String toolUse, String most, String sequence, String refused) {
        return switch (stop) {
            case "end", "end_turn", "stop", "STOP" -> end;
            case "tool_use", "tool_calls" -> toolUse;
            case "max_tokens", "length", "MAX_TOKENS" -> most;
            case "stop_sequence" -> sequence;
            case "refusal", "content_filter", "SAFETY", "content_filtered" -> refused;
            default -> stop;
        };
    }

    boolean refused() {
        return Objects.equals(stop, "refusal");
    }
}
