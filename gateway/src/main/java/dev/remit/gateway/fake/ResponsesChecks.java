package dev.remit.gateway.fake;

import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What the Responses API does not accept.
final class ResponsesChecks {
    private static final Set<String> FIELDS =
            Set.of(
                    "background",
                    "context_management",
                    "conversation",
                    "include",
                    "input",
                    "instructions",
                    "max_output_tokens",
                    "max_tool_calls",
                    "metadata",
                    "model",
                    "parallel_tool_calls",
                    "previous_response_id",
                    "prompt",
                    "prompt_cache_key",
                    "prompt_cache_retention",
                    "reasoning",
                    "safety_identifier",
                    "service_tier",
                    "store",
                    "stream",
                    "stream_options",
                    "temperature",
                    "text",
                    "tool_choice",
                    "tools",
                    "top_logprobs",
                    "top_p",
                    "truncation",
                    "user");
    private static final Set<String> ITEMS =
            Set.of(
                    "message",
                    "function_call",
                    "function_call_output",
                    "reasoning",
                    "item_reference",
                    "custom_tool_call",
                    "custom_tool_call_output");
    private static final Set<String> PARTS =
            Set.of("input_text", "input_image", "input_file", "output_text", "refusal");
    private static final int LEAST_TOKENS = 16;

    private ResponsesChecks() {}

    static void check(FakeRequest request) throws Refused {
        var body = request.body();
        for (var name : body.propertyNames()) {
            if (!FIELDS.contains(name)) {
                throw new Refused(
                        400, "Unknown parameter: '" + name + "'.", name, "unknown_parameter");
            }
        }
        if (request.model().isEmpty()) {
            throw OpenAi.missing("model");
        }
        var earlier = JsonNodes.text(body, "previous_response_id");
        if (!earlier.isEmpty()) { // it keeps none
            throw new Refused(
                    400,
                    "Previous response with id '" + earlier + "' not found.",
                    "previous_response_id",
                    "previous_response_not_found");
        }
        if (!body.has("input")) {
            throw OpenAi.missing("input");
        }
        var cap = JsonNodes.whole(body.path("max_output_tokens"));
        if (cap != null && cap < LEAST_TOKENS) {
            throw new Refused(
                    400,
                    "Invalid 'max_output_tokens': integer below minimum value. Expected a value >="
                            + " 16, but got "
                            + cap
                            + " instead.",
                    "max_output_tokens",
                    "integer_below_min_value");
        }
        tools(body.path("tools"));
        format(body.path("text").path("format"));
        input(body.path("input"));
    }

    private static void tools(JsonNode tools) throws Refused {
        for (int i = 0; i < tools.size(); i++) {
            var tool = tools.path(i);
            var at = "tools[" + i + "]";
            if (!JsonNodes.is(tool, "type", "function")) {
                continue;
            }
            if (!tool.has("name")) {
                throw OpenAi.missing(at + ".name");
            }
            if (!OpenAi.NAME.matcher(JsonNodes.text(tool, "name")).matches()) {
                throw Refused.invalid(
                        at + ".name", "Invalid '" + at + ".name': string does not match pattern.");
            }
            // unlike in Chat Completions, strict is what holds if nothing is said
            if (tool.path("strict").asBoolean(false)) {
                var name = "function '" + JsonNodes.text(tool, "name") + "'";
                StrictSchema.check(tool.path("parameters"), name, at + ".parameters");
            }
        }
    }

    private static void format(JsonNode format) throws Refused {
        if (JsonNodes.is(format, "type", "json_schema")) {
            if (!format.has("name")) {
                throw OpenAi.missing("text.format.name");
            }
            if (format.path("strict").asBoolean(false)) {
                var name = "response_format '" + JsonNodes.text(format, "name") + "'";
                StrictSchema.check(format.path("schema"), name, "text.format.schema");
            }
        }
    }

    private static void input(JsonNode input) throws Refused {
        Set<String> awaited = new LinkedHashSet<>();
        for (int i = 0; i < input.size(); i++) {
            var item = input.path(i);
            var at = "input[" + i + "]";
            var type = item.path("type").asString("message");
            var call = JsonNodes.text(item, "call_id");
            if (!ITEMS.contains(type)) {
                throw Refused.invalid(at, "Invalid value: '" + type + "'.");
            }
            switch (type) {
                case "message" -> parts(item, at);
                case "function_call", "custom_tool_call" -> awaited.add(call);
                case "function_call_output", "custom_tool_call_output" -> {
                    if (!awaited.remove(call)) {
                        throw Refused.invalid(
                                "input",
                                "No tool call found for function call output with call_id "
                                        + call
                                        + ".");
                    }
                }
                case "reasoning" -> {
                    if (!item.has("summary")) {
                        throw OpenAi.missing(at + ".summary");
                    }
                }
                default -> {}
            }
        }
        for (var call : awaited) {
            throw Refused.invalid("input", "No tool output found for function call " + call + ".");
        }
    }

    private static void parts(JsonNode message, String at) throws Refused {
        var content = message.path("content");
        if (!content.isString() && !content.isArray()) {
            throw OpenAi.missing(at + ".content");
        }
        boolean assistant = JsonNodes.is(message, "role", "assistant");
        for (int i = 0; i < content.size(); i++) {
            var type = JsonNodes.text(content.path(i), "type");
            boolean output = type.equals("output_text") || type.equals("refusal");
            if (!PARTS.contains(type) || output != assistant) {
                throw Refused.invalid(at + ".content[" + i + "]", "Invalid value: '" + type + "'.");
            }
        }
    }
}
