package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON Schema in the words of Gemini's `Schema`, a subset of OpenAPI 3.0, and back.
///
/// What keeps its meaning is said in other words: references are put in place, `const` becomes an
/// `enum` of one, a type list becomes `nullable` or `anyOf`, exclusive bounds of whole numbers are
/// moved by one. Closed objects lose `additionalProperties: false`, since Gemini invents no
/// properties. Annotations are dropped, a `format` it does not take goes into the description. What
/// cannot be said so (recursion, maps, `not`, `if`, enums of numbers…) is not converted at all: the
/// caller sends the schema as it is, in Gemini's fields for JSON Schema.
///
/// Source: the reference of `Schema` at ai.google.dev, as of 2026-11.
final class GeminiSchema {
    /// The schema cannot be said in the subset.
    private static final class Inexpressible extends Exception {
        private static final long serialVersionUID = 1;

        private Inexpressible() {
            super(null, null, false, false);
        }
    }

    private static final Set<String> SAME =
            Set.of(
                    "title",
                    "minItems",
                    "maxItems",
                    "minProperties",
                    "maxProperties",
                    "minLength",
                    "maxLength",
                    "pattern",
                    "minimum",
                    "maximum");
    private static final Set<String> ANNOTATIONS =
            Set.of(
                    "$schema",
                    "$id",
                    "$comment",
                    "$defs",
                    "definitions",
                    "default",
                    "example",
                    "examples",
                    "deprecated",
                    "readOnly",
                    "writeOnly",
                    "contentEncoding",
                    "contentMediaType",
                    "$anchor",
                    "strict");
    private static final Set<String> READ_ELSEWHERE =
            Set.of(
                    "type",
                    "description",
                    "required",
                    "nullable",
                    "propertyOrdering",
                    "$ref",
                    "oneOf",
                    "allOf");
    private static final Set<String> FORMATS =
            Set.of("date-time", "enum", "int32", "int64", "float", "double");
    private static final int DEEPEST = 32;
    private static final int MOST = 5_000;

    private final JsonNode root;
    private final Deque<String> references = new ArrayDeque<>();
    private int schemas;

    private GeminiSchema(JsonNode root) {
        this.root = root;
    }

    /// @return absent if the subset cannot say it
    static @Nullable ObjectNode of(JsonNode schema) {
        try {
            return new GeminiSchema(schema).convert(schema, 0);
        } catch (Inexpressible e) {
            return null;
        }
    }

    private ObjectNode convert(JsonNode schema, int depth) throws Inexpressible {
        if (!(schema instanceof ObjectNode given) || depth > DEEPEST || ++schemas > MOST) {
            throw new Inexpressible(); // `true` and `false` are schemas, too
        }
        if (given.has("$ref")) {
            return referenced(given, depth);
        }
        if (given.has("allOf")) {
            return convert(merged(given), depth);
        }
        var written = Json.object();
        type(given, written, depth);
        describe(given, written);
        for (var entry : given.properties()) {
            field(entry.getKey(), entry.getValue(), given, written, depth);
        }
        var required = given.path("required");
        if (required.isArray() && !required.isEmpty()) {
            written.set("required", required);
        }
        if (!written.has("type") && !written.has("anyOf")) {
            throw new Inexpressible(); // anything at all
        }
        if (given.path("nullable").asBoolean(false)) {
            written.put("nullable", true);
        }
        return written;
    }

    private void field(String name, JsonNode value, ObjectNode given, ObjectNode written, int depth)
            throws Inexpressible {
        switch (name) {
            case "properties" -> properties(value, written, depth);
            case "items" -> written.set("items", convert(value, depth + 1));
            case "anyOf" -> anyOf(value, written, depth);
            case "enum" -> strings(value, written);
            case "const" -> constant(value, written);
            case "format" -> {} // with the description
            case "exclusiveMinimum" -> moved("minimum", value, 1, given, written);
            case "exclusiveMaximum" -> moved("maximum", value, -1, given, written);
            case "additionalProperties" -> {
                if (!value.isBoolean() && !value.isEmpty()) {
                    throw new Inexpressible(); // a map
                }
                if (given.path("properties").isEmpty()) {
                    throw new Inexpressible();
                }
            }
            default -> {
                if (SAME.contains(name)) {
                    written.set(name, value);
                } else if (!ANNOTATIONS.contains(name) && !READ_ELSEWHERE.contains(name)) {
                    throw new Inexpressible();
                }
            }
        }
        if (name.equals("oneOf")) {
            anyOf(value, written, depth);
        }
    }

    private void type(ObjectNode given, ObjectNode written, int depth) throws Inexpressible {
        var type = given.path("type");
        if (type.isString()) {
            set(written, type.stringValue());
        } else if (type.isArray()) {
            types(type, given, written, depth);
        } else if (given.has("properties")) {
            set(written, "object");
        } else if (given.has("items")) {
            set(written, "array");
        } else if (given.has("enum") || given.has("const")) {
            set(written, "string"); // whether they are texts is seen there
        }
        if (written.path("type").asString("").equals("OBJECT")
                && given.path("properties").isEmpty()) {
            throw new Inexpressible(); // Gemini takes no object without properties
        }
        if (written.path("type").asString("").equals("ARRAY") && !given.has("items")) {
            throw new Inexpressible();
        }
    }

    private static void set(ObjectNode written, String type) throws Inexpressible {
        switch (type) {
            case "object", "array", "string", "number", "integer", "boolean" ->
                    written.put("type", type.toUpperCase(Locale.ROOT));
            default -> throw new Inexpressible();
        }
    }

    /// One type and null is that type, nullable; several are alternatives.
    private void types(JsonNode types, ObjectNode given, ObjectNode written, int depth)
            throws Inexpressible {
        var names = new ArrayList<String>();
        for (var type : types) {
            if (type.asString("").equals("null")) {
                written.put("nullable", true);
            } else {
                names.add(type.asString(""));
            }
        }
        if (names.size() == 1) {
            set(written, names.getFirst());
            return;
        }
        if (names.isEmpty() || given.has("anyOf") || given.has("oneOf") || given.has("enum")) {
            throw new Inexpressible();
        }
        var anyOf = written.putArray("anyOf");
        for (var name : names) {
            var alternative = given.deepCopy();
            alternative.remove(List.of("description", "title"));
            if (!name.equals("object")) {
                alternative.remove(List.of("properties", "required", "additionalProperties"));
            }
            if (!name.equals("array")) {
                alternative.remove(List.of("items", "minItems", "maxItems"));
            }
            anyOf.add(convert(alternative.put("type", name), depth + 1));
        }
    }

    private static void describe(ObjectNode given, ObjectNode written) {
        var words = given.path("description").asString("");
        var format = given.path("format").asString("");
        if (FORMATS.contains(format)) {
            written.put("format", format);
        } else if (!format.isEmpty()) {
            words += (words.isEmpty() ? "" : " ") + "(format: " + format + ")";
        }
        if (!words.isEmpty()) {
            written.put("description", words);
        }
    }

    private void properties(JsonNode properties, ObjectNode written, int depth)
            throws Inexpressible {
        if (properties.isEmpty() || written.has("anyOf")) {
            return; // of one of the alternatives
        }
        var converted = written.putObject("properties");
        for (var entry : properties.properties()) {
            converted.set(entry.getKey(), convert(entry.getValue(), depth + 1));
        }
    }

    private void anyOf(JsonNode alternatives, ObjectNode written, int depth) throws Inexpressible {
        var converted = Json.array();
        for (var alternative : alternatives) {
            if (alternative.path("type").asString("").equals("null")) {
                written.put("nullable", true);
            } else {
                converted.add(convert(alternative, depth + 1));
            }
        }
        if (converted.isEmpty() || written.has("anyOf")) {
            throw new Inexpressible();
        }
        if (converted.size() == 1 && !written.has("type")) {
            var only = (ObjectNode) converted.path(0);
            only.properties().forEach(e -> written.putIfAbsent(e.getKey(), e.getValue()));
        } else {
            written.set("anyOf", converted);
        }
    }

    private static void strings(JsonNode values, ObjectNode written) throws Inexpressible {
        if (!written.path("type").asString("").equals("STRING")) {
            throw new Inexpressible();
        }
        var texts = Json.array();
        for (var value : values) {
            if (value.isNull()) {
                written.put("nullable", true);
            } else if (value.isString() && !value.stringValue().isEmpty()) {
                texts.add(value);
            } else {
                throw new Inexpressible();
            }
        }
        written.put("format", "enum").set("enum", texts);
    }

    private static void constant(JsonNode value, ObjectNode written) throws Inexpressible {
        if (value.isNumber()
                && Set.of("INTEGER", "NUMBER").contains(written.path("type").asString(""))) {
            written.set("minimum", value);
            written.set("maximum", value);
        } else {
            strings(Json.array().add(value), written);
        }
    }

    private static void moved(
            String bound, JsonNode value, int by, ObjectNode given, ObjectNode written)
            throws Inexpressible {
        if (!given.path("type").asString("").equals("integer")
                || !value.isIntegralNumber()
                || given.has(bound)) {
            throw new Inexpressible();
        }
        written.put(bound, value.decimalValue().add(BigDecimal.valueOf(by)));
    }

    private ObjectNode referenced(ObjectNode given, int depth) throws Inexpressible {
        var reference = given.path("$ref").asString("");
        if (!reference.startsWith("#") || references.contains(reference)) {
            throw new Inexpressible(); // elsewhere, or itself
        }
        JsonNode target;
        try {
            target = root.at(reference.substring(1));
        } catch (IllegalArgumentException e) {
            throw new Inexpressible();
        }
        if (!(target instanceof ObjectNode found)) {
            throw new Inexpressible();
        }
        references.push(reference);
        var whole = found.deepCopy();
        given.properties().stream()
                .filter(e -> !e.getKey().equals("$ref"))
                .forEach(e -> whole.set(e.getKey(), e.getValue()));
        var converted = convert(whole, depth);
        references.pop();
        return converted;
    }

    /// All of it at once, if no two say different things of the same.
    private ObjectNode merged(ObjectNode given) throws Inexpressible {
        var merged = given.deepCopy();
        merged.remove("allOf");
        for (var part : given.path("allOf")) {
            if (!(part instanceof ObjectNode object) || object.has("$ref")) {
                if (given.path("allOf").size() == 1 && part instanceof ObjectNode only) {
                    merged.set("$ref", only.path("$ref"));
                    continue;
                }
                throw new Inexpressible();
            }
            for (var entry : object.properties()) {
                merge(merged, entry.getKey(), entry.getValue());
            }
        }
        return merged;
    }

    private static void merge(ObjectNode merged, String name, JsonNode value) throws Inexpressible {
        var known = merged.get(name);
        if (known == null) {
            merged.set(name, value);
        } else if (name.equals("properties") && known instanceof ObjectNode properties) {
            for (var property : value.properties()) {
                var other = properties.get(property.getKey());
                if (other != null && !other.equals(property.getValue())) {
                    throw new Inexpressible();
                }
                properties.set(property.getKey(), property.getValue());
            }
        } else if (name.equals("required") && known.isArray()) {
            var all = Json.array();
            all.addAll(known.values());
            value.values().stream()
                    .filter(v -> known.values().stream().noneMatch(v::equals))
                    .forEach(all::add);
            merged.set(name, all);
        } else if (!known.equals(value)) {
            throw new Inexpressible();
        }
    }

    // ---- and back

    /// JSON Schema that means the same as a schema of Gemini's.
    static JsonNode toJsonSchema(JsonNode schema) {
        if (!(schema instanceof ObjectNode given)) {
            return schema;
        }
        var written = Json.object();
        var type = given.path("type").asString("").toLowerCase(Locale.ROOT);
        var nullable = given.path("nullable").asBoolean(false);
        if (!type.isEmpty() && !type.equals("type_unspecified")) {
            if (nullable) {
                written.putArray("type").add(type).add("null");
            } else {
                written.put("type", type);
            }
        }
        for (var entry : given.properties()) {
            back(entry.getKey(), entry.getValue(), written, nullable);
        }
        return written;
    }

    private static void back(String name, JsonNode value, ObjectNode written, boolean nullable) {
        switch (name) {
            case "type", "nullable", "propertyOrdering", "property_ordering" -> {}
            case "format" -> {
                if (!value.asString("").equals("enum")) {
                    written.set(name, value);
                }
            }
            case "example" -> written.putArray("examples").add(value);
            case "properties" -> {
                var properties = written.putObject(name);
                for (var property : value.properties()) {
                    properties.set(property.getKey(), toJsonSchema(property.getValue()));
                }
            }
            case "items" -> written.set(name, toJsonSchema(value));
            case "anyOf", "any_of" -> {
                var anyOf = written.putArray("anyOf");
                value.forEach(alternative -> anyOf.add(toJsonSchema(alternative)));
                if (nullable && !written.has("type")) {
                    anyOf.addObject().put("type", "null");
                }
            }
            case "enum" -> {
                var all = Json.array();
                all.addAll(value.values());
                if (nullable) {
                    all.addNull();
                }
                written.set(name, all);
            }
            default -> {
                // whole numbers of 64 bits come as texts
                var isBound = name.startsWith("min") || name.startsWith("max");
                if (isBound && value.asString("").matches("[0-9]{1,18}")) {
                    written.put(camel(name), Long.parseLong(value.asString("0")));
                } else {
                    written.set(isBound ? camel(name) : name, value);
                }
            }
        }
    }

    private static String camel(String name) {
        var camel = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) == '_' && i + 1 < name.length()) {
                camel.append(Character.toUpperCase(name.charAt(++i)));
            } else {
                camel.append(name.charAt(i));
            }
        }
        return camel.toString();
    }
}
