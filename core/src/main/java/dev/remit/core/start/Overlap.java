package dev.remit.core.start;

/// What becomes of a fire while an earlier session of the same schedule is still open.
public enum Overlap {
    /// Nothing is started.
    SKIP,
    /// It waits for its turn; one at most waits.
    BUFFER_ONE,
    /// It waits for its turn behind others.
    BUFFER_ALL,
    /// The earlier one is cancelled, and it is started when that has closed.
    CANCEL,
    /// It is started beside the others.
    ALLOW
}
