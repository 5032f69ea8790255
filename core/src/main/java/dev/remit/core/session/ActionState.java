package dev.remit.core.session;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.remit.core.tool.Ended;
import java.time.Instant;

/// Where one action of a session stands.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "stands")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ActionState.Started.class, name = "started"),
    @JsonSubTypes.Type(value = ActionState.Retrying.class, name = "retrying"),
    @JsonSubTypes.Type(value = ActionState.Over.class, name = "over"),
    @JsonSubTypes.Type(value = ActionState.Denied.class, name = "denied"),
    @JsonSubTypes.Type(value = ActionState.InDoubt.class, name = "in_doubt"),
    @JsonSubTypes.Type(value = ActionState.Handed.class, name = "handed"),
    @JsonSubTypes.Type(value = ActionState.Returned.class, name = "returned")
})
public sealed interface ActionState {
    /// @param orphaned its driver died; nobody in this process is doing it
    record Started(Event.ActionStarted start, Instant at, boolean orphaned)
            implements ActionState {}

    /// It failed, and may be tried again.
    record Retrying(Event.ActionStarted start, Instant retryAt) implements ActionState {}

    /// It has ended for good, well or badly.
    record Over(Ended end) implements ActionState {}

    record Denied(String rule) implements ActionState {}

    /// A person has to say whether it happened.
    record InDoubt(Event.ActionStarted start, String why) implements ActionState {}

    /// A child is at it.
    ///
    /// @param recalled it was told to cancel
    record Handed(Event.Delegated work, boolean recalled) implements ActionState {}

    /// The child has ended.
    record Returned(Mail.ChildClosed result) implements ActionState {}

    /// Whether nothing more will come of it.
    default boolean isOver() {
        return this instanceof Over || this instanceof Denied || this instanceof Returned;
    }
}
