package dev.remit.core.session;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.remit.core.json.Content;
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
    @JsonSubTypes.Type(value = ActionState.Returned.class, name = "returned"),
    @JsonSubTypes.Type(value = ActionState.Decided.class, name = "decided"),
    @JsonSubTypes.Type(value = ActionState.Asked.class, name = "asked"),
    @JsonSubTypes.Type(value = ActionState.Answered.class, name = "answered"),
    @JsonSubTypes.Type(value = ActionState.Waits.class, name = "waits"),
    @JsonSubTypes.Type(value = ActionState.Came.class, name = "came"),
    @JsonSubTypes.Type(value = ActionState.Lapsed.class, name = "lapsed")
})
public sealed interface ActionState {
    /// @param orphaned its driver died; nobody in this process is doing it
    /// @param unsure an attempt before this one may have been done
    record Started(Event.ActionStarted start, Instant at, boolean orphaned, boolean unsure)
            implements ActionState {}

    /// It failed, and may be tried again.
    ///
    /// @param unsure an attempt may have been done whose end nobody knows
    record Retrying(Event.ActionStarted start, Instant retryAt, boolean unsure)
            implements ActionState {}

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

    /// It was computed.
    record Decided(Content value) implements ActionState {}

    /// People are asked.
    record Asked(Event.ApprovalAsked question) implements ActionState {}

    /// Somebody answered.
    record Answered(Mail.Answer answer) implements ActionState {}

    /// An event or a time is waited for.
    record Waits(Event.WaitBegun begun) implements ActionState {}

    /// The event that was waited for came.
    record Came(Mail.Happened event) implements ActionState {}

    /// A question or a wait whose time is over, or which nobody wants any more.
    record Lapsed(String why) implements ActionState {}

    /// Whether nothing more will come of it.
    default boolean isOver() {
        return switch (this) {
            case Over o -> true;
            case Denied d -> true;
            case Returned r -> true;
            case Decided d -> true;
            case Answered a -> true;
            case Came c -> true;
            case Lapsed l -> true;
            case Started s -> false;
            case Retrying r -> false;
            case InDoubt d -> false;
            case Handed h -> false;
            case Asked a -> false;
            case Waits w -> false;
        };
    }
}
