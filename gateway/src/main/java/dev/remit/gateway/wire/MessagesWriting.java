package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.ChatAnswer.Stop;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes an answer of Messages. Thoughts of other vendors carry a seal for a signature, so that
/// they can be told from Anthropic's and find their way back.
final class MessagesWriting {
    private MessagesWriting() {}

    static ObjectNode answer(ChatAnswer answer, Facts asked) {
        var model = answer.model().isEmpty() ? asked.model() : answer.model();
        var message = message(answer.id(), model);
        var content = (ArrayNode) message.required("content");
        answer.pieces().forEach(piece -> add(content, piece));
        message.put("stop_reason", reason(answer.stop()));
        message.put("stop_sequence", answer.stopSequence());
        var usage = usage(answer.usage());
        if (answer.serviceTier() != null) {
            usage.put("service_tier", answer.serviceTier());
        }
        message.set("usage", usage);
        return message;
    }

    static ObjectNode message(String id, String model) {
        var message =
                Json.object()
                        .put("id", id.startsWith("msg_") ? id : "msg_" + id)
                        .put("type", "message")
                        .put("role", "assistant")
                        .put("model", model);
        message.putArray("content");
        return message.putNull("stop_reason").putNull("stop_sequence");
    }

    private static void add(ArrayNode content, Piece piece) {
        switch (piece) {
            case Piece.Text(var text, var _) -> {
                if (!text.isEmpty()) {
                    content.addObject().put("type", "text").put("text", text);
                }
            }
            case Piece.Refusal(var text) ->
                    content.addObject().put("type", "text").put("text", text);
            case Piece.Thought thought -> content.add(thought(thought));
            case Piece.ToolCall(var id, var tool, var arguments, var signature) -> {
                if (signature != null) {
                    content.add(signed(signature));
                }
                content.addObject()
                        .put("type", "tool_use")
                        .put("id", id)
                        .put("name", tool)
                        .set("input", arguments);
            }
            case Piece.Media _, Piece.ToolResult _ -> {} // no answer holds them here
        }
    }

    /// A call's signature has no place of its own here: it stands in a thought before it.
    static ObjectNode signed(String signature) {
        return thought(new Piece.Thought("", null, signature, false, Dialect.GEMINI));
    }

    static ObjectNode thought(Piece.Thought thought) {
        var signature = signature(thought);
        return thought.redacted()
                ? Json.object().put("type", "redacted_thinking").put("data", signature)
                : Json.object()
                        .put("type", "thinking")
                        .put("thinking", thought.text())
                        .put("signature", signature);
    }

    /// Another vendor's is sealed, even if there is none, so that it is never taken for
    /// Anthropic's.
    private static String signature(Piece.Thought thought) {
        var signature = Seal.outward(thought, Dialect.ANTHROPIC);
        if (signature != null) {
            return signature;
        }
        var origin = thought.origin() == null ? Dialect.OPENAI_CHAT : thought.origin();
        return new Seal(origin, thought.redacted(), "", "").text();
    }

    static String reason(Stop stop) {
        return switch (stop) {
            case END -> "end_turn";
            case STOP_SEQUENCE -> "stop_sequence";
            case TOOL_USE -> "tool_use";
            case MAX_TOKENS -> "max_tokens";
            case REFUSED -> "refusal";
            case PAUSED -> "pause_turn";
        };
    }

    static ObjectNode usage(Usage usage) {
        return Json.object()
                .put("input_tokens", usage.input())
                .put("cache_creation_input_tokens", usage.cacheWrite())
                .put("cache_read_input_tokens", usage.cacheRead())
                .put("output_tokens", usage.output());
    }
}
