package dev.remit.store.session;

import dev.remit.core.identity.SessionId;

/// Told at once what this process did to the log, so that nobody has to poll for it. Hints: a crash
/// loses them, and what other nodes append is not told. Called by whoever appended: be quick.
public interface LogListener {
    /// Events up to `head` are durable.
    void appended(SessionId session, long head);

    /// It may have something to do: it was opened, mail came, or its driver's node died.
    void ready(SessionId session);
}
