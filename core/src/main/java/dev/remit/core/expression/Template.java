package dev.remit.core.expression;

import dev.remit.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A JSON value with expressions in its texts. Filling it gives a JSON value.
///
/// A text that is exactly one `${expression}` becomes the expression's value, whatever its type.
/// Within a longer text a value is written in: texts as they are, anything else as JSON. `$${`
/// stands for `${` itself. Names of fields are taken as they are.
public final class Template {
    private final Set<String> names;
    private final Bindings values;

    private Template(Map<String, JsonNode> names) {
        this.names = names.keySet();
        this.values = new Bindings(names);
    }

    /// What is wrong in one text of a template.
    ///
    /// @param pointer JSON Pointer (RFC 6901) to the text
    public record Mistake(String pointer, String wrong) {}

    /// A template cannot be filled; the message says where and why.
    public static final class Fault extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Fault(String pointer, String text, String why) {
            super((pointer.isEmpty() ? "" : pointer + ": ") + Parts.brief(text) + ": " + why);
        }
    }

    /// @param names that its expressions may use
    /// @return one for every text that cannot be understood; empty if all is well
    public static List<Mistake> mistakes(JsonNode template, Set<String> names) {
        var mistakes = new ArrayList<Mistake>();
        check(template, "", names, mistakes);
        return mistakes;
    }

    /// Compiles and fills; what was compiled lately is remembered.
    ///
    /// @throws Fault if an expression cannot be understood or has no value
    public static JsonNode fill(JsonNode template, Map<String, JsonNode> names) {
        return new Template(names).fill(template, "");
    }

    /// The same template with other expressions.
    ///
    /// @param each gives the new text of an expression
    public static JsonNode rewrite(JsonNode template, UnaryOperator<String> each) {
        return switch (template) {
            case ObjectNode object -> {
                var copy = Json.object();
                object.properties().forEach(p -> copy.set(p.getKey(), rewrite(p.getValue(), each)));
                yield copy;
            }
            case ArrayNode list -> {
                var copy = Json.array();
                list.forEach(element -> copy.add(rewrite(element, each)));
                yield copy;
            }
            default -> template.isString() ? rewritten(template, each) : template;
        };
    }

    private static JsonNode rewritten(JsonNode template, UnaryOperator<String> each) {
        if (!template.asString().contains("${")) {
            return template;
        }
        var text = new StringBuilder();
        for (var part : Parts.of(template.asString())) {
            switch (part) {
                case Parts.Literal literal -> text.append(literal.text().replace("${", "$${"));
                case Parts.Expr expression ->
                        text.append("${").append(each.apply(expression.text())).append('}');
            }
        }
        return Json.text(text.toString());
    }

    /// The expression that a text is, if it is nothing else.
    public static Optional<String> only(JsonNode template) {
        if (!template.isString() || !template.asString().startsWith("${")) {
            return Optional.empty();
        }
        try {
            var parts = Parts.of(template.asString());
            return parts.size() == 1 && parts.getFirst() instanceof Parts.Expr only
                    ? Optional.of(only.text())
                    : Optional.empty();
        } catch (InvalidExpression e) {
            return Optional.empty();
        }
    }

    private JsonNode fill(JsonNode node, String pointer) {
        return switch (node) {
            case ObjectNode object -> {
                var filled = Json.object();
                object.properties()
                        .forEach(p ->
                                filled.set(
                                        p.getKey(),
                                        fill(p.getValue(), pointer + "/" + escaped(p.getKey()))));
                yield filled;
            }
            case ArrayNode list -> {
                var filled = Json.array();
                for (int i = 0; i < list.size(); i++) {
                    filled.add(fill(list.get(i), pointer + "/" + i));
                }
                yield filled;
            }
            default -> node.isString() ? text(node.asString(), pointer) : node;
        };
    }

    private JsonNode text(String text, String pointer) {
        try {
            var parts = Parts.of(text);
            if (parts.size() == 1 && parts.getFirst() instanceof Parts.Expr only) {
                return compiled(only).evaluate(values);
            }
            var filled = new StringBuilder();
            for (var part : parts) {
                filled.append(
                        switch (part) {
                            case Parts.Literal literal -> literal.text();
                            case Parts.Expr expression -> {
                                var value = compiled(expression).evaluate(values);
                                yield value.isString() ? value.asString() : Json.write(value);
                            }
                        });
                Meter.allow(filled.length());
            }
            return Json.text(filled.toString());
        } catch (InvalidExpression | ExpressionFailed e) {
            throw new Fault(pointer, text, String.valueOf(e.getMessage()));
        }
    }

    private Expression compiled(Parts.Expr expression) {
        return Expression.compile(expression.text(), names);
    }

    private static void check(
            JsonNode node, String pointer, Set<String> names, List<Mistake> mistakes) {
        switch (node) {
            case ObjectNode object ->
                    object.properties()
                            .forEach(p ->
                                    check(
                                            p.getValue(),
                                            pointer + "/" + escaped(p.getKey()),
                                            names,
                                            mistakes));
            case ArrayNode list -> {
                for (int i = 0; i < list.size(); i++) {
                    check(list.get(i), pointer + "/" + i, names, mistakes);
                }
            }
            default -> {
                if (node.isString()) {
                    checkText(node.asString(), pointer, names, mistakes);
                }
            }
        }
    }

    private static void checkText(
            String text, String pointer, Set<String> names, List<Mistake> mistakes) {
        try {
            for (var part : Parts.of(text)) {
                if (part instanceof Parts.Expr expression) {
                    Expression.compile(expression.text(), names);
                }
            }
        } catch (InvalidExpression e) {
            e.mistakes()
                    .forEach(m -> mistakes.add(new Mistake(pointer, Parts.brief(text) + ": " + m)));
        }
    }

    private static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }
}
