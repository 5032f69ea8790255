package dev.remit.client;

/// No answer came: nothing listens, or the connection was lost and could not be made again in time.
public final class UnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
