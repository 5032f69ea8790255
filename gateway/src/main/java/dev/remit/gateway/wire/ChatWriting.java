package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.ChatAnswer.Stop;
import java.time.Instant;
import java.util.ArrayList;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes an answer of Chat Completions, with every field that its clients' types demand.
final class ChatWriting {
    private ChatWriting() {}

    static ObjectNode answer(ChatAnswer answer, Instant now) {
        var body =
                Json.object()
                        .put("id", id(answer.id()))
                        .put("object", "chat.completion")
                        .put("created", now.getEpochSecond())
                        .put("model", answer.model());
        var choice = body.putArray("choices").addObject().put("index", 0);
        var message = message(answer);
        choice.set("message", message);
        choice.putNull("logprobs");
        choice.put("finish_reason", reason(answer.stop(), message.path("refusal").isString()));
        body.set("usage", usage(answer.usage()));
        if (answer.serviceTier() != null) {
            body.put("service_tier", answer.serviceTier());
        }
        return body;
    }

    private static ObjectNode message(ChatAnswer answer) {
        var message = Json.object().put("role", "assistant");
        var text = new StringBuilder();
        var refusal = new StringBuilder();
        var thoughts = new ArrayList<Piece.Thought>();
        var calls = Json.array();
        for (var piece : answer.pieces()) {
            switch (piece) {
                case Piece.Text(var words, var _) -> text.append(words);
                case Piece.Refusal(var words) -> refusal.append(words);
                case Piece.Thought thought -> thoughts.add(thought);
                case Piece.ToolCall call -> call(calls, call);
                case Piece.Media _, Piece.ToolResult _ -> {} // no answer holds them here
            }
        }
        if (text.isEmpty() && !(calls.isEmpty() && refusal.isEmpty())) {
            message.putNull("content");
        } else {
            message.put("content", text.toString());
        }
        message.put("refusal", refusal.isEmpty() ? null : refusal.toString());
        if (!thoughts.isEmpty()) {
            ChatThoughts.write(message, thoughts);
        }
        if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
        }
        return message;
    }

    private static void call(ArrayNode calls, Piece.ToolCall call) {
        var said = calls.addObject().put("id", call.id()).put("type", "function");
        said.putObject("function")
                .put("name", call.tool())
                .put("arguments", Json.write(call.arguments()));
        if (call.signature() != null) {
            ChatThoughts.sign(said, call.signature());
        }
    }

    static String id(String id) {
        return id.startsWith("chatcmpl-") ? id : "chatcmpl-" + id;
    }

    static String reason(Stop stop, boolean refusal) {
        return switch (stop) {
            case END, STOP_SEQUENCE, PAUSED -> "stop";
            case TOOL_USE -> "tool_calls";
            case MAX_TOKENS -> "length";
            case REFUSED -> refusal ? "stop" : "content_filter";
        };
    }

    static ObjectNode usage(Usage usage) {
        var prompt = usage.input() + usage.cacheRead() + usage.cacheWrite();
        var told =
                Json.object()
                        .put("prompt_tokens", prompt)
                        .put("completion_tokens", usage.output())
                        .put("total_tokens", prompt + usage.output());
        var details =
                told.putObject("prompt_tokens_details").put("cached_tokens", usage.cacheRead());
        if (usage.cacheWrite() > 0) {
            details.put("cache_write_tokens", usage.cacheWrite());
        }
        told.putObject("completion_tokens_details").put("reasoning_tokens", usage.reasoning());
        return told;
    }
}
