package dev.remit.cli;

import dev.remit.client.Session;

/// What the command's exit code says. Stable: scripts rely on it.
final class ExitCode {
    /// It worked: the outcome is good, or nothing checked it.
    static final int GOOD = 0;

    /// The session ran and its outcome is not good, or it failed.
    static final int NOT_GOOD = 1;

    /// Wrong usage, a bad file or bad input.
    static final int USAGE = 2;

    /// Authority said no.
    static final int DENIED = 3;

    /// The session goes on without this command.
    static final int GOING_ON = 4;

    /// The session was cancelled or killed.
    static final int STOPPED = 5;

    /// The server or this machine has trouble.
    static final int TROUBLE = 6;

    /// The session waits for a person.
    static final int WAITS = 7;

    private ExitCode() {}

    /// What a session's state says to a script.
    static int of(Session session) {
        if (!session.isClosed()) {
            return session.needsPerson() ? WAITS : GOING_ON;
        }
        return switch (session.stopReason()) {
            case "completed", "no_work" -> session.outcome().equals("not_good") ? NOT_GOOD : GOOD;
            case "denied" -> DENIED;
            case "cancelled", "killed" -> STOPPED;
            default -> NOT_GOOD;
        };
    }
}
