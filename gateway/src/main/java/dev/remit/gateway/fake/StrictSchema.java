package dev.remit.gateway.fake;

import java.util.HashSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What OpenAI asks of a schema that is to be kept strictly: every object is closed, and all its
/// properties are required.
///
/// Source: OpenAI's guide "Structured model outputs", "Supported schemas".
final class StrictSchema {
    private StrictSchema() {}

    static void check(JsonNode schema, String where, String param) throws Refused {
        var fault = fault(schema, "");
        if (fault != null) {
            throw new Refused(
                    400,
                    "Invalid schema for " + where + ": " + fault,
                    param,
                    param.startsWith("tools")
                            ? "invalid_function_parameters"
                            : "invalid_json_schema");
        }
    }

    private static @Nullable String fault(JsonNode schema, String context) {
        if (schema.has("properties") || JsonNodes.is(schema, "type", "object")) {
            var here = "In context=(" + context + "), ";
            if (schema.path("additionalProperties").asBoolean(true)) {
                return here + "'additionalProperties' is required to be supplied and to be false.";
            }
            var required = new HashSet<>(JsonNodes.texts(schema.path("required")));
            for (var name : schema.path("properties").propertyNames()) {
                if (!required.contains(name)) {
                    return here
                            + "'required' is required to be supplied and to be an array including"
                            + " every key in properties. Missing '"
                            + name
                            + "'.";
                }
            }
        }
        for (var child : schema.properties()) {
            if (child.getValue().isContainer()
                    && !child.getKey().equals("required")
                    && !child.getKey().equals("enum")) {
                var fault = below(child.getKey(), child.getValue(), context);
                if (fault != null) {
                    return fault;
                }
            }
        }
        return null;
    }

    private static @Nullable String below(String key, JsonNode child, String context) {
        var deeper = context.isEmpty() ? "'" + key + "'" : context + ", '" + key + "'";
        boolean several = child.isArray() || key.equals("properties") || key.equals("$defs");
        if (!several) {
            return fault(child, deeper);
        }
        for (var each : child) {
            var fault = fault(each, deeper);
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }
}
