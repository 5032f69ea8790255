package dev.remit.store.archive;

/// The archive cannot be written or read. The message says what to do.
public final class ArchiveException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ArchiveException(String message, Throwable cause) {
        super(message, cause);
    }

    ArchiveException(String message) {
        super(message);
    }
}
