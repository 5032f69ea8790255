package dev.remit.core.brain;

import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.SessionId;
import dev.remit.core.session.ActionState;
import dev.remit.core.session.Event;
import dev.remit.core.session.Halt;
import dev.remit.core.session.State;
import dev.remit.core.session.StopReason;
import dev.remit.core.session.Waiting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the open actions of a session demand, whichever brain it has.
///
/// @param running a hand of this driver is at it
/// @param orphans their driver died, and doing them again could do them twice
/// @param doubtful a person has to say whether they happened
/// @param children handed to a session that has not ended
/// @param recalled the children among them that were told to cancel
/// @param again may be tried again now
/// @param retryAt when the next one may be tried again
/// @param asked questions that nobody has answered
/// @param waits for events or a time
/// @param until when the first of the questions and waits is over by itself
record Work(
        List<ActionId> running,
        List<ActionId> orphans,
        List<ActionId> doubtful,
        List<ActionId> children,
        List<SessionId> sessions,
        List<ActionId> recalled,
        List<Step.Action> again,
        @Nullable Instant retryAt,
        List<ActionId> asked,
        Map<ActionId, Event.WaitBegun> waits,
        @Nullable Instant until) {

    static Work of(State state) {
        var running = new ArrayList<ActionId>();
        var orphans = new ArrayList<ActionId>();
        var doubtful = new ArrayList<ActionId>();
        var children = new ArrayList<ActionId>();
        var sessions = new ArrayList<SessionId>();
        var recalled = new ArrayList<ActionId>();
        var again = new ArrayList<Step.Action>();
        var asked = new ArrayList<ActionId>();
        var waits = new LinkedHashMap<ActionId, Event.WaitBegun>();
        Instant retryAt = null;
        Instant until = null;
        for (var entry : state.actions().entrySet()) {
            var id = entry.getKey();
            switch (entry.getValue()) {
                case ActionState.Started s when !s.orphaned() -> running.add(id);
                case ActionState.Started s when s.start().idempotent() ->
                        again.add(retry(id, s.start()));
                case ActionState.Started s -> orphans.add(id);
                case ActionState.InDoubt d -> doubtful.add(id);
                case ActionState.Handed h -> {
                    children.add(id);
                    sessions.add(h.work().child());
                    if (h.recalled()) {
                        recalled.add(id);
                    }
                }
                case ActionState.Retrying r -> {
                    if (!r.retryAt().isAfter(state.now())) {
                        again.add(retry(id, r.start()));
                    } else if (retryAt == null || r.retryAt().isBefore(retryAt)) {
                        retryAt = r.retryAt();
                    }
                }
                case ActionState.Asked a -> {
                    asked.add(id);
                    until = earlier(until, a.question().expires());
                }
                case ActionState.Waits w -> {
                    waits.put(id, w.begun());
                    until = earlier(until, w.begun().until());
                }
                case ActionState.Over o -> {}
                case ActionState.Denied d -> {}
                case ActionState.Returned r -> {}
                case ActionState.Decided d -> {}
                case ActionState.Answered a -> {}
                case ActionState.Came c -> {}
                case ActionState.Lapsed l -> {}
            }
        }
        return new Work(
                running, orphans, doubtful, children, sessions, recalled, again, retryAt, asked,
                waits, until);
    }

    private static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
        if (a == null) {
            return b;
        }
        return b == null || a.isBefore(b) ? a : b;
    }

    /// The next attempt at an action, if it may begin now.
    static Step.@Nullable Action again(ActionId id, ActionState action, Instant now) {
        return switch (action) {
            case ActionState.Started s when s.orphaned() && s.start().idempotent() ->
                    retry(id, s.start());
            case ActionState.Retrying r when !r.retryAt().isAfter(now) -> retry(id, r.start());
            default -> null;
        };
    }

    private static Step.Action retry(ActionId id, Event.ActionStarted start) {
        return new Step.Action.Use(
                id,
                start.attempt() + 1,
                start.tool(),
                start.arguments().value(),
                start.timeout(),
                start.retry());
    }

    /// What must happen before anything else: orphans are settled, a cancelled or overdue session
    /// lets go of its work and closes. Absent if the session may go on.
    @Nullable Step ending(State state) {
        if (!orphans.isEmpty()) {
            return new Step.Settle(orphans);
        }
        var cancel = state.cancel();
        if (cancel == null && !state.isOverdue()) {
            var halt = state.halt();
            return halt == null ? null : halted(state, halt);
        }
        var why =
                cancel != null
                        ? cancel.why()
                        : "its time was up (" + state.opened().deadline() + ")";
        var unwanted = children.stream().filter(c -> !recalled.contains(c)).toList();
        if (!unwanted.isEmpty()) {
            return new Step.Recall(unwanted, why);
        }
        var call = state.call();
        if (!running.isEmpty() || (call != null && call.open())) {
            return new Step.Await(null);
        }
        if (!sessions.isEmpty()) {
            return new Step.Wait(new Waiting.Session(sessions));
        }
        if (!doubtful.isEmpty()) {
            return trouble();
        }
        return new Step.Close(cancel != null ? StopReason.CANCELLED : StopReason.FAILED, null, why);
    }

    /// Nothing new is begun. What is under way ends, or is cut; then the session listens.
    private Step halted(State state, Halt halt) {
        if (halt.done()) {
            return doubtful.isEmpty() ? new Step.Wait(new Waiting.Message()) : trouble();
        }
        var call = state.call();
        boolean busy = !running.isEmpty() || (call != null && call.open());
        return busy ? new Step.Await(null) : new Step.Interrupt(Interruption.dropped(state));
    }

    /// What to do while nothing new can be started. Absent if nothing is open.
    @Nullable Step pause() {
        if (!running.isEmpty()) {
            return new Step.Await(retryAt);
        }
        if (!doubtful.isEmpty()) {
            return trouble();
        }
        if (!asked.isEmpty()) {
            return new Step.Wait(new Waiting.Approval(asked));
        }
        if (retryAt != null) {
            return new Step.Wait(new Waiting.Timer(retryAt, "to try an action again"));
        }
        if (!sessions.isEmpty()) {
            return new Step.Wait(new Waiting.Session(sessions));
        }
        var events =
                waits.values().stream()
                        .flatMap(wait -> Stream.ofNullable(wait.event()))
                        .distinct()
                        .toList();
        if (!events.isEmpty()) {
            return new Step.Wait(new Waiting.Event(events));
        }
        return until == null
                ? null
                : new Step.Wait(new Waiting.Timer(until, "a step of the workflow waits"));
    }

    Step trouble() {
        var undo = doubtful.stream().filter(ActionId::isUndo).toList();
        if (!undo.isEmpty()) {
            return new Step.Wait(
                    new Waiting.Trouble(
                            "could not take back what was done: "
                                    + undo
                                    + " failed; take it back by hand and say: remit resolve <id>"
                                    + " happened, or let it be tried again: did-not-happen",
                            doubtful));
        }
        var one = doubtful.size() == 1;
        return new Step.Wait(
                new Waiting.Trouble(
                        "nobody knows whether "
                                + (one ? "action " : "actions ")
                                + doubtful
                                + " happened; look, then say: remit resolve <id> happened, or"
                                + " did-not-happen",
                        doubtful));
    }
}
