package dev.remit.gateway.fake;

import java.util.Base64;
import tools.jackson.databind.JsonNode;

/// What generateContent does not accept in a conversation.
final class Contents {
    private Contents() {}

    static void check(JsonNode contents, String model) throws Refused {
        Refused.unless(
                !contents.isEmpty(),
                "* GenerateContentRequest.contents: contents is not specified\n");
        int awaited = 0;
        for (int i = 0; i < contents.size(); i++) {
            var content = contents.path(i);
            var role = content.path("role").asString("user");
            Refused.unless(
                    role.equals("user") || role.equals("model") || role.equals("function"),
                    "Please use a valid role: user, model.");
            Refused.unless(
                    !content.path("parts").isEmpty(),
                    "* GenerateContentRequest.contents["
                            + i
                            + "].parts: contents.parts must not be empty.\n");
            int results = 0;
            int calls = 0;
            for (var part : content.path("parts")) {
                Refused.unless(
                        hasData(part),
                        "* GenerateContentRequest.contents["
                                + i
                                + "].parts[0].data: required oneof field 'data' must have one"
                                + " initialized field\n");
                results += has(part, "functionResponse", "function_response") ? 1 : 0;
                calls += has(part, "functionCall", "function_call") ? 1 : 0;
            }
            Refused.unless(
                    results == awaited,
                    "Please ensure that the number of function response parts is equal to the"
                            + " number of function call parts of the function call turn.");
            Refused.unless(
                    calls == 0 || (i > 0 && role.equals("model")),
                    "Please ensure that function call turn comes immediately after a user turn or"
                            + " after a function response turn.");
            awaited = calls;
        }
        Refused.unless(
                awaited == 0,
                "Please ensure that the number of function response parts is equal to the number of"
                        + " function call parts of the function call turn.");
        if (model.startsWith("gemini-3")) {
            signatures(contents);
        }
    }

    private static boolean has(JsonNode part, String camel, String snake) {
        return part.has(camel) || part.has(snake);
    }

    private static boolean hasData(JsonNode part) {
        return part.has("text")
                || has(part, "inlineData", "inline_data")
                || has(part, "fileData", "file_data")
                || has(part, "functionCall", "function_call")
                || has(part, "functionResponse", "function_response")
                || has(part, "executableCode", "executable_code")
                || has(part, "codeExecutionResult", "code_execution_result");
    }

    /// In what follows the last text of the user's, the first call of every turn has to carry the
    /// signature that it came with.
    ///
    /// Source: Google's "Thought signatures", "Strict function calling validation".
    private static void signatures(JsonNode contents) throws Refused {
        int from = 0;
        for (int i = 0; i < contents.size(); i++) {
            var first = contents.path(i).path("parts").path(0);
            if (first.has("text") && !JsonNodes.is(contents.path(i), "role", "model")) {
                from = i;
            }
        }
        for (int i = from; i < contents.size(); i++) {
            for (var part : contents.path(i).path("parts")) {
                if (has(part, "functionCall", "function_call")) {
                    signature(part, i);
                    break;
                }
            }
        }
    }

    private static void signature(JsonNode part, int content) throws Refused {
        var signature =
                JsonNodes.either(part, "thoughtSignature", "thought_signature").asString("");
        Refused.unless(
                !signature.isEmpty(),
                "Function call is missing a thought_signature in functionCall parts. This is"
                        + " required for tools to work correctly, and missing thought_signature may"
                        + " lead to degraded model performance. Additional data, function call in"
                        + " the "
                        + (content + 1)
                        + ". content block.");
        try {
            Base64.getDecoder().decode(signature.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException e) {
            throw Refused.invalid("Corrupted thought signature.");
        }
    }
}
