package dev.remit.core.expression;

/// An expression that was understood gave no value for these values of its names: a key that is not
/// there, a division by zero, more work than is allowed.
public final class ExpressionFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    ExpressionFailed(String message) {
        super(message);
    }
}
