package dev.remit.store.session;

import dev.remit.core.identity.SessionId;

/// Told at once what this process did to the log, so that nobody has to poll for it. Hints: a crash
/// loses them, and what other nodes append is not told. Called by whoever appended: be quick.
public interface LogListener {
    /// Events up to `head` are durable.
    void appended(SessionId session, long head);

    /// It may have something to do: it was opened, mail came, or its driver's node died.
    void ready(SessionId session);

    /// Sessions may stand in the queue that nobody takes: another node is full, drains, or died.
    default void queued() {}

    /// Somebody wants this node to hand its sessions over, or, if not, to take sessions again.
    default void drain(boolean wanted) {}

    /// This node was taken for dead: nothing that it does reaches the log any more. Told once.
    default void fenced() {}
}
