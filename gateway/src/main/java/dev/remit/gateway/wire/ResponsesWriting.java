package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.ChatAnswer.Stop;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes an answer of the Responses API. Every field that its clients' types demand is there.
///
/// Ids of items are made from the answer's own, so that the same answer is always written the same.
final class ResponsesWriting {
    private final String id;
    private int items;

    /// @param id of the response
    ResponsesWriting(String id) {
        this.id = id;
    }

    static ObjectNode answer(ChatAnswer answer, Instant now) {
        var writing = new ResponsesWriting(responseId(answer.id()));
        var response = writing.response(answer.model(), now);
        var output = (ArrayNode) response.required("output");
        ArrayNode content = null;
        for (var piece : answer.pieces()) {
            switch (piece) {
                case Piece.Text(var text, var _) -> {
                    content = content == null ? writing.message(output) : content;
                    content.add(text(text));
                }
                case Piece.Refusal(var text) -> {
                    content = content == null ? writing.message(output) : content;
                    content.add(refusal(text));
                }
                case Piece.Thought thought -> {
                    content = null;
                    output.add(writing.thought(thought));
                }
                case Piece.ToolCall(var call, var tool, var arguments, var signature) -> {
                    content = null;
                    if (signature != null) {
                        output.add(writing.sealed(signature));
                    }
                    output.add(writing.call(call, tool).put("arguments", Json.write(arguments)));
                }
                case Piece.Media _, Piece.ToolResult _ -> {} // no answer holds them here
            }
        }
        for (var item : output) {
            if (item.has("status") && item instanceof ObjectNode object) {
                object.put("status", "completed");
            }
        }
        if (answer.serviceTier() != null) {
            response.put("service_tier", answer.serviceTier());
        }
        end(response, answer.stop(), answer.usage(), now);
        return response;
    }

    /// Clients may take an id apart by its prefix.
    static String responseId(String id) {
        return id.startsWith("resp_") ? id : "resp_" + (id.isEmpty() ? "0" : id);
    }

    /// A response that has just begun.
    ObjectNode response(String model, Instant now) {
        var response =
                Json.object()
                        .put("id", id)
                        .put("object", "response")
                        .put("created_at", now.getEpochSecond())
                        .put("status", "in_progress")
                        .put("background", false)
                        .putNull("error")
                        .putNull("incomplete_details")
                        .putNull("instructions")
                        .putNull("max_output_tokens")
                        .put("model", model);
        response.putArray("output");
        response.put("parallel_tool_calls", true).putNull("previous_response_id");
        response.putObject("reasoning").putNull("effort").putNull("summary");
        response.put("store", false).putNull("temperature");
        response.putObject("text").putObject("format").put("type", "text");
        response.put("tool_choice", "auto").putArray("tools");
        response.putNull("top_p").put("truncation", "disabled").putNull("usage").putNull("user");
        response.putObject("metadata");
        return response;
    }

    static void end(ObjectNode response, Stop stop, Usage usage, Instant now) {
        switch (stop) {
            case MAX_TOKENS -> incomplete(response, "max_output_tokens");
            case REFUSED -> {
                // words of refusal are a whole answer; without them, a filter cut it off
                if (!response.path("output").toString().contains("\"refusal\"")) {
                    incomplete(response, "content_filter");
                } else {
                    response.put("status", "completed");
                }
            }
            case END, STOP_SEQUENCE, TOOL_USE, PAUSED -> response.put("status", "completed");
        }
        if (response.path("status").asString("").equals("completed")) {
            response.put("completed_at", now.getEpochSecond());
        }
        response.set("usage", usage(usage));
    }

    private static void incomplete(ObjectNode response, String reason) {
        response.put("status", "incomplete").putObject("incomplete_details").put("reason", reason);
    }

    static ObjectNode usage(Usage usage) {
        var input = usage.input() + usage.cacheRead() + usage.cacheWrite();
        var told = Json.object().put("input_tokens", input);
        told.putObject("input_tokens_details")
                .put("cached_tokens", usage.cacheRead())
                .put("cache_write_tokens", usage.cacheWrite());
        told.put("output_tokens", usage.output());
        told.putObject("output_tokens_details").put("reasoning_tokens", usage.reasoning());
        return told.put("total_tokens", input + usage.output());
    }

    // ---- items

    private String itemId(String prefix) {
        return prefix + "_" + id.substring("resp_".length()) + "_" + items++;
    }

    private ArrayNode message(ArrayNode output) {
        var message = message();
        output.add(message);
        return (ArrayNode) message.required("content");
    }

    ObjectNode message() {
        var message =
                Json.object()
                        .put("type", "message")
                        .put("id", itemId("msg"))
                        .put("status", "in_progress")
                        .put("role", "assistant");
        message.putArray("content");
        return message;
    }

    static ObjectNode text(String text) {
        var part = Json.object().put("type", "output_text").put("text", text);
        part.putArray("annotations");
        part.putArray("logprobs");
        return part;
    }

    static ObjectNode refusal(String text) {
        return Json.object().put("type", "refusal").put("refusal", text);
    }

    ObjectNode call(String callId, String tool) {
        return Json.object()
                .put("type", "function_call")
                .put("id", itemId("fc"))
                .put("call_id", callId)
                .put("name", tool)
                .put("arguments", "")
                .put("status", "in_progress");
    }

    ObjectNode thought(@Nullable String thoughtId) {
        var isOwn = thoughtId != null && thoughtId.startsWith("rs_");
        var item =
                Json.object().put("type", "reasoning").put("id", isOwn ? thoughtId : itemId("rs"));
        item.putArray("summary");
        return item;
    }

    private ObjectNode thought(Piece.Thought thought) {
        var item = thought(thought.id());
        if (!thought.text().isEmpty()) {
            ((ArrayNode) item.required("summary")).add(summary(thought.text()));
        }
        var signature = Seal.outward(thought, Dialect.OPENAI_RESPONSES);
        // OpenAI would look for an item without it among those that it keeps
        return item.put("encrypted_content", signature == null ? Seal.ofNobody() : signature);
    }

    /// A call's signature has no place in its item, so a thought before it carries it.
    ObjectNode sealed(String signature) {
        return thought(new Piece.Thought("", null, signature, false, Dialect.GEMINI));
    }

    static ObjectNode summary(String text) {
        return Json.object().put("type", "summary_text").put("text", text);
    }
}
