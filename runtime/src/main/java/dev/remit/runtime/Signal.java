package dev.remit.runtime;

import dev.remit.core.identity.ActionId;
import dev.remit.core.model.ModelAnswer;
import dev.remit.core.tool.Ended;

/// What reaches a driver from outside its own thread.
sealed interface Signal {
    /// There may be mail, or a timer may be due.
    record Woken() implements Signal {}

    record ModelAnswered(int turn, int attempt, ModelAnswer answer) implements Signal {}

    record HandEnded(ActionId action, int attempt, Ended end) implements Signal {}
}
