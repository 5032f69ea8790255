package dev.remit.core.tool;

/// The hands: does what was authorised and says how it ended.
public interface Invoker {
    /// Does it, blocking until it has ended or the deadline has passed. Never throws for what the
    /// other side did; that is what [Ended] is for.
    ///
    /// @throws InterruptedException if the session was cancelled while it ran; whether it happened
    ///   is then unknown unless the tool is idempotent
    Ended invoke(Invocation invocation) throws InterruptedException;
}
