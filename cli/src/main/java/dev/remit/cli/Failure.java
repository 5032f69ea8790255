package dev.remit.cli;

import java.util.List;

/// The command cannot go on. Shown as one line, and what to do on the lines behind it.
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final transient List<String> advice;

    /// @param code one of [ExitCode]
    /// @param message what is wrong
    /// @param advice what to do, a line each
    Failure(int code, String message, String... advice) {
        super(message);
        this.code = code;
        this.advice = List.of(advice);
    }

    static Failure usage(String message, String... advice) {
        return new Failure(ExitCode.USAGE, message, advice);
    }

    static Failure trouble(String message, String... advice) {
        return new Failure(ExitCode.TROUBLE, message, advice);
    }

    int code() {
        return code;
    }

    List<String> advice() {
        return advice;
    }
}
