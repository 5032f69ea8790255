package dev.remit.core.session;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.Principal;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Hash;
import dev.remit.core.model.Mind;
import dev.remit.core.model.ModelAnswer;
import dev.remit.core.model.ModelChoice;
import dev.remit.core.model.Rehearsal;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.core.tool.Ended;
import dev.remit.core.tool.Retry;
import dev.remit.core.tool.Tier;
import dev.remit.core.tool.ToolPrice;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What happened in a session. The log of these is the truth; everything else is computed from it.
///
/// An event is never changed once written. A new field needs a default for old events; a changed
/// meaning needs a new version in [LogCodec] and a golden log in the tests.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Event.Opened.class, name = "opened"),
    @JsonSubTypes.Type(value = Event.Recovered.class, name = "recovered"),
    @JsonSubTypes.Type(value = Event.Received.class, name = "received"),
    @JsonSubTypes.Type(value = Event.TimerFired.class, name = "timer_fired"),
    @JsonSubTypes.Type(value = Event.ModelCalled.class, name = "model_called"),
    @JsonSubTypes.Type(value = Event.ModelReplied.class, name = "model_replied"),
    @JsonSubTypes.Type(value = Event.ModelFailed.class, name = "model_failed"),
    @JsonSubTypes.Type(value = Event.ActionDenied.class, name = "action_denied"),
    @JsonSubTypes.Type(value = Event.ActionStarted.class, name = "action_started"),
    @JsonSubTypes.Type(value = Event.ActionEnded.class, name = "action_ended"),
    @JsonSubTypes.Type(value = Event.ActionInDoubt.class, name = "action_in_doubt"),
    @JsonSubTypes.Type(value = Event.Delegated.class, name = "delegated"),
    @JsonSubTypes.Type(value = Event.Recalled.class, name = "recalled"),
    @JsonSubTypes.Type(value = Event.OutputRejected.class, name = "output_rejected"),
    @JsonSubTypes.Type(value = Event.Idled.class, name = "idled"),
    @JsonSubTypes.Type(value = Event.Closed.class, name = "closed"),
    @JsonSubTypes.Type(value = Event.Decided.class, name = "decided"),
    @JsonSubTypes.Type(value = Event.ApprovalAsked.class, name = "approval_asked"),
    @JsonSubTypes.Type(value = Event.WaitBegun.class, name = "wait_begun"),
    @JsonSubTypes.Type(value = Event.EventTaken.class, name = "event_taken"),
    @JsonSubTypes.Type(value = Event.Lapsed.class, name = "lapsed"),
    @JsonSubTypes.Type(value = Event.Interrupted.class, name = "interrupted"),
    @JsonSubTypes.Type(value = Event.Forked.class, name = "forked"),
    @JsonSubTypes.Type(value = Event.Moved.class, name = "moved"),
    @JsonSubTypes.Type(value = Event.MoveRefused.class, name = "move_refused"),
    @JsonSubTypes.Type(value = Event.CompactionCalled.class, name = "compaction_called"),
    @JsonSubTypes.Type(value = Event.Compacted.class, name = "compacted"),
    @JsonSubTypes.Type(value = Event.CompactionFailed.class, name = "compaction_failed")
})
public sealed interface Event {

    /// The session exists. Always the first event, stored before its id is returned.
    ///
    /// @param cause who asked, and on whose behalf: the nearest first, a person, a schedule or a
    ///   webhook last
    /// @param parent whose action this session is
    /// @param deadline when it is closed whatever it does
    /// @param budget its own limit and what its parent left it, whichever is less
    /// @param recording answers to replay instead of calling a model
    /// @param payer whose money it spends, besides the agent's own; absent: nobody's in particular
    record Opened(
            DefinitionRef definition,
            Content input,
            List<Principal> cause,
            @Nullable Parent parent,
            ModelChoice models,
            @Nullable Instant deadline,
            @Nullable Money budget,
            @Nullable Recordings recording,
            @Nullable Payer payer)
            implements Event {
        public Opened {
            cause = List.copyOf(cause);
        }

        /// At nobody's expense in particular.
        public Opened(
                DefinitionRef definition,
                Content input,
                List<Principal> cause,
                @Nullable Parent parent,
                ModelChoice models,
                @Nullable Instant deadline,
                @Nullable Money budget,
                @Nullable Recordings recording) {
            this(definition, input, cause, parent, models, deadline, budget, recording, null);
        }

        /// The same work by another version of the definition.
        Opened by(DefinitionRef other) {
            return new Opened(
                    other, input, cause, parent, models, deadline, budget, recording, payer);
        }

        /// The same work in a session of its own.
        Opened as(Forked fork) {
            return new Opened(
                    definition,
                    input,
                    fork.cause(),
                    null,
                    models,
                    fork.deadline(),
                    fork.budget(),
                    recording,
                    payer);
        }
    }

    /// Whose budgets a session and its children count towards.
    ///
    /// @param team of whoever opened it; the owner of an agent comes first
    /// @param key that it was opened with
    record Payer(@Nullable String team, @Nullable String key) {}

    /// A session, and its action that this session carries out.
    record Parent(SessionId session, ActionId action) {}

    /// Recorded replies by agent name.
    record Recordings(Content byAgent) {
        /// The replies of one agent, or nothing if it was not recorded.
        public Rehearsal.@Nullable Recording of(String agent) {
            var replies = byAgent.value().get(agent);
            return replies == null ? null : new Rehearsal.Recording(List.copyOf(replies.values()));
        }
    }

    /// Another driver took over: the one before it died, or was fenced. What it had under way and
    /// did not record is lost: a model call is abandoned.
    record Recovered(String why) implements Event {}

    /// Mail was taken in. `position` is its place in the session's inbox.
    record Received(long position, Mail mail) implements Event {}

    /// The time that the session waited for has come, or its deadline has. The brain reads no
    /// clock: its time is that of the newest event, and this event moves it on.
    record TimerFired() implements Event {}

    /// A model call is about to be made.
    ///
    /// The prompt is a chain: `prompt` = hash of `parent` and the hashes of `added`. Only what is
    /// new is stored.
    ///
    /// @param parent the prompt before; absent if a new chain starts here
    /// @param added messages, as [dev.remit.core.model.Message] in JSON
    /// @param leftOut how many messages of the chain before are no longer in the prompt
    /// @param reserved upper bound of the cost; absent if no price is known
    /// @param mind which brain lays out the prompts of this session, and for which model; absent:
    ///   as before
    /// @param edit what left the prompt with this call; absent: nothing did
    record ModelCalled(
            int turn,
            int attempt,
            String route,
            Hash prompt,
            @Nullable Hash parent,
            List<Content> added,
            int leftOut,
            @Nullable Money reserved,
            @Nullable Mind mind,
            @Nullable ContextEdit edit)
            implements Event {
        public ModelCalled {
            added = List.copyOf(added);
        }

        /// With a brain as before, and nothing that left the prompt.
        public ModelCalled(
                int turn,
                int attempt,
                String route,
                Hash prompt,
                @Nullable Hash parent,
                List<Content> added,
                int leftOut,
                @Nullable Money reserved) {
            this(turn, attempt, route, prompt, parent, added, leftOut, reserved, null, null);
        }
    }

    record ModelReplied(
            int turn,
            int attempt,
            String provider,
            String model,
            Content message,
            ModelAnswer.Stop stop,
            Usage usage,
            @Nullable Money cost,
            Duration firstToken,
            Duration total)
            implements Event {}

    /// @param retryAt when the next attempt may start; absent if none may
    record ModelFailed(
            int turn,
            int attempt,
            String provider,
            String model,
            ModelAnswer.Kind kind,
            String why,
            Usage usage,
            @Nullable Money cost,
            @Nullable Instant retryAt)
            implements Event {}

    /// Authority said no.
    record ActionDenied(ActionId action, String tool, Content arguments, String rule)
            implements Event {}

    /// An action is about to be done. No effect happens without this event before it.
    ///
    /// @param evidence what the model gave as its reason; demanded from tier 2 on
    /// @param retry how often and when it is tried again; absent: as its tool says
    /// @param price what was reserved for it, and how it is settled; absent: it costs nothing
    record ActionStarted(
            ActionId action,
            int attempt,
            String tool,
            Tier tier,
            Content arguments,
            @Nullable String evidence,
            String idempotencyKey,
            boolean idempotent,
            Duration timeout,
            String rule,
            @Nullable Retry retry,
            @Nullable ToolPrice price)
            implements Event {
        public ActionStarted(
                ActionId action,
                int attempt,
                String tool,
                Tier tier,
                Content arguments,
                @Nullable String evidence,
                String idempotencyKey,
                boolean idempotent,
                Duration timeout,
                String rule) {
            this(
                    action,
                    attempt,
                    tool,
                    tier,
                    arguments,
                    evidence,
                    idempotencyKey,
                    idempotent,
                    timeout,
                    rule,
                    null,
                    null);
        }

        /// The most that it may cost; absent: nothing.
        public @Nullable Money reserved() {
            return price == null ? null : price.atMost();
        }
    }

    /// @param retryAt when the next attempt may start; absent if this was the last
    /// @param cost of this attempt; absent: nothing
    record ActionEnded(
            ActionId action,
            int attempt,
            Ended end,
            @Nullable Instant retryAt,
            @Nullable Money cost)
            implements Event {
        /// One that costs nothing.
        public ActionEnded(ActionId action, int attempt, Ended end, @Nullable Instant retryAt) {
            this(action, attempt, end, retryAt, null);
        }
    }

    /// It was started, its end is not known, and doing it again could do it twice. A person
    /// decides.
    record ActionInDoubt(ActionId action, int attempt, String why) implements Event {}

    /// Work was handed to a session of its own, which was opened in the same transaction.
    ///
    /// @param allotted what the child may spend, out of this session's budget
    record Delegated(
            ActionId action,
            SessionId child,
            DefinitionRef definition,
            Content input,
            @Nullable Money allotted)
            implements Event {
        /// The same, with more to spend.
        Delegated allotting(Money more) {
            return new Delegated(action, child, definition, input, more);
        }
    }

    /// Work that was handed out is no longer wanted; the children are told to cancel.
    record Recalled(List<ActionId> actions, String why) implements Event {}

    /// The output failed its check; the model is shown why.
    record OutputRejected(Content output, List<String> faults) implements Event {}

    /// Nothing to do until something comes.
    record Idled(Waiting waiting) implements Event {}

    /// The end. Whether it ran and whether it worked are two things.
    ///
    /// @param usage and `cost` of this session and all its children
    /// @param cost absent if nothing with a known price was used
    record Closed(
            StopReason reason,
            Outcome outcome,
            @Nullable Content output,
            @Nullable String why,
            Usage usage,
            @Nullable Money cost)
            implements Event {}

    /// A step of a workflow that only computes was done: the branch that was chosen, the list that
    /// is gone over, whether there is another round. Computed once, and never again.
    record Decided(ActionId action, Content value) implements Event {}

    /// A question to people. Whoever answers names the digest, and so exactly this.
    ///
    /// @param question in one line; absent: the step has none
    /// @param shown what they decide about
    /// @param digest of all that they are shown, see [Question#digest]
    /// @param by who is asked: a person or a group; absent: whoever may answer
    /// @param expires after this no answer counts; absent: it waits for ever
    record ApprovalAsked(
            ActionId action,
            @Nullable String question,
            Content shown,
            Hash digest,
            @Nullable String by,
            @Nullable Instant expires)
            implements Event {}

    /// Something is waited for.
    ///
    /// @param until when it ends by itself; absent: never
    /// @param event the name of the event that is waited for; absent: only the time is
    record WaitBegun(ActionId action, @Nullable Instant until, @Nullable String event)
            implements Event {}

    /// The event that was waited for is there.
    ///
    /// @param position of its mail
    record EventTaken(ActionId action, long position) implements Event {}

    /// The time of questions and waits is over, or nobody wants their answer any more. What comes
    /// later comes too late.
    record Lapsed(List<ActionId> actions, String why) implements Event {
        public Lapsed {
            actions = List.copyOf(actions);
        }
    }

    /// The turn was ended in its middle because somebody asked for it.
    ///
    /// @param dropped actions of the turn that were not begun, or would have been tried again: they
    ///   count as failed
    /// @param said what the session goes on with; absent: it listens
    record Interrupted(Principal by, List<ActionId> dropped, @Nullable Content said)
            implements Event {
        public Interrupted {
            dropped = List.copyOf(dropped);
        }
    }

    /// Everything before this was copied from another session's log; from here on this one goes its
    /// own way. Nothing that was open there is open here: what was under way is begun anew, and
    /// what was spent there is not counted here.
    ///
    /// @param at seq of the newest event that was copied
    /// @param cause who forked it, and on whose behalf the other session ran
    /// @param message said to it at once
    /// @param rewind whether it takes the other's place, which was told to cancel
    record Forked(
            SessionId from,
            long at,
            List<Principal> cause,
            @Nullable Instant deadline,
            @Nullable Money budget,
            @Nullable Content message,
            boolean rewind)
            implements Event {
        public Forked {
            cause = List.copyOf(cause);
        }
    }

    /// It goes on by another version of its definition.
    record Moved(DefinitionRef from, DefinitionRef to, Principal by) implements Event {}

    /// It stays with its version: what it has done does not fit the other one.
    record MoveRefused(DefinitionRef to, Principal by, String why) implements Event {}

    /// A model is about to be asked to say in short what the oldest part of the prompt says. A call
    /// like any other: reserved, paid for, and its prompt a link of the chain.
    ///
    /// @param turn that waits for it
    /// @param parent the prompt of the turn before
    /// @param added what that turn brought, and the order to sum up
    /// @param upTo so many messages of the prompt, its head included, are to be summed up
    record CompactionCalled(
            int turn,
            int attempt,
            String route,
            Hash prompt,
            Hash parent,
            List<Content> added,
            int upTo,
            @Nullable Money reserved)
            implements Event {
        public CompactionCalled {
            added = List.copyOf(added);
        }
    }

    /// The model has summed it up; the next call begins a new chain with that.
    record Compacted(
            int turn,
            int attempt,
            String provider,
            String model,
            Content summary,
            Usage usage,
            @Nullable Money cost,
            Duration total)
            implements Event {}

    /// It has not. After a few of these the oldest messages are left out instead.
    record CompactionFailed(
            int turn,
            int attempt,
            String provider,
            String model,
            ModelAnswer.Kind kind,
            String why,
            Usage usage,
            @Nullable Money cost)
            implements Event {}
}
