package dev.remit.gateway.fake;

import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What generateContent does not accept. Names may be written in camel case or in snake case, as in
/// all of Google's JSON.
final class GenerateChecks {
    private static final Set<String> FIELDS =
            Set.of(
                    "cachedContent",
                    "contents",
                    "generationConfig",
                    "labels",
                    "model",
                    "safetySettings",
                    "serviceTier",
                    "store",
                    "systemInstruction",
                    "toolConfig",
                    "tools");
    private static final Set<String> CONFIG =
            Set.of(
                    "_responseJsonSchema",
                    "audioTimestamp",
                    "candidateCount",
                    "enableEnhancedCivicAnswers",
                    "frequencyPenalty",
                    "imageConfig",
                    "logprobs",
                    "maxOutputTokens",
                    "mediaResolution",
                    "presencePenalty",
                    "responseJsonSchema",
                    "responseLogprobs",
                    "responseMimeType",
                    "responseModalities",
                    "responseSchema",
                    "routingConfig",
                    "seed",
                    "speechConfig",
                    "stopSequences",
                    "temperature",
                    "thinkingConfig",
                    "topK",
                    "topP");
    private static final Set<String> SCHEMA =
            Set.of(
                    "anyOf",
                    "default",
                    "description",
                    "enum",
                    "example",
                    "format",
                    "items",
                    "maxItems",
                    "maxLength",
                    "maxProperties",
                    "maximum",
                    "minItems",
                    "minLength",
                    "minProperties",
                    "minimum",
                    "nullable",
                    "pattern",
                    "properties",
                    "propertyOrdering",
                    "required",
                    "title",
                    "type");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}");

    private GenerateChecks() {}

    static void check(JsonNode body, String model) throws Refused {
        known(body, FIELDS, "");
        var config = JsonNodes.either(body, "generationConfig", "generation_config");
        known(config, CONFIG, "generation_config");
        var schema = JsonNodes.either(config, "responseSchema", "response_schema");
        schema(schema, "generation_config.response_schema");
        boolean json =
                JsonNodes.either(config, "responseMimeType", "response_mime_type")
                        .asString("")
                        .equals("application/json");
        Refused.unless(
                json || schema.isMissingNode(),
                "* GenerateContentRequest.generation_config.response_schema: only allowed when"
                        + " response_mime_type is application/json");
        boolean functions = functions(body.path("tools"));
        Refused.unless(
                !json || !functions || model.startsWith("gemini-3"),
                "Function calling with a response mime type: 'application/json' is unsupported");
        Contents.check(body.path("contents"), model);
    }

    private static void known(JsonNode object, Set<String> known, String at) throws Refused {
        for (var name : object.propertyNames()) {
            if (!known.contains(camel(name))) {
                throw Gemini.unknownField(name, at);
            }
        }
    }

    private static String camel(String name) {
        if (name.indexOf('_') < 1) {
            return name;
        }
        var camel = new StringBuilder();
        boolean raised = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '_') {
                camel.append(raised ? Character.toUpperCase(c) : c);
            }
            raised = c == '_';
        }
        return camel.toString();
    }

    /// @return whether any function is declared
    private static boolean functions(JsonNode tools) throws Refused {
        boolean any = false;
        for (int i = 0; i < tools.size(); i++) {
            var list =
                    JsonNodes.either(
                            tools.path(i), "functionDeclarations", "function_declarations");
            for (int j = 0; j < list.size(); j++) {
                var at = "tools[" + i + "].function_declarations[" + j + "]";
                any = true;
                Refused.unless(
                        NAME.matcher(JsonNodes.text(list.path(j), "name")).matches(),
                        "* GenerateContentRequest."
                                + at
                                + ".name: Invalid function name. Must start with a letter or an"
                                + " underscore. Must be alphanumeric (a-z, A-Z, 0-9), underscores"
                                + " (_), dots (.), colons (:), or dashes (-), with a maximum length"
                                + " of 64.");
                schema(list.path(j).path("parameters"), at + ".parameters");
            }
        }
        return any;
    }

    /// This vendor's schemas are a part of JSON Schema's; what it does not know, it refuses.
    private static void schema(JsonNode schema, String at) throws Refused {
        known(schema, SCHEMA, at);
        for (var property : schema.path("properties").properties()) {
            schema(property.getValue(), at + ".properties[0].value");
        }
        if (schema.path("items").isObject()) {
            schema(schema.path("items"), at + ".items");
        }
        for (var option : JsonNodes.either(schema, "anyOf", "any_of")) {
            schema(option, at + ".any_of[0]");
        }
    }
}
