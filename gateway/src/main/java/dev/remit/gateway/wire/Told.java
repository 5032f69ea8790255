package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Reads what a provider told. Fields nobody knows are passed over; what is missing counts as
/// nothing.
final class Told {
    private Told() {}

    static JsonNode object(byte[] body) throws Garbage {
        try {
            return mustBeObject(Strict.parse(body));
        } catch (JacksonException e) {
            throw new Garbage("The answer is no JSON: " + e.getOriginalMessage());
        }
    }

    static JsonNode object(String text) throws Garbage {
        try {
            return mustBeObject(Strict.parse(text));
        } catch (JacksonException e) {
            throw new Garbage("The answer is no JSON: " + e.getOriginalMessage());
        }
    }

    private static JsonNode mustBeObject(JsonNode node) throws Garbage {
        if (!node.isObject()) {
            throw new Garbage("The answer is no JSON object.");
        }
        return node;
    }

    /// The arguments of a call; none may be told as an empty text.
    static JsonNode arguments(String tool, String text) throws Garbage {
        if (text.isBlank()) {
            return Json.object();
        }
        try {
            var arguments = Strict.parse(text);
            if (arguments.isObject()) {
                return arguments;
            }
        } catch (JacksonException e) {
            // said below
        }
        throw new Garbage("The arguments of the call of `" + tool + "` are no JSON object.");
    }

    static String text(JsonNode node, String field) {
        var found = node.path(field);
        return found.isString() ? found.stringValue() : "";
    }

    /// A number of tokens.
    static long count(JsonNode node, String field) {
        var found = node.path(field);
        if (found.isString() && found.stringValue().matches("[0-9]{1,18}")) {
            return Long.parseLong(found.stringValue()); // as Google writes long ones
        }
        if (!found.isIntegralNumber() || !found.canConvertToLong()) {
            return 0;
        }
        return Math.clamp(found.longValue(), 0L, 1L << 50); // their sums must fit, too
    }
}
