package dev.remit.http.client;

import java.io.IOException;

/// A request that brought no whole answer. The message is for people and holds no secret.
public final class UpstreamException extends IOException {
    private static final long serialVersionUID = 1;

    /// What went wrong.
    public enum Kind {
        /// No such host, nobody listens there, or the handshake failed.
        NOT_REACHED,
        /// No connection in time.
        CONNECT_TIMED_OUT,
        /// There was a connection, and the request was not to be sent any more.
        TOO_LATE,
        /// Nothing came for too long.
        SILENT,
        /// The whole of it took too long.
        TOO_LONG,
        /// The connection ended before the answer did.
        CUT,
        /// The answer is larger than allowed.
        TOO_LARGE
    }

    private final Kind kind;

    UpstreamException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /// Whether the other side may have seen the request, and so may have acted on it.
    public boolean sent() {
        return switch (kind) {
            case NOT_REACHED, CONNECT_TIMED_OUT, TOO_LATE -> false;
            case SILENT, TOO_LONG, CUT, TOO_LARGE -> true;
        };
    }
}
