package dev.remit.core.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime.Program;
import dev.remit.core.json.Recent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// An expression in CEL (Common Expression Language, cel.dev) over JSON values.
///
/// Names have no fixed types. What can be used in an expression is listed in `docs/expressions.md`.
/// An expression is pure, reads no clock, and can neither run for ever nor build a value without
/// bounds: the limits count work, so the same expression over the same values always ends the same
/// way. Thread-safe.
public final class Expression {
    /// Longest text of one expression, in code points.
    public static final int MAX_LENGTH = 10_000;

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private static final Recent<Key, Expression> COMPILED = new Recent<>(2_000);

    private final String text;
    private final Program program;
    private final Map<Long, Long> searches;
    private final boolean condition;
    private final List<Field> fields;
    private final List<Path> paths;

    private record Key(String text, Set<String> names) {}

    /// A field of a name that the text uses, such as `answer.title`.
    ///
    /// @param line of the text where the name stands, from 1
    /// @param column from 1
    public record Field(String name, String field, int line, int column) {}

    /// A name that the text uses, with the fields behind it, such as `steps.triage.severity`.
    ///
    /// @param parts fields, or places in a list, as far as they are written out
    /// @param asked only whether it is there, by `has`
    /// @param offset of the name, in code points from the beginning of the text
    public record Path(
            String name, List<String> parts, boolean asked, int offset, int line, int column) {}

    private Expression(String text, CelAbstractSyntaxTree tree) {
        this.text = text;
        this.program = program(tree);
        this.searches = Meter.searches(tree);
        this.condition = Language.isCondition(tree);
        this.fields = Language.fields(tree);
        this.paths = Paths.of(tree);
    }

    /// @param names that the text may use; those that CEL cannot write, such as `a b`, are left out
    /// @throws InvalidExpression if the text cannot be understood
    public static Expression compile(String text, Set<String> names) {
        var usable = new TreeSet<String>();
        for (var name : names) {
            if (NAME.matcher(name).matches()) {
                usable.add(name);
            }
        }
        var key = new Key(text, Set.copyOf(usable));
        return COMPILED.get(key, () -> new Expression(text, Language.compile(text, usable)));
    }

    private static Program program(CelAbstractSyntaxTree tree) {
        try {
            return Language.runtime().createProgram(tree);
        } catch (CelEvaluationException e) {
            throw new InvalidExpression(
                    List.of(new InvalidExpression.Mistake(1, 1, Language.plain(e.getMessage()))));
        }
    }

    public String text() {
        return text;
    }

    /// Whether it may give true or false; otherwise it never [#holds].
    public boolean isCondition() {
        return condition;
    }

    /// The fields of names that it uses, as far as they are written out.
    public List<Field> fields() {
        return fields;
    }

    /// The names that it uses, each as far as its fields are written out. Names that the expression
    /// makes itself, as `exists` does, are not among them.
    public List<Path> paths() {
        return paths;
    }

    /// Whether the whole of it is one name with its fields.
    public boolean isPath() {
        return paths.size() == 1 && text.strip().matches("[A-Za-z0-9_.`\\[\\]-]+");
    }

    /// @param names values by name; what is not bound counts as a failure when it is used
    /// @throws ExpressionFailed if there is no value
    public JsonNode evaluate(Map<String, JsonNode> names) {
        return evaluate(new Bindings(names));
    }

    /// Whether it is true. Anything else is false: another value, an unbound name, a failure.
    public boolean holds(Map<String, JsonNode> names) {
        return holds(new Bindings(names));
    }

    /// The same for values as Java has them: texts, numbers, truth values, lists and maps.
    public boolean holdsFor(Map<String, ?> names) {
        return holds(new Bindings(names));
    }

    JsonNode evaluate(Bindings bindings) {
        return Values.toJson(run(bindings));
    }

    private boolean holds(Bindings bindings) {
        try {
            return Boolean.TRUE.equals(run(bindings));
        } catch (ExpressionFailed e) {
            return false;
        }
    }

    private Object run(Bindings bindings) {
        var meter = new Meter(bindings, searches);
        try {
            var value = program.trace(bindings, meter);
            meter.check(); // an `||` may have swallowed the refusal
            return value;
        } catch (CelEvaluationException e) {
            meter.check();
            throw new ExpressionFailed(Language.plain(e.getMessage()));
        } catch (IllegalArgumentException | IndexOutOfBoundsException | ClassCastException e) {
            meter.check();
            throw new ExpressionFailed(Language.plain(e.getMessage()));
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
