package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import dev.remit.core.model.Message.Part;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The Messages API, from the vendor's side.
///
/// Source: Anthropic's API reference, "Messages" and "Streaming Messages".
final class MessagesWire extends Anthropic {
    @Override
    public void check(FakeRequest request) throws Refused {
        MessagesChecks.check(request, false);
    }

    @Override
    public Asked asked(FakeRequest request) {
        var body = request.body();
        var tools = new ArrayList<Asked.Tool>();
        for (var tool : body.path("tools")) {
            if (tool.has("input_schema")) {
                tools.add(new Asked.Tool(JsonNodes.text(tool, "name"), tool.path("input_schema")));
            }
        }
        var format =
                body.has("output_format")
                        ? body.path("output_format")
                        : body.path("output_config").path("format");
        var messages = body.path("messages");
        var results = messages.path(messages.size() - 1).path("content").path(0);
        return new Asked(
                tools,
                choice(body.path("tool_choice")),
                JsonNodes.is(format, "type", "json_schema") ? format.path("schema") : null,
                ChatWire.lastText(messages, "text"),
                JsonNodes.is(results, "type", "tool_result"),
                JsonNodes.whole(body.path("max_tokens")),
                JsonNodes.texts(body.path("stop_sequences")),
                1);
    }

    private static Asked.Choice choice(JsonNode given) {
        return switch (JsonNodes.text(given, "type")) {
            case "none" -> Asked.Choice.NONE;
            case "any" -> Asked.Choice.ANY;
            case "tool" -> Asked.Choice.of(JsonNodes.text(given, "name"));
            default -> Asked.Choice.AUTO;
        };
    }

    @Override
    public List<byte[]> stream(FakeRequest request, Said said) {
        var events = new ArrayList<byte[]>();
        var start = message(said);
        start.putArray("content");
        start.putNull("stop_reason").putNull("stop_sequence");
        ((ObjectNode) start.required("usage")).put("output_tokens", 1);
        add(events, Json.object().put("type", "message_start"), "message", start);
        var blocks = blocks(request, said);
        for (int i = 0; i < blocks.size(); i++) {
            block(events, i, blocks.get(i));
            if (i == 0) {
                events.add(ping(request));
            }
        }
        var end = Json.object().put("type", "message_delta");
        end.putObject("delta")
                .put("stop_reason", stop(said, blocks))
                .put("stop_sequence", said.stopSequence());
        var usage = said.usage();
        end.putObject("usage")
                .put("input_tokens", usage.input())
                .put("cache_creation_input_tokens", usage.cacheWrite())
                .put("cache_read_input_tokens", usage.cacheRead())
                .put("output_tokens", usage.output());
        events.add(Sse.named("message_delta", end));
        events.add(Sse.named("message_stop", Json.object().put("type", "message_stop")));
        return events;
    }

    private static void block(List<byte[]> events, int index, ObjectNode block) {
        var type = block.required("type").stringValue();
        add(events, indexed("content_block_start", index), "content_block", empty(block, type));
        var pieces =
                switch (type) {
                    case "tool_use" -> inputPieces(block.required("input"));
                    case "redacted_thinking" -> List.<String>of();
                    default -> Sse.pieces(block.required(type).stringValue());
                };
        for (var piece : pieces) {
            var delta =
                    switch (type) {
                        case "text" -> delta("text_delta", "text", piece);
                        case "thinking" -> delta("thinking_delta", "thinking", piece);
                        default -> delta("input_json_delta", "partial_json", piece);
                    };
            add(events, indexed("content_block_delta", index), "delta", delta);
        }
        if (type.equals("thinking")) {
            var signature =
                    delta("signature_delta", "signature", JsonNodes.text(block, "signature"));
            add(events, indexed("content_block_delta", index), "delta", signature);
        }
        events.add(Sse.named("content_block_stop", indexed("content_block_stop", index)));
    }

    /// The vendor begins every input with an empty piece, and says nothing more of an empty one.
    private static List<String> inputPieces(JsonNode input) {
        var pieces = new ArrayList<>(List.of(""));
        if (!input.isEmpty()) {
            pieces.addAll(Sse.pieces(Json.write(input)));
        }
        return pieces;
    }

    private static ObjectNode empty(ObjectNode block, String type) {
        var empty = block.deepCopy();
        switch (type) {
            case "text" -> empty.put("text", "");
            case "thinking" -> empty.put("thinking", "").put("signature", "");
            case "tool_use" -> empty.set("input", Json.object());
            default -> {} // comes whole
        }
        return empty;
    }

    private static ObjectNode delta(String type, String field, String piece) {
        return Json.object().put("type", type).put(field, piece);
    }

    private static ObjectNode indexed(String type, int index) {
        return Json.object().put("type", type).put("index", index);
    }

    private static void add(List<byte[]> events, ObjectNode event, String field, JsonNode value) {
        event.set(field, value);
        events.add(Sse.named(event.required("type").stringValue(), event));
    }

    @Override
    public JsonNode whole(FakeRequest request, Said said) {
        var message = message(said);
        var blocks = blocks(request, said);
        blocks.forEach(message.putArray("content")::add);
        return message.put("stop_reason", stop(said, blocks))
                .put("stop_sequence", said.stopSequence());
    }

    private static ObjectNode message(Said said) {
        var usage = said.usage();
        var message =
                Json.object()
                        .put("id", "msg_" + said.id())
                        .put("type", "message")
                        .put("role", "assistant")
                        .put("model", said.model());
        var told =
                message.putObject("usage")
                        .put("input_tokens", usage.input())
                        .put("cache_creation_input_tokens", usage.cacheWrite())
                        .put("cache_read_input_tokens", usage.cacheRead());
        told.putObject("cache_creation")
                .put("ephemeral_5m_input_tokens", usage.cacheWrite())
                .put("ephemeral_1h_input_tokens", 0);
        told.put("output_tokens", usage.output()).put("service_tier", "standard");
        return message;
    }

    private static List<ObjectNode> blocks(FakeRequest request, Said said) {
        var blocks = new ArrayList<ObjectNode>();
        for (var part : said.parts()) {
            blocks.add(
                    switch (part) {
                        case Part.Text(var text) ->
                                Json.object().put("type", "text").put("text", text);
                        case Part.Reasoning(var text, var signature) -> thought(text, signature);
                        case Part.ToolUse(var id, var tool, var arguments) ->
                                use(id, tool, arguments);
                        case Part.ToolResult result -> throw new IllegalStateException();
                    });
        }
        var answer = said.answer();
        if (answer != null) {
            var tool = answerTool(request);
            blocks.add(
                    tool == null
                            ? Json.object().put("type", "text").put("text", Json.write(answer))
                            : use("toolu_" + said.id(), tool, answer));
        }
        return blocks;
    }

    private static ObjectNode thought(String text, @Nullable String signature) {
        return text.isEmpty()
                ? Json.object().put("type", "redacted_thinking").put("data", signature)
                : Json.object()
                        .put("type", "thinking")
                        .put("thinking", text)
                        .put("signature", signature == null ? "" : signature);
    }

    private static ObjectNode use(String id, String tool, JsonNode input) {
        var use = Json.object().put("type", "tool_use").put("id", id).put("name", tool);
        return use.set("input", input);
    }

    /// The tool that a structured answer is given by: the one that has to be called, or one of that
    /// name.
    private static @Nullable String answerTool(FakeRequest request) {
        var body = request.body();
        if (JsonNodes.is(body.path("tool_choice"), "type", "tool")) {
            return JsonNodes.text(body.path("tool_choice"), "name");
        }
        return body.path("tools").valueStream().anyMatch(t -> JsonNodes.is(t, "name", "answer"))
                ? "answer"
                : null;
    }

    private static String stop(Said said, List<ObjectNode> blocks) {
        boolean uses = blocks.stream().anyMatch(b -> JsonNodes.is(b, "type", "tool_use"));
        var end = uses ? "tool_use" : "end_turn";
        return said.stop(end, "tool_use", "max_tokens", "stop_sequence", "refusal");
    }
}
