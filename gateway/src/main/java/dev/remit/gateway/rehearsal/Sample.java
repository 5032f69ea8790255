package dev.remit.gateway.rehearsal;

import dev.remit.core.json.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A smallest value that a JSON Schema takes, as far as that can be told without solving riddles: a
/// `pattern` is met only by the schema's own example. Its texts say that they are rehearsed.
public final class Sample {
    private static final int DEEPEST = 24;
    private final JsonNode root;

    private Sample(JsonNode root) {
        this.root = root;
    }

    public static JsonNode of(JsonNode schema) {
        return new Sample(schema).of(schema, "answer", 0);
    }

    /// @param name of the field that it is for
    private JsonNode of(JsonNode given, String name, int depth) {
        var schema = resolved(given, depth);
        var fixed = fixed(schema);
        if (fixed != null) {
            return fixed;
        }
        if (depth > DEEPEST) {
            return Json.mapper().nullNode();
        }
        for (var keyword : new String[] {"anyOf", "oneOf"}) {
            var first = schema.path(keyword).get(0);
            if (first != null) {
                return of(
                        merged(without(schema, keyword), resolved(first, depth)), name, depth + 1);
            }
        }
        return switch (type(schema)) {
            case "object" -> object(schema, depth);
            case "array" -> array(schema, name, depth);
            case "string" -> text(schema, name);
            case "integer", "number" -> number(schema);
            case "boolean" -> Json.mapper().getNodeFactory().booleanNode(false);
            default -> Json.mapper().nullNode();
        };
    }

    private static @Nullable JsonNode fixed(JsonNode schema) {
        if (schema.has("const")) {
            return schema.path("const");
        }
        return schema.path("enum").get(0);
    }

    /// With what it refers to, and all of its `allOf`, in one.
    private JsonNode resolved(JsonNode given, int depth) {
        var schema = given;
        for (int i = 0; i < DEEPEST && schema.path("$ref").isString(); i++) {
            var pointer = schema.path("$ref").stringValue();
            var target = pointer.startsWith("#") ? root.at(pointer.substring(1)) : root;
            schema = merged(without(schema, "$ref"), target);
        }
        var all = schema.path("allOf");
        if (!all.isEmpty() && depth <= DEEPEST) {
            var merged = without(schema, "allOf");
            for (var part : all) {
                merged = merged(merged, resolved(part, depth + 1));
            }
            return merged;
        }
        return schema;
    }

    private static JsonNode without(JsonNode schema, String keyword) {
        var copy = schema.deepCopy();
        if (copy instanceof ObjectNode object) {
            object.remove(keyword);
        }
        return copy;
    }

    private static JsonNode merged(JsonNode a, JsonNode b) {
        if (!(a instanceof ObjectNode) || !(b instanceof ObjectNode)) {
            return a instanceof ObjectNode && !a.isEmpty() ? a : b;
        }
        var both = (ObjectNode) a.deepCopy();
        for (var property : b.properties()) {
            var known = both.get(property.getKey());
            var more = property.getValue();
            if (known instanceof ObjectNode object && more.isObject()) {
                both.set(property.getKey(), merged(object, more));
            } else if (known != null && known.isArray() && property.getKey().equals("required")) {
                var names = Json.array().addAll(known.values()).addAll(more.values());
                both.set(property.getKey(), names);
            } else {
                both.set(property.getKey(), more);
            }
        }
        return both;
    }

    private static String type(JsonNode schema) {
        var type = schema.path("type");
        if (type.isArray() && !type.isEmpty()) {
            return type.path(0).asString("");
        }
        if (type.isString()) {
            return type.stringValue();
        }
        if (schema.has("properties") || schema.has("required")) {
            return "object";
        }
        return schema.has("items") ? "array" : "string";
    }

    private JsonNode object(JsonNode schema, int depth) {
        var object = Json.object();
        var properties = schema.path("properties");
        for (var required : schema.path("required")) {
            var name = required.asString("");
            object.set(name, of(properties.path(name), name, depth + 1));
        }
        return object;
    }

    private JsonNode array(JsonNode schema, String name, int depth) {
        var array = Json.array();
        var first = schema.path("prefixItems");
        for (int i = 0; i < Math.min(1000, schema.path("minItems").asInt(0)); i++) {
            array.add(of(i < first.size() ? first.path(i) : schema.path("items"), name, depth + 1));
        }
        return array;
    }

    private static JsonNode text(JsonNode schema, String name) {
        var example = schema.path("examples").path(0);
        if (schema.has("pattern") || schema.has("format")) {
            if (example.isString() || schema.path("default").isString()) {
                return example.isString() ? example : schema.path("default");
            }
        }
        var text = format(schema.path("format").asString(""));
        if (text == null) {
            text = "rehearsal: " + name.replace('_', ' ');
        }
        var longest = schema.path("maxLength").asInt(Integer.MAX_VALUE);
        var shortest = Math.min(10_000, schema.path("minLength").asInt(0));
        text += ".".repeat(Math.max(0, shortest - text.length()));
        return Json.text(text.length() > longest ? text.substring(0, longest) : text);
    }

    private static @Nullable String format(String format) {
        return switch (format) {
            case "date-time" -> "2000-01-01T00:00:00Z";
            case "date" -> "2000-01-01";
            case "time" -> "00:00:00Z";
            case "duration" -> "PT0S";
            case "email" -> "rehearsal@example.invalid";
            case "hostname" -> "example.invalid";
            case "uri", "uri-reference" -> "https://example.invalid/rehearsal";
            case "uuid" -> "00000000-0000-0000-0000-000000000000";
            case "ipv4" -> "192.0.2.1";
            case "ipv6" -> "2001:db8::1";
            default -> null;
        };
    }

    /// Nothing if that is allowed, else the bound that it breaks.
    private static JsonNode number(JsonNode schema) {
        var step =
                schema.path("multipleOf").isNumber()
                        ? schema.path("multipleOf").decimalValue()
                        : BigDecimal.ONE;
        var value = BigDecimal.ZERO;
        var least = bound(schema, "minimum", "exclusiveMinimum", step, RoundingMode.CEILING);
        var most = bound(schema, "maximum", "exclusiveMaximum", step.negate(), RoundingMode.FLOOR);
        if (least != null && least.signum() > 0) {
            value = least;
        } else if (most != null && most.signum() < 0) {
            value = most;
        }
        if (least != null && most != null && least.compareTo(most) > 0) {
            value = between(schema); // no multiple of the step, such as for 0 < x < 1
        }
        return type(schema).equals("integer") ? Json.tree(value.toBigInteger()) : Json.tree(value);
    }

    private static @Nullable BigDecimal bound(
            JsonNode schema, String loose, String strict, BigDecimal step, RoundingMode rounding) {
        var magnitude = step.abs();
        if (schema.path(strict).isNumber()) {
            var edge = schema.path(strict).decimalValue();
            var on = edge.divide(magnitude, 0, rounding).multiply(magnitude);
            return on.compareTo(edge) == 0 ? on.add(step) : on;
        }
        return schema.path(loose).isNumber()
                ? schema.path(loose)
                        .decimalValue()
                        .divide(magnitude, 0, rounding)
                        .multiply(magnitude)
                : null;
    }

    private static BigDecimal between(JsonNode schema) {
        var low = schema.path(schema.has("minimum") ? "minimum" : "exclusiveMinimum");
        var high = schema.path(schema.has("maximum") ? "maximum" : "exclusiveMaximum");
        return low.decimalValue().add(high.decimalValue()).divide(BigDecimal.TWO);
    }
}
