package dev.remit.gateway.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How wires look at JSON.
final class JsonNodes {
    private JsonNodes() {}

    static boolean is(JsonNode node, String field, String value) {
        return node.path(field).asString("").equals(value);
    }

    static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }

    /// The first of two names that is there; vendors' gateways take both spellings of a field.
    static JsonNode either(JsonNode node, String name, String other) {
        return node.has(name) ? node.path(name) : node.path(other);
    }

    static int length(JsonNode text) {
        return text.stringValue().length();
    }

    static @Nullable Long whole(JsonNode number) {
        return number.isIntegralNumber() ? number.longValue() : null;
    }

    /// A text, or a list of them.
    static List<String> texts(JsonNode node) {
        if (node.isString()) {
            return List.of(node.stringValue());
        }
        var texts = new ArrayList<String>();
        node.forEach(n -> texts.add(n.asString("")));
        return texts;
    }

    static @Nullable String unknown(JsonNode object, Set<String> known) {
        for (var name : object.propertyNames()) {
            if (!known.contains(name)) {
                return name;
            }
        }
        return null;
    }

    /// Sets what is there, or null.
    static void copy(JsonNode from, String field, ObjectNode to) {
        to.set(field, from.has(field) ? from.required(field) : to.nullNode());
    }

    /// A schema whose types may be in capitals, with them in small letters.
    static JsonNode lower(JsonNode schema) {
        var copy = schema.deepCopy();
        lowerIn(copy);
        return copy;
    }

    private static void lowerIn(JsonNode schema) {
        if (schema instanceof ObjectNode object && object.path("type").isString()) {
            object.put("type", object.path("type").stringValue().toLowerCase(Locale.ROOT));
        }
        schema.forEach(JsonNodes::lowerIn);
    }
}
