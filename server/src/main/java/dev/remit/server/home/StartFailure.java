package dev.remit.server.home;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.Locale;

/// The server cannot start, and the user can do something about it. The message is one clear line.
public final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// Exit code for wrong usage.
    public static final int USAGE = 2;

    /// Exit code for trouble of this machine or its server.
    public static final int TROUBLE = 6;

    private final int exitCode;

    public StartFailure(String message) {
        this(TROUBLE, message);
    }

    public StartFailure(int exitCode, String message) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    /// @param what went wrong, and what to do
    public static StartFailure of(String what, IOException cause) {
        var said = String.valueOf(cause.getMessage());
        if (cause instanceof AccessDeniedException) {
            return new StartFailure(what + ": access to " + said + " is denied");
        }
        if (said.toLowerCase(Locale.ROOT).contains("no space left")) {
            return new StartFailure(what + ": the disk is full");
        }
        return new StartFailure(what + ": " + said);
    }

    public int exitCode() {
        return exitCode;
    }
}
