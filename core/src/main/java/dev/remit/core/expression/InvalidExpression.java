package dev.remit.core.expression;

import java.util.List;
import java.util.stream.Collectors;

/// An expression that cannot be understood: wrong syntax, a name or a function that does not exist,
/// types that can never fit.
public final class InvalidExpression extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // an immutable list of records of strings
    private final List<Mistake> mistakes;

    InvalidExpression(List<Mistake> mistakes) {
        super(mistakes.stream().map(Mistake::toString).collect(Collectors.joining("; ")));
        this.mistakes = List.copyOf(mistakes);
    }

    /// Never empty; the first one comes first in the text.
    public List<Mistake> mistakes() {
        return mistakes;
    }

    /// One mistake in an expression.
    ///
    /// @param line of the expression's text, from 1
    /// @param column from 1, in characters
    /// @param wrong what is wrong, and what would be right where that is known
    public record Mistake(int line, int column, String wrong) {
        @Override
        public String toString() {
            return (line == 1 ? "character " + column : line + ":" + column) + ": " + wrong;
        }
    }
}
