package dev.remit.core.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/// The name of an action within its session: `7.0` is the first tool call of turn 7; in a workflow
/// it is the path of the step, such as `triage`, or `checks/3/probe` for the third item of a map.
public record ActionId(@JsonValue String value) implements Comparable<ActionId> {
    private static final String UNDO = "/undo";
    private static final Pattern LATER_ATTEMPT = Pattern.compile("(.+)~([0-9]{1,5})");

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

    /// The action that takes this one back.
    public ActionId undo() {
        return new ActionId(value + UNDO);
    }

    public boolean isUndo() {
        return value.endsWith(UNDO);
    }

    /// The nth session that a step hands its work to, from 1: `triage`, then `triage~2`.
    public ActionId attempt(int attempt) {
        return attempt == 1 ? this : new ActionId(value + "~" + attempt);
    }

    /// What would be the attempt after this one: `triage~2` after `triage`.
    public ActionId next() {
        var later = LATER_ATTEMPT.matcher(value);
        return later.matches()
                ? new ActionId(later.group(1)).attempt(Integer.parseInt(later.group(2)) + 1)
                : attempt(2);
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
