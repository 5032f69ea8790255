package dev.remit.core.session;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.Principal;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Hash;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What others send a session. It goes into the inbox; only the session's own driver takes it in.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "mail")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Mail.Message.class, name = "message"),
    @JsonSubTypes.Type(value = Mail.ChildClosed.class, name = "child_closed"),
    @JsonSubTypes.Type(value = Mail.Cancel.class, name = "cancel"),
    @JsonSubTypes.Type(value = Mail.Resolve.class, name = "resolve"),
    @JsonSubTypes.Type(value = Mail.RaiseBudget.class, name = "raise_budget"),
    @JsonSubTypes.Type(value = Mail.RaiseChild.class, name = "raise_child"),
    @JsonSubTypes.Type(value = Mail.Answer.class, name = "answer"),
    @JsonSubTypes.Type(value = Mail.Happened.class, name = "event"),
    @JsonSubTypes.Type(value = Mail.Interrupt.class, name = "interrupt"),
    @JsonSubTypes.Type(value = Mail.Move.class, name = "move"),
    @JsonSubTypes.Type(value = Mail.Redrive.class, name = "redrive")
})
public sealed interface Mail {
    /// Something said to the agent.
    record Message(Principal from, Content text) implements Mail {}

    /// Work that was handed out has ended.
    record ChildClosed(
            ActionId action,
            SessionId child,
            StopReason reason,
            Outcome outcome,
            @Nullable Content output,
            @Nullable String why,
            Usage usage,
            @Nullable Money cost)
            implements Mail {}

    /// Close, with clean-up.
    ///
    /// @param kept what a session goes on with that takes the place of this one: it is not taken
    ///   back here; absent: nothing
    record Cancel(Principal by, String why, @Nullable List<ActionId> kept) implements Mail {
        public Cancel {
            kept = kept == null ? null : List.copyOf(kept);
        }

        public Cancel(Principal by, String why) {
            this(by, why, null);
        }
    }

    /// A person says whether an action in doubt happened.
    ///
    /// @param action absent: the only one in doubt
    record Resolve(@Nullable ActionId action, boolean happened, Principal by) implements Mail {}

    /// The session may spend more.
    record RaiseBudget(Money limit, Principal by) implements Mail {}

    /// A child may spend more, out of what this session has left. If that is enough, the child is
    /// told.
    ///
    /// @param action that was handed to it
    record RaiseChild(ActionId action, Money limit, Principal by) implements Mail {}

    /// Somebody answers a question. The first answer that comes in time counts, and no other.
    ///
    /// @param digest of what they were shown
    /// @param note in their own words
    /// @param id of this answer, to tell it from another one
    /// @param at when it was given
    record Answer(
            ActionId action,
            Hash digest,
            boolean approved,
            @Nullable String note,
            Principal by,
            String id,
            Instant at)
            implements Mail {}

    /// Something happened outside, which the session may be waiting for.
    ///
    /// @param name such as `deploy.finished`
    record Happened(Principal from, String name, Content body) implements Mail {}

    /// End this turn, and listen.
    ///
    /// @param message what to go on with; absent: it waits for one
    record Interrupt(Principal by, @Nullable Content message) implements Mail {}

    /// Go on by another version of the definition, if what is done fits it.
    record Move(DefinitionRef to, Principal by) implements Mail {}

    /// Try again what could not go on.
    record Redrive(Principal by) implements Mail {}
}
