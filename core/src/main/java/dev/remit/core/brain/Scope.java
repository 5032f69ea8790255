package dev.remit.core.brain;

import dev.remit.core.expression.Expression;
import dev.remit.core.expression.ExpressionFailed;
import dev.remit.core.expression.InvalidExpression;
import dev.remit.core.expression.Template;
import dev.remit.core.identity.ActionId;
import dev.remit.core.json.Json;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the expressions of a step may use: the workflow's input, the answers of the steps before it
/// in its own scope and in those around it, and what belongs to this item or round.
///
/// A word means the first of these that there is: a name of the item or round, or `input`; a field
/// of an answer; a step.
final class Scope {
    private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final @Nullable Scope outer;
    private final String path;
    private final Map<String, JsonNode> own;
    private final Map<String, JsonNode> answers = new LinkedHashMap<>();

    private Scope(@Nullable Scope outer, String path, Map<String, JsonNode> own) {
        this.outer = outer;
        this.path = path;
        this.own = own;
    }

    /// Of the whole workflow.
    static Scope of(JsonNode input) {
        return new Scope(null, "", Map.of("input", input));
    }

    /// Of one item or round.
    ///
    /// @param part its place below this scope, such as `checks/3`
    /// @param own names that only it has
    Scope inner(String part, Map<String, JsonNode> own) {
        return new Scope(this, path + part + "/", own);
    }

    /// The id of an action of this scope. It depends on nothing but the place in the graph.
    ActionId id(String name) {
        return new ActionId(path + name);
    }

    void answered(String step, JsonNode answer) {
        answers.put(step, answer);
    }

    /// The answers of this scope alone.
    Map<String, JsonNode> answers() {
        return answers;
    }

    /// @throws Template.Fault if an expression in it has no value
    JsonNode fill(JsonNode template) {
        var words = new HashSet<String>();
        words(template, words);
        return Template.fill(template, values(words));
    }

    /// @throws dev.remit.core.expression.InvalidExpression if a name in it has no value here
    /// @throws dev.remit.core.expression.ExpressionFailed if it has no value
    JsonNode evaluate(String expression) {
        return evaluate(expression, Map.of());
    }

    /// @param more names that only this expression has
    JsonNode evaluate(String expression, Map<String, JsonNode> more) {
        var words = new HashSet<String>();
        words(expression, words);
        var values = values(words);
        values.putAll(more);
        return Expression.compile(expression, values.keySet()).evaluate(values);
    }

    /// Whether it is true. Anything else is false: another value, a name without a value, a
    /// failure.
    boolean holds(String condition, Map<String, JsonNode> more) {
        try {
            var value = evaluate(condition, more);
            return value.isBoolean() && value.booleanValue();
        } catch (InvalidExpression | ExpressionFailed e) {
            return false;
        }
    }

    /// Only those names that the text may mean: so its cost does not grow with all that was
    /// answered, and the same text is compiled once.
    private Map<String, JsonNode> values(Set<String> words) {
        var values = new LinkedHashMap<String, JsonNode>();
        fields(words, values);
        steps(words, values);
        own(words, values);
        if (words.contains("steps")) {
            values.put("steps", steps());
        }
        return values;
    }

    /// A field of an answer is known by its own name; the first answer that has it counts.
    private void fields(Set<String> words, Map<String, JsonNode> values) {
        if (outer != null) {
            outer.fields(words, values);
        }
        for (var answer : answers.values()) {
            for (var word : words) {
                var field = answer.isObject() ? answer.get(word) : null;
                if (field != null) {
                    values.putIfAbsent(word, field);
                }
            }
        }
    }

    private void steps(Set<String> words, Map<String, JsonNode> values) {
        if (outer != null) {
            outer.steps(words, values);
        }
        answers.forEach((name, value) -> {
            if (words.contains(name)) {
                values.putIfAbsent(name, value);
            }
        });
    }

    private void own(Set<String> words, Map<String, JsonNode> values) {
        if (outer != null) {
            outer.own(words, values);
        }
        own.forEach((name, value) -> {
            if (words.contains(name)) {
                values.put(name, value);
            }
        });
    }

    private ObjectNode steps() {
        var steps = outer == null ? Json.object() : outer.steps();
        answers.forEach(steps::set);
        return steps;
    }

    private static void words(JsonNode template, Set<String> words) {
        if (template.isString()) {
            words(template.asString(), words);
        } else {
            template.forEach(part -> words(part, words));
        }
    }

    private static void words(String text, Set<String> words) {
        var word = WORD.matcher(text);
        while (word.find()) {
            words.add(word.group());
        }
    }
}
