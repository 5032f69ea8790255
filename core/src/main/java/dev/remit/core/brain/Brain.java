package dev.remit.core.brain;

import dev.remit.core.session.State;

/// Decides what a session does next. Pure: no I/O, no clock, no randomness; the same state always
/// gives the same step, so whoever takes over after a crash goes on as the one before would have.
public interface Brain {
    Step next(State state);
}
