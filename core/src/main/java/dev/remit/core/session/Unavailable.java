package dev.remit.core.session;

import org.jspecify.annotations.Nullable;

/// What Remit keeps things in did not answer. That says nothing about whoever asked: a session is
/// not broken because its database is away.
public abstract class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    protected Unavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /// Whether the same may work a little later.
    public abstract boolean mayPass();
}
