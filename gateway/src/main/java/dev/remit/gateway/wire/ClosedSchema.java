package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Schemas as the vendors enforce them: objects are closed, and some keywords are not known. Both
/// vendors list what they take under "Structured outputs".
final class ClosedSchema {
    private static final int DEEPEST = 60;

    /// What Anthropic enforces; all else is said in the description, as its own clients do.
    private static final Set<String> ENFORCED =
            Set.of(
                    "type",
                    "properties",
                    "required",
                    "additionalProperties",
                    "items",
                    "enum",
                    "const",
                    "anyOf",
                    "allOf",
                    "$ref",
                    "$defs",
                    "definitions",
                    "title",
                    "description",
                    "default",
                    "format");

    private static final Set<String> FORMATS =
            Set.of(
                    "date-time",
                    "time",
                    "date",
                    "duration",
                    "email",
                    "hostname",
                    "uri",
                    "ipv4",
                    "ipv6",
                    "uuid");
    private static final List<String> WORDLESS = List.of("$schema", "$id");

    private ClosedSchema() {}

    /// The schema as Anthropic takes it. A value that satisfies it satisfies the original one, as
    /// far as the vendor can enforce it.
    ///
    /// @return absent if it has objects of unknown names, or is of no object: it cannot be said
    static @Nullable ObjectNode anthropic(JsonNode schema) {
        return schema instanceof ObjectNode object
                        && (isObject(object) || object.has("anyOf") || object.has("$ref"))
                        && canClose(object, 0)
                ? closed(object)
                : null;
    }

    private static boolean isObject(JsonNode schema) {
        return schema.path("type").asString("").equals("object") || schema.has("properties");
    }

    private static boolean canClose(JsonNode schema, int depth) {
        if (depth > DEEPEST || !schema.isObject()) {
            return false;
        }
        var extra = schema.path("additionalProperties");
        if (extra.isObject() || schema.has("patternProperties") || schema.has("oneOf")) {
            return false;
        }
        if (isObject(schema) && !schema.has("properties") && !extra.isBoolean()) {
            return false; // any object at all
        }
        var inner = new ArrayList<JsonNode>();
        for (var named : List.of("properties", "$defs", "definitions")) {
            inner.addAll(schema.path(named).values().stream().toList());
        }
        for (var listed : List.of("anyOf", "allOf")) {
            inner.addAll(schema.path(listed).values().stream().toList());
        }
        if (schema.has("items")) {
            inner.add(schema.path("items"));
        }
        return inner.stream().allMatch(s -> canClose(s, depth + 1));
    }

    private static ObjectNode closed(JsonNode schema) {
        var closed = Json.object();
        var said = Json.object();
        for (var member : schema.properties()) {
            var name = member.getKey();
            var value = member.getValue();
            switch (name) {
                case "properties", "$defs", "definitions" -> {
                    var inner = closed.putObject(name);
                    value.properties().forEach(p -> inner.set(p.getKey(), closed(p.getValue())));
                }
                case "anyOf", "allOf" -> {
                    var inner = closed.putArray(name);
                    value.values().forEach(v -> inner.add(closed(v)));
                }
                case "items" -> closed.set(name, closed(value));
                default -> {
                    var known = ENFORCED.contains(name);
                    if (known && !(name.equals("format") && !isFormat(value))) {
                        closed.set(name, value);
                    } else if (!WORDLESS.contains(name)) {
                        said.set(name, value);
                    }
                }
            }
        }
        if (isObject(schema)) {
            closed.put("type", "object").put("additionalProperties", false);
        }
        if (!said.isEmpty()) {
            var before = closed.path("description").asString("");
            closed.put("description", (before.isEmpty() ? "" : before + "\n\n") + Json.write(said));
        }
        return closed;
    }

    private static boolean isFormat(JsonNode format) {
        return FORMATS.contains(format.asString(""));
    }

    /// Whether OpenAI's strict mode takes it: every object closed, and every field required.
    static boolean isOpenAi(JsonNode schema) {
        return isObject(schema) && isOpenAi(schema, 0);
    }

    private static boolean isOpenAi(JsonNode schema, int depth) {
        if (depth > DEEPEST
                || !schema.isObject()
                || schema.has("oneOf")
                || schema.has("allOf")
                || schema.has("patternProperties")) {
            return false;
        }
        if (isObject(schema) && !isClosed(schema)) {
            return false;
        }
        for (var named : List.of("properties", "$defs", "anyOf")) {
            for (var inner : schema.path(named).values()) {
                if (!isOpenAi(inner, depth + 1)) {
                    return false;
                }
            }
        }
        return !schema.has("items") || isOpenAi(schema.path("items"), depth + 1);
    }

    private static boolean isClosed(JsonNode schema) {
        var extra = schema.path("additionalProperties");
        var required =
                schema.path("required").values().stream()
                        .map(name -> name.asString(""))
                        .collect(Collectors.toSet());
        return extra.isBoolean()
                && !extra.booleanValue()
                && required.containsAll(schema.path("properties").propertyNames());
    }
}
