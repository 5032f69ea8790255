package dev.remit.gateway.vendor;

import dev.remit.core.json.Json;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The schema of an answer as vendors take it: the schema of an object. Any other is put into a
/// field of one, and taken out of it again.
///
/// @param wire the schema as it is sent
/// @param wrapped whether the answer comes in the field `value`
public record AnswerSchema(JsonNode wire, boolean wrapped) {
    private static final String FIELD = "value";

    public static AnswerSchema of(JsonNode schema) {
        if (schema instanceof ObjectNode object && isOfObject(object)) {
            var wire = object.deepCopy();
            wire.remove(List.of("$schema", "$id"));
            return new AnswerSchema(wire.put("type", "object"), false);
        }
        var inner = schema.deepCopy();
        var wire = Json.object().put("type", "object").put("additionalProperties", false);
        if (inner instanceof ObjectNode object) {
            object.remove(List.of("$schema", "$id"));
            var definitions = object.remove("$defs"); // `#/$defs/…` must still be found
            if (definitions != null) {
                wire.set("$defs", definitions);
            }
        }
        wire.putArray("required").add(FIELD);
        wire.putObject("properties").set(FIELD, inner);
        return new AnswerSchema(wire, true);
    }

    private static boolean isOfObject(ObjectNode schema) {
        var type = schema.get("type");
        return type == null ? schema.has("properties") : type.asString("").equals("object");
    }

    /// The answer itself. What does not have the field is taken to be the answer: the model left
    /// the wrapping out.
    public JsonNode unwrap(JsonNode answer) {
        return wrapped && answer.has(FIELD) && answer.size() == 1 ? answer.required(FIELD) : answer;
    }

    String inWords() {
        return "Give your final answer as one JSON value and nothing else: no words around it, no"
                + " Markdown. It must satisfy this JSON Schema:\n"
                + Json.write(wire);
    }

    // ---- OpenAI's strict mode

    private static final Set<String> STRICT_KEYWORDS =
            Set.of(
                    "type",
                    "properties",
                    "required",
                    "additionalProperties",
                    "items",
                    "enum",
                    "const",
                    "anyOf",
                    "$ref",
                    "$defs",
                    "title",
                    "description",
                    "pattern",
                    "format",
                    "minimum",
                    "maximum",
                    "exclusiveMinimum",
                    "exclusiveMaximum",
                    "multipleOf",
                    "minItems",
                    "maxItems");
    private static final Set<String> STRICT_FORMATS =
            Set.of(
                    "date-time",
                    "time",
                    "date",
                    "duration",
                    "email",
                    "hostname",
                    "ipv4",
                    "ipv6",
                    "uuid");
    private static final int STRICT_DEPTH = 10;

    /// Whether OpenAI's strict mode takes it: every object closed and every field required, and
    /// none of the keywords that it does not know.
    public boolean isStrict() {
        return !wire.has("anyOf") && isStrict(wire, 0);
    }

    private static boolean isStrict(JsonNode schema, int depth) {
        if (!(schema instanceof ObjectNode object) || depth > STRICT_DEPTH) {
            return false;
        }
        if (!STRICT_KEYWORDS.containsAll(object.propertyNames())) {
            return false;
        }
        if (object.has("format") && !STRICT_FORMATS.contains(object.path("format").asString(""))) {
            return false;
        }
        return isClosed(object)
                && allStrict(object.path("properties"), depth + 1)
                && allStrict(object.path("$defs"), depth)
                && allStrict(object.path("anyOf"), depth)
                && (!object.has("items") || isStrict(object.path("items"), depth + 1));
    }

    private static boolean allStrict(JsonNode schemas, int depth) {
        return schemas.values().stream().allMatch(s -> isStrict(s, depth));
    }

    private static boolean isClosed(ObjectNode schema) {
        var type = schema.path("type");
        var isObject =
                type.asString("").equals("object")
                        || schema.has("properties")
                        || type.values().stream().anyMatch(t -> t.asString("").equals("object"));
        if (!isObject) {
            return true;
        }
        var extra = schema.path("additionalProperties");
        var required =
                schema.path("required").values().stream()
                        .map(r -> r.asString(""))
                        .collect(Collectors.toSet());
        return extra.isBoolean()
                && !extra.booleanValue()
                && required.containsAll(schema.path("properties").propertyNames());
    }
}
