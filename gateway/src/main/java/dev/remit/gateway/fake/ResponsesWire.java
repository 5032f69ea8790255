package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import dev.remit.core.model.Message.Part;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The Responses API, from the vendor's side. It keeps no response: what came before has to be in
/// the input.
///
/// Source: OpenAI's API reference, "Responses".
final class ResponsesWire extends OpenAi {
    @Override
    public void check(FakeRequest request) throws Refused {
        ResponsesChecks.check(request);
    }

    @Override
    public Asked asked(FakeRequest request) {
        var body = request.body();
        var tools = new ArrayList<Asked.Tool>();
        for (var tool : body.path("tools")) {
            if (JsonNodes.is(tool, "type", "function")) {
                tools.add(new Asked.Tool(JsonNodes.text(tool, "name"), tool.path("parameters")));
            }
        }
        var input = body.path("input");
        var format = body.path("text").path("format");
        var last = input.path(input.size() - 1);
        return new Asked(
                tools,
                ChatWire.choice(body.path("tool_choice")),
                switch (JsonNodes.text(format, "type")) {
                    case "json_schema" -> format.path("schema");
                    case "json_object" -> Json.object();
                    default -> null;
                },
                input.isString() ? input.stringValue() : ChatWire.lastText(input, "input_text"),
                JsonNodes.is(last, "type", "function_call_output"),
                JsonNodes.whole(body.path("max_output_tokens")),
                List.of(),
                1);
    }

    @Override
    public List<byte[]> stream(FakeRequest request, Said said) {
        return ResponsesStream.of(
                response(request, said, "in_progress"), items(request, said), whole(request, said));
    }

    @Override
    public byte[] errorEvent(FakeRequest request, String type, String message) {
        return Sse.named(
                "error",
                Json.object()
                        .put("type", "error")
                        .put("code", type)
                        .put("message", message)
                        .putNull("param")
                        .put("sequence_number", 0));
    }

    @Override
    public JsonNode whole(FakeRequest request, Said said) {
        var stop = said.stop("", "", "max_output_tokens", "", "content_filter");
        boolean incomplete = !stop.isEmpty() && !said.refused();
        var response = response(request, said, incomplete ? "incomplete" : "completed");
        if (incomplete) {
            response.putObject("incomplete_details").put("reason", stop);
        }
        var output = (ArrayNode) response.required("output");
        items(request, said).forEach(output::add);
        var usage = said.usage();
        var told = response.putObject("usage").put("input_tokens", read(usage));
        told.putObject("input_tokens_details").put("cached_tokens", usage.cacheRead());
        told.put("output_tokens", usage.output())
                .putObject("output_tokens_details")
                .put("reasoning_tokens", usage.reasoning());
        told.put("total_tokens", read(usage) + usage.output());
        return response;
    }

    /// Without its output and what it took.
    private static ObjectNode response(FakeRequest request, Said said, String status) {
        var body = request.body();
        var response =
                Json.object()
                        .put("id", "resp_" + said.id())
                        .put("object", "response")
                        .put("created_at", said.created())
                        .put("status", status)
                        .put("background", false)
                        .putNull("error")
                        .putNull("incomplete_details");
        for (var field :
                new String[] {
                    "instructions", "max_output_tokens", "previous_response_id", "user"
                }) {
            JsonNodes.copy(body, field, response);
        }
        response.put("model", said.model()).putArray("output");
        response.set("parallel_tool_calls", or(body, "parallel_tool_calls", "true"));
        response.set("reasoning", or(body, "reasoning", "{\"effort\":null,\"summary\":null}"));
        response.set("store", or(body, "store", "true"));
        response.set("temperature", or(body, "temperature", "1.0"));
        response.set("text", or(body, "text", "{\"format\":{\"type\":\"text\"}}"));
        response.set("tool_choice", or(body, "tool_choice", "\"auto\""));
        response.set("tools", or(body, "tools", "[]"));
        response.set("top_p", or(body, "top_p", "1.0"));
        response.put("truncation", "disabled").put("service_tier", "default").putNull("usage");
        response.set("metadata", or(body, "metadata", "{}"));
        return response;
    }

    private static JsonNode or(JsonNode body, String field, String otherwise) {
        return body.has(field) ? body.required(field) : Json.parse(otherwise);
    }

    private static List<ObjectNode> items(FakeRequest request, Said said) {
        var items = new ArrayList<ObjectNode>();
        boolean sealed =
                JsonNodes.texts(request.body().path("include"))
                        .contains("reasoning.encrypted_content");
        for (var part : said.parts()) {
            if (part instanceof Part.Reasoning(var thought, var signature)) {
                var item = item("rs_", said, items.size(), "reasoning");
                var summary = item.putArray("summary");
                if (!thought.isEmpty()) {
                    summary.addObject().put("type", "summary_text").put("text", thought);
                }
                if (sealed) {
                    item.put("encrypted_content", signature == null ? "gAAAAfake" : signature);
                }
                items.add(item);
            }
        }
        if (!said.text().isEmpty() || (said.parts().isEmpty() && said.answer() == null)) {
            items.add(message(said, items.size()));
        }
        for (var part : said.parts()) {
            if (part instanceof Part.ToolUse(var id, var tool, var arguments)) {
                items.add(
                        item("fc_", said, items.size(), "function_call")
                                .put("status", "completed")
                                .put("arguments", Json.write(arguments))
                                .put("call_id", id)
                                .put("name", tool));
            }
        }
        return items;
    }

    private static ObjectNode message(Said said, int index) {
        var message =
                item("msg_", said, index, "message")
                        .put(
                                "status",
                                said.stop().equals("max_tokens") ? "incomplete" : "completed")
                        .put("role", "assistant");
        var part = message.putArray("content").addObject();
        if (said.refused()) {
            part.put("type", "refusal").put("refusal", said.text());
        } else {
            part.put("type", "output_text").putArray("annotations");
            part.putArray("logprobs");
            part.put("text", said.text());
        }
        return message;
    }

    private static ObjectNode item(String kind, Said said, int index, String type) {
        return Json.object().put("id", kind + said.id() + "_" + index).put("type", type);
    }
}
