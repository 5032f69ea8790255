package dev.remit.gateway.fake;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What Chat Completions does not accept.
final class ChatChecks {
    private static final Set<String> FIELDS =
            Set.of(
                    "audio",
                    "frequency_penalty",
                    "function_call",
                    "functions",
                    "logit_bias",
                    "logprobs",
                    "max_completion_tokens",
                    "max_tokens",
                    "messages",
                    "metadata",
                    "modalities",
                    "model",
                    "n",
                    "parallel_tool_calls",
                    "prediction",
                    "presence_penalty",
                    "prompt_cache_key",
                    "prompt_cache_retention",
                    "reasoning_effort",
                    "response_format",
                    "safety_identifier",
                    "seed",
                    "service_tier",
                    "stop",
                    "store",
                    "stream",
                    "stream_options",
                    "temperature",
                    "tool_choice",
                    "tools",
                    "top_logprobs",
                    "top_p",
                    "user",
                    "verbosity",
                    "web_search_options");
    private static final Set<String> ROLES =
            Set.of("system", "developer", "user", "assistant", "tool", "function");
    private static final Set<String> PARTS =
            Set.of("text", "image_url", "input_audio", "file", "refusal");

    private ChatChecks() {}

    static void check(FakeRequest request) throws Refused {
        var body = request.body();
        var unknown = JsonNodes.unknown(body, FIELDS);
        if (unknown != null) {
            throw OpenAi.unknownField(unknown);
        }
        Refused.unless(!request.model().isEmpty(), "you must provide a model parameter");
        if (!body.has("messages")) {
            throw OpenAi.missing("messages");
        }
        numbers(request);
        tools(body);
        format(body);
        messages(body.path("messages"));
    }

    private static void numbers(FakeRequest request) throws Refused {
        var body = request.body();
        if (body.has("max_tokens") && OpenAi.isReasoning(request.model())) {
            throw OpenAi.unsupported(
                    "max_tokens",
                    "Unsupported parameter: 'max_tokens' is not supported with this model. Use"
                            + " 'max_completion_tokens' instead.");
        }
        for (var cap : new String[] {"max_tokens", "max_completion_tokens", "n"}) {
            if (body.path(cap).isNumber() && body.path(cap).asDouble() < 1) {
                throw new Refused(
                        400,
                        "Invalid '"
                                + cap
                                + "': integer below minimum value. Expected a value >= 1, but got "
                                + body.path(cap)
                                + " instead.",
                        cap,
                        "integer_below_min_value");
            }
        }
        var temperature = body.path("temperature").asDouble(1);
        if (temperature < 0 || temperature > 2) {
            throw new Refused(
                    400,
                    "Invalid 'temperature': decimal out of range. Expected a value between 0 and 2.",
                    "temperature",
                    "decimal_above_max_value");
        }
        if (body.path("stop").size() > 4) {
            throw Refused.invalid(
                    "stop",
                    "Invalid 'stop': array too long. Expected an array with maximum length 4.");
        }
        if (body.path("stream_options").isObject() && !request.streams()) {
            throw Refused.invalid(
                    "stream_options",
                    "The 'stream_options' parameter is only allowed when 'stream' is enabled.");
        }
    }

    private static void tools(JsonNode body) throws Refused {
        var tools = body.path("tools");
        for (var only : new String[] {"tool_choice", "parallel_tool_calls"}) {
            var given = body.path(only);
            boolean none = given.isMissingNode() || given.isNull() || is(given, "none");
            if (tools.isEmpty() && !none) {
                throw Refused.invalid(
                        only, "'" + only + "' is only allowed when 'tools' are specified.");
            }
        }
        for (int i = 0; i < tools.size(); i++) {
            var function = tools.path(i).path("function");
            var at = "tools[" + i + "].function";
            if (JsonNodes.is(tools.path(i), "type", "custom")) {
                continue;
            }
            if (!OpenAi.NAME.matcher(JsonNodes.text(function, "name")).matches()) {
                throw Refused.invalid(
                        at + ".name",
                        "Invalid '"
                                + at
                                + ".name': string does not match pattern. Expected a string that"
                                + " matches the pattern '^[a-zA-Z0-9_-]+$'.");
            }
            if (function.path("strict").asBoolean(false)) {
                var name = "function '" + JsonNodes.text(function, "name") + "'";
                StrictSchema.check(function.path("parameters"), name, at + ".parameters");
            }
        }
    }

    private static boolean is(JsonNode node, String text) {
        return node.asString("").equals(text);
    }

    private static void format(JsonNode body) throws Refused {
        var format = body.path("response_format");
        switch (JsonNodes.text(format, "type")) {
            case "json_schema" -> {
                var schema = format.path("json_schema");
                if (!schema.has("name")) {
                    throw OpenAi.missing("response_format.json_schema.name");
                }
                if (schema.path("strict").asBoolean(false)) {
                    var name = "response_format '" + JsonNodes.text(schema, "name") + "'";
                    StrictSchema.check(schema.path("schema"), name, "response_format");
                }
            }
            case "json_object" -> {
                if (!body.path("messages").toString().toLowerCase(Locale.ROOT).contains("json")) {
                    throw Refused.invalid(
                            "messages",
                            "'messages' must contain the word 'json' in some form, to use"
                                    + " 'response_format' of type 'json_object'.");
                }
            }
            default -> {}
        }
    }

    private static void messages(JsonNode messages) throws Refused {
        Set<String> awaited = new LinkedHashSet<>();
        for (int i = 0; i < messages.size(); i++) {
            var message = messages.path(i);
            var at = "messages[" + i + "]";
            var role = JsonNodes.text(message, "role");
            if (!ROLES.contains(role)) {
                throw Refused.invalid(at + ".role", "Invalid value: '" + role + "'.");
            }
            if (role.equals("tool")) {
                if (!awaited.remove(JsonNodes.text(message, "tool_call_id"))) {
                    throw Refused.invalid(
                            at + ".role",
                            "Invalid parameter: messages with role 'tool' must be a response to a"
                                    + " preceeding message with 'tool_calls'.");
                }
            } else {
                answered(awaited, at);
            }
            content(message, role, at);
            for (var call : message.path("tool_calls")) {
                awaited.add(JsonNodes.text(call, "id"));
                if (!JsonNodes.is(call, "type", "custom")
                        && !call.path("function").path("arguments").isString()) {
                    throw Refused.invalid(
                            at + ".tool_calls[0].function.arguments",
                            "Invalid type for '"
                                    + at
                                    + ".tool_calls[0].function.arguments': expected a string.");
                }
            }
        }
        if (messages.isEmpty()) {
            throw new Refused(
                    400,
                    "Invalid 'messages': empty array. Expected an array with minimum length 1, but"
                            + " got an empty array instead.",
                    "messages",
                    "empty_array");
        }
        answered(awaited, "messages");
    }

    private static void answered(Set<String> awaited, String at) throws Refused {
        if (!awaited.isEmpty()) {
            throw Refused.invalid(
                    at,
                    "An assistant message with 'tool_calls' must be followed by tool messages"
                            + " responding to each 'tool_call_id'. The following tool_call_ids did"
                            + " not have response messages: "
                            + String.join(", ", awaited));
        }
    }

    private static void content(JsonNode message, String role, String at) throws Refused {
        var content = message.path("content");
        boolean none = content.isMissingNode() || content.isNull();
        if (none && role.equals("assistant")) {
            return;
        }
        if (!content.isString() && !content.isArray()) {
            throw Refused.invalid(
                    at + ".content",
                    "Invalid value for 'content': expected a string, got "
                            + (none
                                    ? "null"
                                    : content.getNodeType().name().toLowerCase(Locale.ROOT))
                            + ".");
        }
        var allowed = new HashSet<>(role.equals("user") ? PARTS : Set.of("text"));
        if (role.equals("assistant")) {
            allowed.add("refusal");
        }
        for (var part : content) {
            if (part.isObject() && !allowed.contains(JsonNodes.text(part, "type"))) {
                throw Refused.invalid(
                        at + ".content", "Invalid value: '" + JsonNodes.text(part, "type") + "'.");
            }
        }
    }
}
