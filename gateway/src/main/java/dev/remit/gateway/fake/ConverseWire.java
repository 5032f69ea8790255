package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import dev.remit.core.model.Message.Part;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Bedrock's `converse` and `converse-stream`, from the vendor's side.
///
/// Source: Amazon Bedrock's API reference, "Converse" and "ConverseStream".
final class ConverseWire extends Bedrock {
    private static final Set<String> FIELDS =
            Set.of(
                    "additionalModelRequestFields",
                    "additionalModelResponseFieldPaths",
                    "guardrailConfig",
                    "inferenceConfig",
                    "messages",
                    "outputConfig",
                    "performanceConfig",
                    "promptVariables",
                    "requestMetadata",
                    "serviceTier",
                    "system",
                    "toolConfig");
    private static final Pattern TOOL = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    @Override
    public void check(FakeRequest request) throws Refused {
        signed(request);
        var body = request.body();
        Refused.unless(
                JsonNodes.unknown(body, FIELDS) == null,
                "The model returned the following errors: unknown field "
                        + JsonNodes.unknown(body, FIELDS));
        Refused.unless(
                !body.path("messages").isEmpty(),
                "A conversation must start with a user message. Try again with a conversation that"
                        + " starts with a user message.");
        for (var tool : body.path("toolConfig").path("tools")) {
            var spec = tool.path("toolSpec");
            Refused.unless(
                    tool.has("cachePoint") || TOOL.matcher(JsonNodes.text(spec, "name")).matches(),
                    "Value at 'toolConfig.tools.1.member.toolSpec.name' failed to satisfy"
                            + " constraint: Member must satisfy regular expression pattern:"
                            + " [a-zA-Z0-9_-]+");
            Refused.unless(
                    tool.has("cachePoint") || spec.path("inputSchema").path("json").isObject(),
                    "The value at toolConfig.tools.0.toolSpec.inputSchema.json is empty.");
        }
        messages(body);
    }

    private static void messages(JsonNode body) throws Refused {
        var role = "assistant";
        Set<String> awaited = Set.of();
        for (var message : body.path("messages")) {
            Refused.unless(
                    !JsonNodes.is(message, "role", role),
                    "A conversation must alternate between user and assistant roles. Make sure the"
                            + " conversation alternates between user and assistant roles and try"
                            + " again.");
            role = JsonNodes.text(message, "role");
            var calls = new LinkedHashSet<String>();
            var results = new LinkedHashSet<String>();
            for (var block : message.path("content")) {
                if (block.has("toolUse")) {
                    calls.add(JsonNodes.text(block.path("toolUse"), "toolUseId"));
                    Refused.unless(
                            body.has("toolConfig"),
                            "The toolConfig field must be defined when using toolUse and toolResult"
                                    + " content blocks.");
                } else if (block.has("toolResult")) {
                    results.add(JsonNodes.text(block.path("toolResult"), "toolUseId"));
                } else if (block.has("text")) {
                    Refused.unless(
                            !JsonNodes.text(block, "text").isBlank(),
                            "The text field in the ContentBlock object is blank. Add text to the"
                                    + " text field, and try again.");
                }
            }
            Refused.unless(
                    results.equals(awaited),
                    "Expected toolResult blocks for the following Ids: "
                            + String.join(", ", awaited)
                            + ", but found: "
                            + String.join(", ", results));
            awaited = calls;
        }
        Refused.unless(
                role.equals("user"), "The conversation must end with a user message. Try again.");
    }

    @Override
    public Asked asked(FakeRequest request) {
        var body = request.body();
        var tools = new ArrayList<Asked.Tool>();
        for (var tool : body.path("toolConfig").path("tools")) {
            var spec = tool.path("toolSpec");
            if (spec.isObject()) {
                var schema = spec.path("inputSchema").path("json");
                tools.add(new Asked.Tool(JsonNodes.text(spec, "name"), schema));
            }
        }
        var config = body.path("inferenceConfig");
        var messages = body.path("messages");
        var last = messages.path(messages.size() - 1).path("content");
        var text = new StringBuilder();
        last.forEach(block -> text.append(JsonNodes.text(block, "text")));
        return new Asked(
                tools,
                choice(body.path("toolConfig").path("toolChoice")),
                null,
                text.toString(),
                last.path(0).has("toolResult"),
                JsonNodes.whole(config.path("maxTokens")),
                JsonNodes.texts(config.path("stopSequences")),
                1);
    }

    private static Asked.Choice choice(JsonNode given) {
        return given.has("any")
                ? Asked.Choice.ANY
                : given.has("tool")
                        ? Asked.Choice.of(JsonNodes.text(given.path("tool"), "name"))
                        : Asked.Choice.AUTO;
    }

    @Override
    public JsonNode whole(FakeRequest request, Said said) {
        var body = Json.object();
        var message = body.putObject("output").putObject("message").put("role", "assistant");
        blocks(said).forEach(message.putArray("content")::add);
        body.put("stopReason", stop(said));
        return told(said, body);
    }

    private static ObjectNode told(Said said, ObjectNode body) {
        var usage = said.usage();
        body.putObject("usage")
                .put("inputTokens", usage.input())
                .put("outputTokens", usage.output())
                .put("totalTokens", usage.tokens())
                .put("cacheReadInputTokens", usage.cacheRead())
                .put("cacheWriteInputTokens", usage.cacheWrite());
        body.putObject("metrics").put("latencyMs", 1);
        return body;
    }

    private static List<ObjectNode> blocks(Said said) {
        var blocks = new ArrayList<ObjectNode>();
        for (var part : said.parts()) {
            var block = Json.object();
            switch (part) {
                case Part.Text(var text) -> block.put("text", text);
                case Part.Reasoning(var text, var signature) -> {
                    var thought = block.putObject("reasoningContent");
                    if (text.isEmpty()) {
                        thought.put("redactedContent", signature);
                    } else {
                        thought.putObject("reasoningText")
                                .put("text", text)
                                .put("signature", signature);
                    }
                }
                case Part.ToolUse(var id, var tool, var arguments) ->
                        block.putObject("toolUse")
                                .put("toolUseId", id)
                                .put("name", tool)
                                .set("input", arguments);
                case Part.ToolResult result -> throw new IllegalStateException();
            }
            blocks.add(block);
        }
        var answer = said.answer();
        if (answer != null) {
            blocks.add(Json.object().put("text", Json.write(answer)));
        }
        return blocks;
    }

    private static String stop(Said said) {
        var end = said.calls() ? "tool_use" : "end_turn";
        return said.stop(end, "tool_use", "max_tokens", "stop_sequence", "content_filtered");
    }

    @Override
    public List<byte[]> stream(FakeRequest request, Said said) {
        var events = new ArrayList<byte[]>();
        events.add(event("messageStart", Json.object().put("role", "assistant")));
        var blocks = blocks(said);
        for (int i = 0; i < blocks.size(); i++) {
            block(events, i, blocks.get(i));
            events.add(event("contentBlockStop", at(i)));
        }
        events.add(event("messageStop", Json.object().put("stopReason", stop(said))));
        events.add(event("metadata", told(said, Json.object())));
        return events;
    }

    private static void block(List<byte[]> events, int index, JsonNode block) {
        if (block.has("text")) {
            for (var piece : Sse.pieces(JsonNodes.text(block, "text"))) {
                events.add(delta(index, Json.object().put("text", piece)));
            }
        } else if (block.has("toolUse")) {
            var use = block.path("toolUse");
            var start = at(index);
            start.putObject("start")
                    .putObject("toolUse")
                    .put("toolUseId", JsonNodes.text(use, "toolUseId"))
                    .put("name", JsonNodes.text(use, "name"));
            events.add(event("contentBlockStart", start));
            for (var piece : Sse.pieces(Json.write(use.path("input")))) {
                var delta = Json.object();
                delta.putObject("toolUse").put("input", piece);
                events.add(delta(index, delta));
            }
        } else {
            thought(events, index, block.path("reasoningContent"));
        }
    }

    private static void thought(List<byte[]> events, int index, JsonNode thought) {
        var text = thought.path("reasoningText");
        for (var piece : Sse.pieces(JsonNodes.text(text, "text"))) {
            events.add(delta(index, reasoning("text", piece)));
        }
        events.add(
                delta(
                        index,
                        text.isObject()
                                ? reasoning("signature", JsonNodes.text(text, "signature"))
                                : reasoning(
                                        "redactedContent",
                                        JsonNodes.text(thought, "redactedContent"))));
    }

    private static ObjectNode reasoning(String field, String value) {
        var delta = Json.object();
        delta.putObject("reasoningContent").put(field, value);
        return delta;
    }

    private static byte[] delta(int index, ObjectNode delta) {
        return event("contentBlockDelta", at(index).set("delta", delta));
    }

    private static ObjectNode at(int index) {
        return Json.object().put("contentBlockIndex", index);
    }

    private static byte[] event(String type, ObjectNode body) {
        return EventFrame.event(type, Json.mapper().writeValueAsBytes(body));
    }

    @Override
    public byte[] garbage(FakeRequest request) {
        return Sse.bytes("this is no frame of an event stream, and no JSON either");
    }
}
