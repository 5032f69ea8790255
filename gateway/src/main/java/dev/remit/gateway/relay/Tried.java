package dev.remit.gateway.relay;

/// What came of one attempt.
sealed interface Tried {
    record Good(Result result) implements Tried {}

    record Bad(Missed missed) implements Tried {}
}
