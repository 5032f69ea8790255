package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import dev.remit.core.model.Message.Part;
import dev.remit.core.money.Usage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Chat Completions, from the vendor's side. Thoughts are told as compatible servers tell them, in
/// `reasoning_content`; OpenAI itself keeps them.
///
/// Source: OpenAI's API reference, "Chat Completions" and "Streaming".
final class ChatWire extends OpenAi {
    @Override
    public void check(FakeRequest request) throws Refused {
        ChatChecks.check(request);
    }

    @Override
    public Asked asked(FakeRequest request) {
        var body = request.body();
        var tools = new ArrayList<Asked.Tool>();
        for (var tool : body.path("tools")) {
            var function = tool.path("function");
            tools.add(
                    new Asked.Tool(JsonNodes.text(function, "name"), function.path("parameters")));
        }
        var format = body.path("response_format");
        var last = body.path("messages").path(body.path("messages").size() - 1);
        var cap = JsonNodes.whole(body.path("max_completion_tokens"));
        return new Asked(
                tools,
                choice(body.path("tool_choice")),
                switch (JsonNodes.text(format, "type")) {
                    case "json_schema" -> format.path("json_schema").path("schema");
                    case "json_object" -> Json.object();
                    default -> null;
                },
                lastText(body.path("messages"), "text"),
                JsonNodes.is(last, "role", "tool"),
                cap == null ? JsonNodes.whole(body.path("max_tokens")) : cap,
                JsonNodes.texts(body.path("stop")),
                Math.max(1, body.path("n").asInt(1)));
    }

    static Asked.Choice choice(JsonNode given) {
        return switch (given.asString("")) {
            case "none" -> Asked.Choice.NONE;
            case "required" -> Asked.Choice.ANY;
            default -> {
                var name =
                        JsonNodes.text(
                                given.has("function") ? given.path("function") : given, "name");
                yield name.isEmpty() ? Asked.Choice.AUTO : Asked.Choice.of(name);
            }
        };
    }

    /// The last text that a user said.
    static String lastText(JsonNode messages, String type) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            var message = messages.path(i);
            var content = message.path("content");
            if (JsonNodes.is(message, "role", "user")) {
                if (content.isString()) {
                    return content.stringValue();
                }
                var text = new StringBuilder();
                for (var part : content) {
                    text.append(
                            JsonNodes.is(part, "type", type) ? JsonNodes.text(part, "text") : "");
                }
                if (!text.isEmpty()) {
                    return text.toString();
                }
            }
        }
        return "";
    }

    @Override
    public List<byte[]> stream(FakeRequest request, Said said) {
        var events = new ArrayList<byte[]>();
        for (int choice = 0; choice < said.choices(); choice++) {
            choice(events, said, choice);
        }
        if (request.body().path("stream_options").path("include_usage").asBoolean(false)) {
            var last = head(said).put("object", "chat.completion.chunk");
            last.putArray("choices");
            last.set("usage", usage(said.usage()));
            events.add(Sse.data(last));
        }
        events.add(Sse.bytes("data: [DONE]\n\n"));
        return events;
    }

    private static void choice(List<byte[]> events, Said said, int choice) {
        var message = message(said);
        var role = Json.object().put("role", "assistant");
        role.set("content", message.required("content").isNull() ? role.nullNode() : Json.text(""));
        events.add(chunk(said, choice, role.putNull("refusal"), null));
        for (var field : new String[] {"reasoning_content", "content", "refusal"}) {
            for (var piece : Sse.pieces(message.path(field).asString(""))) {
                events.add(chunk(said, choice, Json.object().put(field, piece), null));
            }
        }
        var calls = message.path("tool_calls");
        for (int i = 0; i < calls.size(); i++) {
            call(events, said, choice, i, calls.path(i));
        }
        events.add(chunk(said, choice, Json.object(), stop(said)));
    }

    private static void call(List<byte[]> events, Said said, int choice, int index, JsonNode call) {
        var begun = (ObjectNode) call.deepCopy();
        begun.put("index", index);
        ((ObjectNode) begun.required("function")).put("arguments", "");
        var first = Json.object();
        first.putArray("tool_calls").add(begun);
        events.add(chunk(said, choice, first, null));
        for (var piece : Sse.pieces(call.at("/function/arguments").stringValue())) {
            var delta = Json.object();
            var more = delta.putArray("tool_calls").addObject().put("index", index);
            more.putObject("function").put("arguments", piece);
            events.add(chunk(said, choice, delta, null));
        }
    }

    private static byte[] chunk(Said said, int index, ObjectNode delta, @Nullable String stop) {
        var chunk = head(said).put("object", "chat.completion.chunk");
        var choice = chunk.putArray("choices").addObject().put("index", index);
        choice.set("delta", delta);
        choice.putNull("logprobs").put("finish_reason", stop);
        return Sse.data(chunk.putNull("usage"));
    }

    @Override
    public JsonNode whole(FakeRequest request, Said said) {
        var body = head(said).put("object", "chat.completion");
        var choices = body.putArray("choices");
        for (int i = 0; i < said.choices(); i++) {
            var choice = choices.addObject().put("index", i);
            choice.set("message", message(said));
            choice.putNull("logprobs").put("finish_reason", stop(said));
        }
        body.set("usage", usage(said.usage()));
        return body;
    }

    private static ObjectNode head(Said said) {
        return Json.object()
                .put("id", "chatcmpl-" + said.id())
                .put("created", said.created())
                .put("model", said.model())
                .put("service_tier", "default")
                .put("system_fingerprint", "fp_fake");
    }

    private static ObjectNode message(Said said) {
        var message = Json.object().put("role", "assistant");
        var calls = Json.array();
        for (var part : said.parts()) {
            if (part instanceof Part.Reasoning(var thought, var signature)) {
                message.put("reasoning_content", thought);
            } else if (part instanceof Part.ToolUse(var id, var tool, var arguments)) {
                var call = calls.addObject().put("id", id).put("type", "function");
                call.putObject("function")
                        .put("name", tool)
                        .put("arguments", Json.write(arguments));
            }
        }
        var text = said.text();
        message.put("content", text.isEmpty() || said.refused() ? null : text);
        message.put("refusal", said.refused() ? text : null);
        if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
        }
        return message;
    }

    private static String stop(Said said) {
        return said.refused()
                ? "stop"
                : said.stop("stop", "tool_calls", "length", "stop", "content_filter");
    }

    private static ObjectNode usage(Usage usage) {
        var prompt = read(usage);
        var told =
                Json.object()
                        .put("prompt_tokens", prompt)
                        .put("completion_tokens", usage.output())
                        .put("total_tokens", prompt + usage.output());
        told.putObject("prompt_tokens_details")
                .put("cached_tokens", usage.cacheRead())
                .put("audio_tokens", 0);
        told.putObject("completion_tokens_details")
                .put("reasoning_tokens", usage.reasoning())
                .put("audio_tokens", 0)
                .put("accepted_prediction_tokens", 0)
                .put("rejected_prediction_tokens", 0);
        return told;
    }
}
