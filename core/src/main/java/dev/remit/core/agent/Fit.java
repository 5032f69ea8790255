package dev.remit.core.agent;

import dev.remit.core.expression.Template;
import dev.remit.core.json.Schema;
import dev.remit.core.text.Faults;
import dev.remit.core.text.Nearest;
import dev.remit.core.text.Source;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Whether what a step is given can fit what it takes, as far as schemas say. Only what can never
/// fit is told; what may or may not is found out when it runs.
final class Fit {
    private static final int DEEPEST = 20;

    private final References known;
    private final List<Misfit> misfits = new ArrayList<>();

    private Fit(References known) {
        this.known = known;
    }

    /// @param pointer within the template
    record Misfit(String pointer, String wrong, String right) {}

    /// @param template with its references written as expressions
    /// @param wanted JSON Schema of what is taken
    static List<Misfit> check(JsonNode template, JsonNode wanted, References known) {
        var fit = new Fit(known);
        fit.template(template, wanted, "", 0);
        return fit.misfits;
    }

    /// @param given JSON Schema of what is given
    static List<Misfit> check(JsonNode given, JsonNode wanted) {
        var fit = new Fit(References.start(null, new Faults()));
        fit.schemas(given, wanted, "", "the workflow's input", 0);
        return fit.misfits;
    }

    private void template(JsonNode template, JsonNode wanted, String pointer, int depth) {
        if (depth > DEEPEST || !wanted.isObject()) {
            return;
        }
        var only = Template.only(template);
        if (only.isPresent()) {
            var given = known.schemaOf(only.get());
            if (given != null) {
                schemas(given, wanted, pointer, "`" + only.get() + "`", depth);
            }
        } else if (template instanceof ObjectNode object) {
            if (isOfAnother(Set.of("object"), wanted)) {
                add(pointer, "this is a map of keys and values", "it takes " + types(wanted));
                return;
            }
            fields(object, wanted, pointer, depth);
        } else if (template.isArray()) {
            if (isOfAnother(Set.of("array"), wanted)) {
                add(pointer, "this is a list", "it takes " + types(wanted));
                return;
            }
            var items = wanted.get("items");
            for (int i = 0; items != null && i < template.size(); i++) {
                template(template.get(i), items, Source.child(pointer, i), depth + 1);
            }
        } else if (template.isString() && template.asString().contains("${")) {
            if (isOfAnother(Set.of("string"), wanted)) {
                add(pointer, "this makes a text", "it takes " + types(wanted));
            }
        } else {
            literal(template, wanted, pointer);
        }
    }

    private void fields(ObjectNode object, JsonNode wanted, String pointer, int depth) {
        for (var required : wanted.path("required")) {
            if (!object.has(required.asString())) {
                add(
                        pointer,
                        "`" + required.asString() + "` is missing",
                        required.asString() + ": …");
            }
        }
        boolean closed = !wanted.path("additionalProperties").asBoolean(true);
        for (var property : object.properties()) {
            var schema = wanted.path("properties").get(property.getKey());
            var at = Source.child(pointer, property.getKey());
            if (schema != null) {
                template(property.getValue(), schema, at, depth + 1);
            } else if (closed) {
                add(
                        at,
                        "it does not take `" + property.getKey() + "`",
                        Nearest.hint(property.getKey(), SchemaFiles.fields(wanted).toList()));
            }
        }
    }

    private void literal(JsonNode value, JsonNode wanted, String pointer) {
        Schema.compile(wanted).check(value).stream()
                .findFirst()
                .ifPresent(fault ->
                        add(
                                pointer,
                                fault.wrong().startsWith("does not fit")
                                        ? "this " + fault.wrong()
                                        : "this does not fit: " + fault.wrong(),
                                "it takes " + types(wanted)));
    }

    private void schemas(JsonNode given, JsonNode wanted, String pointer, String what, int depth) {
        if (depth > DEEPEST || !given.isObject() || !wanted.isObject()) {
            return;
        }
        var has = typesOf(given);
        if (!has.isEmpty() && isOfAnother(has, wanted)) {
            add(pointer, what + " is " + types(given), "it takes " + types(wanted));
            return;
        }
        if (has.equals(Set.of("array")) && given.has("items") && wanted.has("items")) {
            schemas(
                    given.get("items"),
                    wanted.get("items"),
                    pointer,
                    "an item of " + what,
                    depth + 1);
        }
        if (!has.equals(Set.of("object"))) {
            return;
        }
        boolean closed = !given.path("additionalProperties").asBoolean(true);
        for (var required : wanted.path("required")) {
            if (closed && !given.path("properties").has(required.asString())) {
                add(
                        pointer,
                        what + " has no `" + required.asString() + "`, which must be given",
                        "give it field by field");
            }
        }
        for (var property : given.path("properties").properties()) {
            var schema = wanted.path("properties").get(property.getKey());
            if (schema != null) {
                schemas(
                        property.getValue(),
                        schema,
                        pointer,
                        "`" + property.getKey() + "` of " + what,
                        depth + 1);
            }
        }
    }

    private void add(String pointer, String wrong, String right) {
        misfits.add(new Misfit(pointer, wrong, right));
    }

    /// Whether no value of these types can be what is wanted.
    private static boolean isOfAnother(Set<String> given, JsonNode wanted) {
        var takes = typesOf(wanted);
        if (takes.isEmpty()) {
            return false;
        }
        for (var type : given) {
            if (takes.contains(type)
                    || (type.equals("integer") && takes.contains("number"))
                    || (type.equals("number") && takes.contains("integer"))) {
                return false;
            }
        }
        return true;
    }

    /// The types that a schema allows; empty if it does not say.
    static Set<String> typesOf(@Nullable JsonNode schema) {
        var types = new LinkedHashSet<String>();
        var type = schema == null ? null : schema.get("type");
        if (type != null && type.isString()) {
            types.add(type.asString());
        } else if (type != null) {
            type.forEach(t -> types.add(t.asString()));
        }
        return types;
    }

    private static String types(JsonNode schema) {
        return String.join(" or ", typesOf(schema).stream().map(Fit::words).toList());
    }

    static String words(String type) {
        return switch (type) {
            case "object" -> "a map of keys and values";
            case "array" -> "a list";
            case "string" -> "a text";
            case "integer" -> "a whole number";
            case "number" -> "a number";
            case "boolean" -> "true or false";
            default -> "nothing";
        };
    }
}
