package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import dev.remit.core.model.Message.Part;
import dev.remit.core.money.Usage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The Messages API, from the vendor's side.
final class AnthropicWire implements Wire {
    private static final Set<String> FIELDS =
            Set.of(
                    "model",
                    "max_tokens",
                    "stream",
                    "service_tier",
                    "system",
                    "messages",
                    "tools",
                    "tool_choice",
                    "temperature",
                    "thinking",
                    "metadata");

    @Override
    public String key(FakeRequest request) {
        return request.header("x-api-key").orElse("");
    }

    @Override
    public @Nullable String objection(FakeRequest request) {
        var body = request.body();
        if (request.header("anthropic-version").isEmpty()) {
            return "anthropic-version: header is required";
        }
        if (!body.path("max_tokens").isIntegralNumber()) {
            return "max_tokens: Field required";
        }
        var unknown = Wire.unknownField(body, FIELDS);
        return unknown == null ? messages(body) : unknown;
    }

    private static @Nullable String messages(JsonNode body) {
        for (var tool : body.path("tools")) {
            if (!TOOL_NAME.matcher(tool.path("name").asString("")).matches()) {
                return "tools.0.custom.name: String should match pattern";
            }
            if (!tool.path("input_schema").path("type").asString("").equals("object")) {
                return "tools.0.custom.input_schema.type: Field required";
            }
        }
        Set<String> awaited = new HashSet<>();
        var role = "assistant";
        for (var message : body.path("messages")) {
            if (message.path("role").asString("").equals(role)) {
                return "messages: roles must alternate";
            }
            role = message.path("role").asString("");
            for (var block : message.path("content")) {
                if (block.path("type").asString("").equals("tool_result")) {
                    awaited.remove(block.path("tool_use_id").asString(""));
                } else if (!awaited.isEmpty()) {
                    return "messages: `tool_use` ids were found without `tool_result` blocks"
                            + " immediately after";
                }
                if (block.path("text").asString("x").isBlank()) {
                    return "messages: text content blocks must contain non-whitespace text";
                }
            }
            message.path("content").values().stream()
                    .filter(b -> b.path("type").asString("").equals("tool_use"))
                    .forEach(b -> awaited.add(b.path("id").asString("")));
        }
        if (role.equals("assistant")) {
            return "messages: at least one message is required, and the last must be the user's";
        }
        return awaited.isEmpty() ? null : "messages: `tool_use` without `tool_result`";
    }

    @Override
    public List<String> stream(FakeRequest request, FakeReply reply, Usage usage) {
        var events = new ArrayList<String>();
        var start = message(request, reply, usage);
        start.putArray("content");
        start.putNull("stop_reason");
        ((ObjectNode) start.required("usage")).put("output_tokens", 1);
        add(events, Json.object().put("type", "message_start"), "message", start);
        var blocks = blocks(request, reply);
        for (int i = 0; i < blocks.size(); i++) {
            block(events, i, blocks.get(i));
            if (i == 0) {
                events.add(ping());
            }
        }
        var end = Json.object().put("type", "message_delta");
        end.putObject("delta").put("stop_reason", stop(reply, blocks)).putNull("stop_sequence");
        end.putObject("usage").put("output_tokens", usage.output());
        events.add(Wire.named("message_delta", end));
        events.add(Wire.named("message_stop", Json.object().put("type", "message_stop")));
        return events;
    }

    private static void block(List<String> events, int index, ObjectNode block) {
        var type = block.required("type").stringValue();
        var empty = block.deepCopy();
        var field =
                switch (type) {
                    case "text" -> "text";
                    case "thinking" -> "thinking";
                    default -> "";
                };
        if (!field.isEmpty()) {
            empty.put(field, "");
        }
        if (type.equals("thinking")) {
            empty.put("signature", "");
        } else if (type.equals("tool_use")) {
            empty.set("input", Json.object());
        }
        add(events, indexed("content_block_start", index), "content_block", empty);
        var pieces =
                switch (type) {
                    case "tool_use" -> Wire.pieces(Json.write(block.required("input")));
                    case "redacted_thinking" -> List.<String>of();
                    default -> Wire.pieces(block.required(field).stringValue());
                };
        for (var piece : pieces) {
            var delta =
                    switch (type) {
                        case "text" -> Json.object().put("type", "text_delta").put("text", piece);
                        case "thinking" ->
                                Json.object().put("type", "thinking_delta").put("thinking", piece);
                        default ->
                                Json.object()
                                        .put("type", "input_json_delta")
                                        .put("partial_json", piece);
                    };
            add(events, indexed("content_block_delta", index), "delta", delta);
        }
        if (type.equals("thinking")) {
            var signature = Json.object().put("type", "signature_delta");
            signature.set("signature", block.required("signature"));
            add(events, indexed("content_block_delta", index), "delta", signature);
        }
        events.add(Wire.named("content_block_stop", indexed("content_block_stop", index)));
    }

    private static ObjectNode indexed(String type, int index) {
        return Json.object().put("type", type).put("index", index);
    }

    private static void add(List<String> events, ObjectNode event, String field, JsonNode value) {
        event.set(field, value);
        events.add(Wire.named(event.required("type").stringValue(), event));
    }

    @Override
    public JsonNode whole(FakeRequest request, FakeReply reply, Usage usage) {
        var message = message(request, reply, usage);
        var blocks = blocks(request, reply);
        blocks.forEach(message.putArray("content")::add);
        return message.put("stop_reason", stop(reply, blocks)).putNull("stop_sequence");
    }

    private static ObjectNode message(FakeRequest request, FakeReply reply, Usage usage) {
        var model = reply.model();
        var message =
                Json.object()
                        .put("id", "msg_fake")
                        .put("type", "message")
                        .put("role", "assistant")
                        .put("model", model == null ? request.model() : model);
        message.putObject("usage")
                .put("input_tokens", usage.input())
                .put("cache_creation_input_tokens", usage.cacheWrite())
                .put("cache_read_input_tokens", usage.cacheRead())
                .put("output_tokens", usage.output());
        return message;
    }

    private static List<ObjectNode> blocks(FakeRequest request, FakeReply reply) {
        var blocks = new ArrayList<ObjectNode>();
        for (var part : reply.parts()) {
            switch (part) {
                case Part.Text(var text) ->
                        blocks.add(Json.object().put("type", "text").put("text", text));
                case Part.Reasoning(var text, var signature) ->
                        blocks.add(
                                text.isEmpty()
                                        ? Json.object()
                                                .put("type", "redacted_thinking")
                                                .put("data", signature)
                                        : Json.object()
                                                .put("type", "thinking")
                                                .put("thinking", text)
                                                .put("signature", signature));
                case Part.ToolUse(var id, var tool, var arguments) -> {
                    var use = Json.object().put("type", "tool_use").put("id", id);
                    use.put("name", tool).set("input", arguments);
                    blocks.add(use);
                }
                case Part.ToolResult result ->
                        throw new IllegalArgumentException("a model gives no tool result");
            }
        }
        var answer = reply.answer();
        if (answer != null && request.offers("answer")) {
            var use = Json.object().put("type", "tool_use").put("id", "toolu_answer");
            use.put("name", "answer").set("input", answer);
            blocks.add(use);
        } else if (answer != null) {
            blocks.add(Json.object().put("type", "text").put("text", Json.write(answer)));
        }
        return blocks;
    }

    private static String stop(FakeReply reply, List<ObjectNode> blocks) {
        var stop = reply.stop();
        if (stop != null) {
            return stop;
        }
        return blocks.stream().anyMatch(b -> b.path("type").asString("").equals("tool_use"))
                ? "tool_use"
                : "end_turn";
    }

    @Override
    public JsonNode error(int status, String type, String message) {
        var error = Json.object().put("type", "error");
        error.putObject("error").put("type", type).put("message", message);
        return error.put("request_id", "req_fake");
    }

    @Override
    public String errorEvent(String type, String message) {
        return Wire.named("error", error(200, type, message));
    }

    @Override
    public String ping() {
        return Wire.named("ping", Json.object().put("type", "ping"));
    }
}
