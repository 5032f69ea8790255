package dev.remit.engine.temporal;

/// How a session was left by whoever drove it, as Temporal is told.
///
/// @param due milliseconds since 1970 when it is to be driven again; [#NEVER] if only when woken
public record Rest(How how, long due) {
    public static final long NEVER = Long.MAX_VALUE;

    /// What became of it.
    public enum How {
        IDLE,
        /// There is nothing to do in it, ever again.
        CLOSED,
        /// Another node has it.
        REFUSED
    }

    static Rest idle(long due) {
        return new Rest(How.IDLE, due);
    }

    static Rest closed() {
        return new Rest(How.CLOSED, NEVER);
    }

    static Rest refused() {
        return new Rest(How.REFUSED, NEVER);
    }
}
