package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.ChatAnswer.Stop;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes an answer of Gemini's generateContent.
final class GeminiWriting {
    private GeminiWriting() {}

    static ObjectNode answer(ChatAnswer answer) {
        var body = Json.object();
        var candidate = candidate(body);
        var parts = parts(candidate);
        var isSigned =
                answer.pieces().stream()
                        .anyMatch(p -> p instanceof Piece.ToolCall c && c.signature() != null);
        for (var piece : answer.pieces()) {
            switch (piece) {
                case Piece.Text(var text, var _) -> parts.addObject().put("text", text);
                case Piece.Refusal(var text) -> parts.addObject().put("text", text);
                case Piece.Thought thought ->
                        thought(parts, thought.text(), Seal.outward(thought, Dialect.GEMINI));
                case Piece.ToolCall(var id, var tool, var arguments, var signature) ->
                        parts.add(
                                call(
                                        id,
                                        tool,
                                        arguments,
                                        signature == null && !isSigned
                                                ? Seal.ofNobody() // see GeminiSplice
                                                : signature));
                case Piece.Media _, Piece.ToolResult _ -> {} // no answer holds them here
            }
        }
        candidate.put("finishReason", reason(answer.stop()));
        end(body, answer.id(), answer.model(), answer.usage());
        return body;
    }

    /// The one candidate, whose content has no parts yet.
    static ObjectNode candidate(ObjectNode body) {
        var candidate = body.putArray("candidates").addObject();
        candidate.putObject("content").put("role", "model").putArray("parts");
        return candidate.put("index", 0);
    }

    static ArrayNode parts(ObjectNode candidate) {
        return (ArrayNode) candidate.required("content").required("parts");
    }

    static void thought(ArrayNode parts, String text, @Nullable String signature) {
        if (text.isEmpty() && signature == null) {
            return;
        }
        var part = parts.addObject().put("text", text);
        if (!text.isEmpty() || Seal.read(String.valueOf(signature)) != null) {
            part.put("thought", true);
        } // else it signs the words before it
        if (signature != null) {
            part.put("thoughtSignature", signature);
        }
    }

    static ObjectNode call(String id, String tool, JsonNode arguments, @Nullable String signature) {
        var part = Json.object();
        var call = part.putObject("functionCall");
        if (!id.isEmpty()) {
            call.put("id", id);
        }
        call.put("name", tool).set("args", arguments);
        if (signature != null) {
            part.put("thoughtSignature", signature);
        }
        return part;
    }

    static String reason(Stop stop) {
        return switch (stop) {
            case END, STOP_SEQUENCE, TOOL_USE, PAUSED -> "STOP";
            case MAX_TOKENS -> "MAX_TOKENS";
            case REFUSED -> "SAFETY";
        };
    }

    static void end(ObjectNode body, String id, String model, @Nullable Usage usage) {
        if (usage != null) {
            body.set("usageMetadata", usage(usage));
        }
        body.put("modelVersion", model).put("responseId", id);
    }

    private static ObjectNode usage(Usage usage) {
        var prompt = usage.input() + usage.cacheRead() + usage.cacheWrite();
        var told =
                Json.object()
                        .put("promptTokenCount", prompt)
                        .put("candidatesTokenCount", usage.output() - usage.reasoning())
                        .put("totalTokenCount", prompt + usage.output());
        if (usage.cacheRead() > 0) {
            told.put("cachedContentTokenCount", usage.cacheRead());
        }
        if (usage.reasoning() > 0) {
            told.put("thoughtsTokenCount", usage.reasoning());
        }
        return told;
    }
}
