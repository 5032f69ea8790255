package dev.remit.runtime;

import static java.util.Objects.requireNonNull;

import dev.remit.core.agent.Definition;
import dev.remit.core.brain.Compatibility;
import dev.remit.core.brain.Step;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.session.ActionState;
import dev.remit.core.session.Event;
import dev.remit.core.session.Mail;
import dev.remit.core.session.SessionLog.Outgoing;
import dev.remit.core.session.State;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What people do to a session while it runs, as far as its driver carries it out.
final class Steering {
    private Steering() {}

    /// Whether it was told to end its turn and has not.
    static boolean isHalting(State state) {
        var halt = state.halt();
        return halt != null && !halt.done();
    }

    /// Whether a driver is at something whose end it waits for.
    static boolean isBusy(State state) {
        var call = state.call();
        return (call != null && call.open())
                || state.actions().values().stream()
                        .anyMatch(a -> a instanceof ActionState.Started s && !s.orphaned());
    }

    /// The turn is over; whoever works for the session is told the same.
    static void interrupt(Step.Interrupt step, Writer writer) {
        var halt = requireNonNull(writer.state().halt(), "interrupted by nobody");
        writer.add(new Event.Interrupted(halt.by(), step.dropped(), halt.said()));
        for (var child : children(writer.state())) {
            writer.send(new Outgoing.Send(child, new Mail.Interrupt(halt.by(), halt.said())));
        }
    }

    /// Words that make a halted session go on reach those who were halted with it.
    static void passOn(Mail mail, State before, Writer writer) {
        var halt = before.halt();
        if (halt == null || !halt.done() || writer.state().halt() != null) {
            return;
        }
        @Nullable Mail words =
                switch (mail) {
                    case Mail.Message message -> message;
                    case Mail.Interrupt i -> words(i);
                    default -> null;
                };
        if (words != null) {
            children(before).forEach(child -> writer.send(new Outgoing.Send(child, words)));
        }
    }

    /// A child whose part of the budget was raised is told; one for which there is not enough left
    /// is not.
    static void raise(Mail.RaiseChild raise, Writer writer) {
        if (writer.state().actions().get(raise.action()) instanceof ActionState.Handed handed) {
            var allotted = handed.work().allotted();
            if (allotted == null || !raise.limit().isMoreThan(allotted)) {
                writer.send(
                        new Outgoing.Send(
                                handed.work().child(),
                                new Mail.RaiseBudget(raise.limit(), raise.by())));
            }
        }
    }

    private static @Nullable Mail words(Mail.Interrupt interrupt) {
        Content said = interrupt.message();
        return said == null ? null : new Mail.Message(interrupt.by(), said);
    }

    private static List<SessionId> children(State state) {
        return state.actions().values().stream()
                .filter(ActionState.Handed.class::isInstance)
                .map(handed -> ((ActionState.Handed) handed).work().child())
                .toList();
    }

    /// Writes down that the session goes on by another version, or why it does not.
    ///
    /// @return why not; absent if it does
    static @Nullable String move(Mail.Move move, Definition from, Parts parts, Writer writer) {
        var refusal = refusal(move, from, parts, writer.state());
        if (refusal == null) {
            writer.add(new Event.Moved(from.ref(), move.to(), move.by()));
            writer.send(new Outgoing.Became(writer.state().id(), move.to()));
        } else {
            writer.add(new Event.MoveRefused(move.to(), move.by(), refusal));
        }
        return refusal;
    }

    private static @Nullable String refusal(
            Mail.Move move, Definition from, Parts parts, State state) {
        try {
            var to = parts.definitions().find(move.to());
            return Compatibility.refusal(from, to, state).orElse(null);
        } catch (RuntimeException e) {
            return "this server cannot read that version: " + e.getMessage();
        }
    }
}
