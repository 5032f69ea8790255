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

/// The Chat Completions API, from the vendor's side.
final class OpenAiWire implements Wire {
    private static final Set<String> FIELDS =
            Set.of(
                    "model",
                    "stream",
                    "max_tokens",
                    "max_completion_tokens",
                    "stream_options",
                    "service_tier",
                    "response_format",
                    "messages",
                    "tools",
                    "tool_choice",
                    "temperature",
                    "seed");

    @Override
    public String key(FakeRequest request) {
        return request.header("authorization").orElse("").replaceFirst("^Bearer ", "");
    }

    @Override
    public @Nullable String objection(FakeRequest request) {
        var body = request.body();
        var unknown = Wire.unknownField(body, FIELDS);
        if (unknown != null) {
            return unknown;
        }
        for (var tool : body.path("tools")) {
            if (!TOOL_NAME.matcher(tool.path("function").path("name").asString("")).matches()) {
                return "Invalid 'tools[0].function.name': string does not match pattern.";
            }
        }
        return messages(body);
    }

    private static @Nullable String messages(JsonNode body) {
        Set<String> awaited = new HashSet<>();
        for (var message : body.path("messages")) {
            var role = message.path("role").asString("");
            if (role.equals("tool")) {
                if (!awaited.remove(message.path("tool_call_id").asString(""))) {
                    return "messages with role 'tool' must be a response to a preceding message"
                            + " with 'tool_calls'.";
                }
            } else if (!awaited.isEmpty()) {
                return "An assistant message with 'tool_calls' must be followed by tool messages"
                        + " responding to each 'tool_call_id'.";
            }
            if (!role.equals("assistant") && !message.path("content").isString()) {
                return "Invalid value for 'content': expected a string.";
            }
            for (var call : message.path("tool_calls")) {
                awaited.add(call.path("id").asString(""));
                if (!call.path("function").path("arguments").isString()) {
                    return "Invalid type for 'tool_calls[0].function.arguments'.";
                }
            }
        }
        if (body.path("messages").isEmpty()) {
            return "[] is too short - 'messages'";
        }
        return awaited.isEmpty() ? null : "an assistant message with 'tool_calls' is last";
    }

    @Override
    public List<String> stream(FakeRequest request, FakeReply reply, Usage usage) {
        var events = new ArrayList<String>();
        var message = message(reply);
        var role = Json.object().put("role", "assistant").put("content", "");
        events.add(event(chunk(request, reply, role, null)));
        for (var field : new String[] {"reasoning_content", "content", "refusal"}) {
            for (var piece : Wire.pieces(message.path(field).asString(""))) {
                events.add(event(chunk(request, reply, Json.object().put(field, piece), null)));
            }
        }
        var calls = message.path("tool_calls");
        for (int i = 0; i < calls.size(); i++) {
            call(events, request, reply, i, calls.path(i));
        }
        events.add(event(chunk(request, reply, Json.object(), stop(reply))));
        if (request.body().path("stream_options").path("include_usage").asBoolean(false)) {
            var last = chunk(request, reply, Json.object(), null);
            last.putArray("choices");
            last.set("usage", usage(usage));
            events.add(event(last));
        }
        events.add("data: [DONE]\n\n");
        return events;
    }

    private static void call(
            List<String> events, FakeRequest request, FakeReply reply, int index, JsonNode call) {
        var begun = (ObjectNode) call.deepCopy();
        begun.put("index", index);
        ((ObjectNode) begun.required("function")).put("arguments", "");
        var first = Json.object();
        first.putArray("tool_calls").add(begun);
        events.add(event(chunk(request, reply, first, null)));
        for (var piece : Wire.pieces(call.at("/function/arguments").stringValue())) {
            var delta = Json.object();
            var more = delta.putArray("tool_calls").addObject().put("index", index);
            more.putObject("function").put("arguments", piece);
            events.add(event(chunk(request, reply, delta, null)));
        }
    }

    @Override
    public JsonNode whole(FakeRequest request, FakeReply reply, Usage usage) {
        var body = head(request, reply).put("object", "chat.completion");
        var choice = body.putArray("choices").addObject().put("index", 0);
        choice.set("message", message(reply).put("role", "assistant"));
        choice.put("finish_reason", stop(reply));
        body.set("usage", usage(usage));
        return body;
    }

    private static ObjectNode chunk(
            FakeRequest request, FakeReply reply, ObjectNode delta, @Nullable String stop) {
        var chunk = head(request, reply).put("object", "chat.completion.chunk");
        var choice = chunk.putArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        choice.put("finish_reason", stop);
        return chunk.putNull("usage");
    }

    private static ObjectNode head(FakeRequest request, FakeReply reply) {
        var model = reply.model();
        return Json.object()
                .put("id", "chatcmpl-fake")
                .put("created", 1_700_000_000L)
                .put("model", model == null ? request.model() : model);
    }

    private static ObjectNode message(FakeReply reply) {
        var message = Json.object();
        var text = new StringBuilder();
        var calls = Json.array();
        for (var part : reply.parts()) {
            switch (part) {
                case Part.Text(var said) -> text.append(said);
                case Part.Reasoning(var thought, var signature) ->
                        message.put("reasoning_content", thought);
                case Part.ToolUse(var id, var tool, var arguments) ->
                        calls.addObject()
                                .put("id", id)
                                .put("type", "function")
                                .putObject("function")
                                .put("name", tool)
                                .put("arguments", Json.write(arguments));
                case Part.ToolResult result ->
                        throw new IllegalArgumentException("a model gives no tool result");
            }
        }
        var answer = reply.answer();
        if (answer != null) {
            text.append(Json.write(answer));
        }
        var refused = "refusal".equals(reply.stop());
        message.put(refused ? "refusal" : "content", text.isEmpty() ? null : text.toString());
        if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
        }
        return message;
    }

    private static String stop(FakeReply reply) {
        var stop = reply.stop();
        if (stop != null) {
            return stop.equals("refusal") ? "stop" : stop;
        }
        return reply.parts().stream().anyMatch(Part.ToolUse.class::isInstance)
                ? "tool_calls"
                : "stop";
    }

    private static ObjectNode usage(Usage usage) {
        var prompt = usage.input() + usage.cacheRead() + usage.cacheWrite();
        var told =
                Json.object()
                        .put("prompt_tokens", prompt)
                        .put("completion_tokens", usage.output())
                        .put("total_tokens", prompt + usage.output());
        told.putObject("prompt_tokens_details").put("cached_tokens", usage.cacheRead());
        told.putObject("completion_tokens_details").put("reasoning_tokens", usage.reasoning());
        return told;
    }

    private static String event(JsonNode chunk) {
        return "data: " + Json.write(chunk) + "\n\n";
    }

    @Override
    public JsonNode error(int status, String type, String message) {
        var error = Json.object();
        error.putObject("error").put("message", message).put("type", type).putNull("code");
        return error;
    }

    @Override
    public String errorEvent(String type, String message) {
        return event(error(200, type, message));
    }

    @Override
    public String ping() {
        return ": ping\n\n";
    }
}
