package dev.remit.core.text;

import dev.remit.core.expression.Expression;
import dev.remit.core.expression.InvalidExpression;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Expressions in files: compiled while reading, so that their mistakes are faults with a place.
public final class Cel {
    private Cel() {}

    /// The text of the expression at a pointer; absent, with a fault, if it is none.
    public static @Nullable String check(
            Source source, String pointer, Set<String> names, Faults faults) {
        if (faults.isEnough()) {
            return null;
        }
        var value = source.at(pointer);
        if (value.isBoolean() || value.isNumber()) {
            return value.asString(); // `when: true` is an expression too
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
            Expression.compile(value.asString(), names);
            return value.asString();
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
