package dev.remit.store.money;

import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Takes a prompt apart, so that what many prompts share is stored once: each turn of a
/// conversation sends all turns before it again. A large field, or a large element of a list that
/// is a field, is replaced by `{"$part": hash}`. What looks like such a name by itself is stored as
/// it is, inside a part of its own.
final class Parts {
    /// Bytes below which a name is no shorter than what it names.
    private static final int SMALL = 256;

    private static final String NAME = "$part";

    private Parts() {}

    /// @param parts gets what the result names, by hash
    /// @return what is left, to be stored as a part as well
    static JsonNode split(JsonNode value, Map<Hash, byte[]> parts) {
        if (!(value instanceof ObjectNode object)) {
            return value;
        }
        var rest = Json.object();
        for (var field : object.properties()) {
            rest.set(
                    field.getKey(),
                    field.getValue() instanceof ArrayNode list
                            ? list(list, parts)
                            : part(field.getValue(), parts));
        }
        return rest;
    }

    private static JsonNode list(ArrayNode list, Map<Hash, byte[]> parts) {
        var rest = Json.array();
        for (var element : list) {
            rest.add(part(element, parts));
        }
        return rest;
    }

    private static JsonNode part(JsonNode value, Map<Hash, byte[]> parts) {
        boolean named = isName(value);
        if (!named && !mayBeLarge(value)) {
            return value;
        }
        var bytes = Json.mapper().writeValueAsBytes(value);
        return named || bytes.length >= SMALL
                ? Json.object().put(NAME, put(bytes, parts).hex())
                : value;
    }

    private static boolean mayBeLarge(JsonNode value) {
        return value.isContainer() || (value.isString() && value.stringValue().length() >= SMALL);
    }

    /// Stores a value.
    static Hash put(JsonNode value, Map<Hash, byte[]> parts) {
        return put(Json.mapper().writeValueAsBytes(value), parts);
    }

    private static Hash put(byte[] bytes, Map<Hash, byte[]> parts) {
        var hash = Hash.of(bytes);
        parts.put(hash, bytes);
        return hash;
    }

    private static boolean isName(JsonNode value) {
        return value instanceof ObjectNode object && object.size() == 1 && object.has(NAME);
    }

    /// Finds the names in what [#split] left.
    static void names(JsonNode rest, List<String> names) {
        if (rest instanceof ObjectNode object) {
            for (var field : object) {
                if (isName(field)) {
                    names.add(field.required(NAME).stringValue());
                } else if (field instanceof ArrayNode list) {
                    for (var element : list) {
                        if (isName(element)) {
                            names.add(element.required(NAME).stringValue());
                        }
                    }
                }
            }
        }
    }

    /// Puts it together again. A part that is missing stays a name.
    static JsonNode join(JsonNode rest, Map<String, JsonNode> parts) {
        if (!(rest instanceof ObjectNode object)) {
            return rest;
        }
        var whole = Json.object();
        for (var field : object.properties()) {
            if (field.getValue() instanceof ArrayNode list) {
                var elements = Json.array();
                list.forEach(element -> elements.add(resolved(element, parts)));
                whole.set(field.getKey(), elements);
            } else {
                whole.set(field.getKey(), resolved(field.getValue(), parts));
            }
        }
        return whole;
    }

    private static JsonNode resolved(JsonNode value, Map<String, JsonNode> parts) {
        return isName(value)
                ? parts.getOrDefault(value.required(NAME).stringValue(), value)
                : value;
    }
}
