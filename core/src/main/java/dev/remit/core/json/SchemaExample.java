package dev.remit.core.json;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Makes a schema from examples of one value.
final class SchemaExample {
    private SchemaExample() {}

    static JsonNode derive(JsonNode example) {
        return derive(List.of(example));
    }

    private static JsonNode derive(List<JsonNode> examples) {
        var known = examples.stream().filter(e -> !e.isNull()).toList();
        var types = new TreeSet<String>();
        known.forEach(e -> types.add(type(e)));
        if (types.contains("number")) {
            types.remove("integer");
        }
        if (known.size() < examples.size()) {
            types.add("null");
        }
        var schema = Json.object();
        if (known.isEmpty()) {
            return schema; // an example of nothing says nothing
        }
        if (types.size() == 1) {
            schema.put("type", types.getFirst());
        } else {
            types.forEach(schema.putArray("type")::add);
        }
        if (types.contains("object")) {
            object(schema, known.stream().filter(ObjectNode.class::isInstance).toList());
        }
        if (types.contains("array")) {
            var elements =
                    known.stream()
                            .filter(ArrayNode.class::isInstance)
                            .flatMap(list -> list.valueStream())
                            .toList();
            if (!elements.isEmpty()) {
                schema.set("items", derive(elements));
            }
        }
        return schema;
    }

    private static void object(ObjectNode schema, List<JsonNode> examples) {
        Set<String> names = new LinkedHashSet<>();
        examples.forEach(e -> names.addAll(e.propertyNames()));
        var properties = schema.putObject("properties");
        var required = Json.array();
        for (var name : names) {
            var values = examples.stream().filter(e -> e.has(name)).map(e -> e.get(name)).toList();
            properties.set(name, derive(values));
            if (values.size() == examples.size()) {
                required.add(name);
            }
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        schema.put("additionalProperties", false);
    }

    private static String type(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "object";
            case ARRAY -> "array";
            case BOOLEAN -> "boolean";
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            case STRING, BINARY, POJO, MISSING -> "string";
            case NULL -> "null";
        };
    }
}
