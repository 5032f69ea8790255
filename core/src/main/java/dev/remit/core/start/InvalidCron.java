package dev.remit.core.start;

/// A cron expression cannot be understood.
public final class InvalidCron extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final int column;
    private final String right;

    InvalidCron(int column, String wrong, String right) {
        super(wrong);
        this.column = column;
        this.right = right;
    }

    /// Where in the expression, from 1.
    public int column() {
        return column;
    }

    /// What would be right.
    public String right() {
        return right;
    }
}
