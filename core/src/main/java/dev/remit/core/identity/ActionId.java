package dev.remit.core.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// The name of an action within its session: `7.0` is the first tool call of turn 7; in a workflow
/// it is the name of the step.
public record ActionId(@JsonValue String value) implements Comparable<ActionId> {
    @JsonCreator
    public ActionId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("an action's id is empty");
        }
    }

    /// What every attempt at this action carries, wherever it is done.
    public String idempotencyKey(SessionId session) {
        return session + ":" + value;
    }

    @Override
    public int compareTo(ActionId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
