package dev.remit.store.start;

/// How a transaction that starts sessions may go wrong.
enum Fault {
    NONE,
    /// The agent does not take the input, or is gone.
    REFUSED,
    /// The node dies between deciding and opening.
    DIES,
    /// Every connection to the database is cut there.
    CUT,
    /// The database never hears that it is to be committed.
    COMMIT_LOST,
    /// It is committed, and nobody hears of it.
    ANSWER_LOST,
    /// Another node looks at the same thing at the same moment.
    RIVAL
}
