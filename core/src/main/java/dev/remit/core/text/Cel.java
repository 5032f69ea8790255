package dev.remit.core.text;

import dev.remit.core.expression.Expression;
import dev.remit.core.expression.InvalidExpression;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Expressions in files: compiled while reading, so that their mistakes are faults with a place.
public final class Cel {
    private Cel() {}

    /// The text of the expression at a pointer; absent, with a fault, if it is none.
    public static @Nullable String check(
            Source source, String pointer, Set<String> names, Faults faults) {
        var expression = compile(source, pointer, names, faults);
        return expression == null ? null : expression.text();
    }

    /// The condition at a pointer; absent, with a fault, if it is none, can never be true or false,
    /// or asks for a field that is not there.
    ///
    /// @param names with the fields that each of them has
    public static @Nullable Expression condition(
            Source source, String pointer, Map<String, Set<String>> names, Faults faults) {
        var expression = compile(source, pointer, names.keySet(), faults);
        if (expression == null) {
            return null;
        }
        if (!expression.isCondition()) {
            faults.add(
                    source.file(),
                    source.value(pointer),
                    "the expression gives neither true nor false",
                    "a condition, such as \"request.tools == 0\"");
            return null;
        }
        boolean known = true;
        for (var field : expression.fields()) {
            var fields = names.get(field.name());
            if (fields != null && !fields.contains(field.field())) {
                known = false;
                faults.add(
                        source.file(),
                        source.within(pointer, field.line(), field.column()),
                        "`" + field.name() + "` has no `" + field.field() + "`",
                        Nearest.hint(field.field(), fields));
            }
        }
        return known ? expression : null;
    }

    private static @Nullable Expression compile(
            Source source, String pointer, Set<String> names, Faults faults) {
        if (faults.isEnough()) {
            return null;
        }
        var value = source.at(pointer);
        if (value.isBoolean() || value.isNumber()) {
            return Expression.compile(value.asString(), names); // `when: true` is one too
        }
        if (!value.isString() || value.asString().isBlank()) {
            faults.add(
                    source.file(),
                    source.value(pointer),
                    "this is " + Fields.describe(value) + ", not an expression",
                    "CEL, such as \"size(answer.steps) > 0\"; see docs/expressions.md");
            return null;
        }
        try {
            return Expression.compile(value.asString(), names);
        } catch (InvalidExpression e) {
            for (var mistake : e.mistakes()) {
                faults.add(
                        source.file(),
                        source.within(pointer, mistake.line(), mistake.column()),
                        "the expression is wrong: " + mistake.wrong(),
                        "see docs/expressions.md");
            }
            return null;
        }
    }
}
