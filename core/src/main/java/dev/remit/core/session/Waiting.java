package dev.remit.core.session;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.SessionId;
import java.time.Instant;
import java.util.List;

/// What an idle session waits for.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "for")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Waiting.Message.class, name = "message"),
    @JsonSubTypes.Type(value = Waiting.Timer.class, name = "timer"),
    @JsonSubTypes.Type(value = Waiting.Session.class, name = "session"),
    @JsonSubTypes.Type(value = Waiting.Budget.class, name = "budget"),
    @JsonSubTypes.Type(value = Waiting.Trouble.class, name = "trouble"),
    @JsonSubTypes.Type(value = Waiting.Approval.class, name = "approval"),
    @JsonSubTypes.Type(value = Waiting.Event.class, name = "event")
})
public sealed interface Waiting {
    /// Its turn is over.
    record Message() implements Waiting {}

    record Timer(Instant at, String why) implements Waiting {}

    /// Children or colleagues.
    record Session(List<SessionId> sessions) implements Waiting {}

    /// Raise it and the session goes on.
    record Budget(String why) implements Waiting {}

    /// A person must look.
    ///
    /// @param inDoubt actions that a person must resolve; empty if it is something else
    record Trouble(String why, List<ActionId> inDoubt) implements Waiting {}

    /// People are asked.
    ///
    /// @param actions the questions that are open
    record Approval(List<ActionId> actions) implements Waiting {}

    /// Something outside.
    ///
    /// @param names of the events
    record Event(List<String> names) implements Waiting {}

    /// One word: `message`, `timer`, `session`, `budget`, `trouble`, `approval` or `event`.
    default String word() {
        return switch (this) {
            case Message m -> "message";
            case Timer t -> "timer";
            case Session s -> "session";
            case Budget b -> "budget";
            case Trouble t -> "trouble";
            case Approval a -> "approval";
            case Event e -> "event";
        };
    }
}
