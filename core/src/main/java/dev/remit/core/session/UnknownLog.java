package dev.remit.core.session;

/// A log holds what only a newer program understands. The session is left as it is, for a node that
/// does.
public class UnknownLog extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UnknownLog(String message) {
        super(message);
    }

    UnknownLog(String message, Throwable cause) {
        super(message, cause);
    }
}
