package dev.remit.runtime;

import dev.remit.core.agent.Definition;
import dev.remit.core.brain.Brain;
import dev.remit.core.brain.Step;
import dev.remit.core.session.ActionState;
import dev.remit.core.session.Event;
import dev.remit.core.session.Mail;
import dev.remit.core.session.SessionLog;
import dev.remit.core.session.SessionLog.Claim;
import dev.remit.core.session.SessionLog.Then;
import dev.remit.core.session.State;
import dev.remit.core.session.Unavailable;
import dev.remit.core.session.Waiting;
import dev.remit.runtime.Writer.Written;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries one claimed session forward: asks its brain, does what it says, writes it down.
///
/// It never waits: [#advance] goes as far as it can and says what it needs. So the same code runs
/// on a thread of its own and in a simulated world.
final class Drive {
    private static final Logger LOG = LoggerFactory.getLogger(Drive.class);

    /// A driver that dies this often in a row without finishing anything is not started again.
    static final int MOST_RECOVERIES = 5;

    private final Parts parts;
    private final SessionLog log;
    private Brain brain;
    private final Writer writer;
    private final Effects effects;
    private Definition definition;
    private ModelCalls modelCalls;
    private Actions actions;
    private Closing closing;
    private final Claim.Claimed claim;
    private final List<Signal.HandEnded> unwrittenEnds = new ArrayList<>();
    private final BooleanSupplier handingOver;
    private boolean begun;
    private boolean woken;

    /// @param mail whether there may be some that nobody was told of
    /// @param handingOver whether this node wants to be rid of the session: it begins no further
    ///   step, and lets go of it once nothing is under way
    Drive(
            Parts parts,
            Workers workers,
            Claim.Claimed claim,
            SessionLog.Loaded loaded,
            Definition definition,
            Brain brain,
            Signals signals,
            boolean mail,
            Consumer<List<SessionLog.Outgoing>> sent,
            BooleanSupplier handingOver) {
        this.parts = parts;
        this.woken = mail;
        this.handingOver = handingOver;
        this.log = parts.log();
        this.brain = brain;
        this.definition = definition;
        this.claim = claim;
        this.writer = new Writer(log, parts.clock(), claim.fence(), loaded, sent);
        this.effects = new Effects(parts, workers, claim.fence().session(), signals);
        this.modelCalls = new ModelCalls(parts, definition, writer, effects);
        this.actions = new Actions(parts, definition, writer, effects);
        this.closing = new Closing(definition, writer);
    }

    /// What a driver needs to go on.
    sealed interface Turn {
        /// A signal, or that time.
        record Waiting(@Nullable Instant until) implements Turn {}

        /// Nothing: the claim is released, or lost.
        sealed interface Over extends Turn {
            /// The session waits.
            ///
            /// @param due when it is to be woken, if by time
            record Parked(@Nullable Instant due) implements Over {}

            record Closed() implements Over {}

            /// @param claimAgain nobody knows whether the last append was written: claim, and see
            record Lost(boolean claimAgain) implements Over {}

            /// It is ready, for any other node.
            record HandedOver() implements Over {}
        }
    }

    /// Goes on as far as it can.
    Turn advance(List<Signal> signals) {
        try {
            if (!begun) {
                begun = true;
                var parked = begin();
                if (parked != null) {
                    return parked;
                }
            }
            signals.forEach(this::take);
            var turn = go();
            if (turn instanceof Turn.Over) {
                actions.leavePlaces();
            }
            return turn;
        } catch (LostClaim e) {
            return lost(e.claimAgain());
        } catch (Unavailable e) {
            if (!e.mayPass()) {
                throw e;
            }
            LOG.debug("session {} is claimed again: {}", writer.fence().session(), e.getMessage());
            return lost(true);
        }
    }

    private Turn lost(boolean claimAgain) {
        effects.cutCall();
        unwrittenEnds.forEach(effects::keep);
        actions.leavePlaces();
        return new Turn.Over.Lost(claimAgain);
    }

    /// Something went wrong in here that going on cannot mend: a person must look.
    ///
    /// @return whether it could be written down
    boolean giveUp(String why) {
        try {
            effects.cutCall();
            unwrittenEnds.forEach(effects::keep);
            actions.leavePlaces();
            return trouble(why) instanceof Turn.Over;
        } catch (LostClaim e) {
            return false;
        }
    }

    private @Nullable Turn begin() throws LostClaim {
        var state = writer.state();
        if (state.isClosed()) {
            return new Turn.Over.Closed();
        }
        boolean interrupted =
                state.actions().values().stream().anyMatch(ActionState.Started.class::isInstance)
                        || (state.call() != null && state.call().open());
        if (claim.recovered() || interrupted) {
            writer.add(new Event.Recovered("the driver before did not finish"));
            actions.takeOverKept();
        }
        if (claim.recoveries() > MOST_RECOVERIES) {
            return trouble(poisoned());
        }
        return null;
    }

    /// Why nobody drives it any more, with what is known of those who tried.
    private String poisoned() {
        var last =
                log.failure(claim.fence().session())
                        .map(f -> "the last to say why was node " + f.node() + ": " + f.what())
                        .orElse(
                                "none of them could say why: killed, out of memory, or cut off from"
                                        + " the database");
        return "its driver died "
                + claim.recoveries()
                + " times in a row without finishing anything; "
                + last;
    }

    private Turn trouble(String reason) throws LostClaim {
        var why = reason + ". Look into it, then: ./remit redrive " + writer.fence().session();
        var waiting = new Waiting.Trouble(why, List.of());
        writer.add(new Event.Idled(waiting));
        var due = writer.state().opened().deadline();
        var then = new Then.Park(waiting, due, writer.state().mail());
        return writer.flush(then, writer.mark()) == Written.AND_PARKED
                ? new Turn.Over.Parked(due)
                : new Turn.Waiting(null);
    }

    private void take(Signal signal) {
        effects.ended(signal);
        switch (signal) {
            case Signal.Woken w -> woken = true;
            case Signal.ModelAnswered answered -> modelCalls.ended(answered);
            case Signal.HandEnded ended -> {
                unwrittenEnds.add(ended);
                actions.ended(ended);
            }
        }
    }

    private Turn go() throws LostClaim {
        while (true) {
            takeMail();
            noticeTime();
            var state = writer.state();
            if (state.cancel() != null || state.isOverdue() || Steering.isHalting(state)) {
                effects.interrupt();
            }
            var move = state.move();
            if (move != null && Steering.isBusy(state)) {
                if (writer.hasUnwritten()) {
                    write(new Then.Keep(), writer.mark());
                }
                if (!writer.hasMail()) {
                    return new Turn.Waiting(due());
                }
                continue;
            }
            if (move != null) {
                move(move);
                continue;
            }
            var mark = writer.mark();
            var step = brain.next(state);
            if (handingOver.getAsBoolean() && begins(step)) {
                var turn = handOver(mark);
                if (turn != null) {
                    return turn;
                }
                continue;
            }
            switch (step) {
                case Step.CallModel call -> modelCalls.start(call, mark);
                case Step.Compact compact -> modelCalls.compact(compact, mark);
                case Step.Act act -> {
                    var later = actions.start(act.actions(), mark);
                    var turn = later == null ? null : postpone(later);
                    if (turn != null) {
                        return turn;
                    }
                }
                case Step.Recall recall -> recall(recall);
                case Step.Note note -> note.events().forEach(writer::add);
                case Step.Interrupt interrupt -> Steering.interrupt(interrupt, writer);
                case Step.Settle settle -> {
                    var until = actions.settle(settle.actions());
                    if (until != null) {
                        var turn = park(new Waiting.Timer(until, "for an end that may come late"));
                        if (turn != null) {
                            return turn;
                        }
                    }
                }
                case Step.Wait wait -> {
                    var turn = park(wait.waiting());
                    if (turn != null) {
                        return turn;
                    }
                }
                case Step.Await await -> {
                    if (writer.hasUnwritten()) {
                        write(new Then.Keep(), mark);
                    }
                    actions.leavePlaces();
                    if (!writer.hasMail()) {
                        return new Turn.Waiting(earlier(await.until(), due()));
                    }
                }
                case Step.Close close -> {
                    if (closing.close(close, mark)) {
                        return new Turn.Over.Closed();
                    }
                }
            }
            if (!writer.hasUnwritten()) {
                unwrittenEnds.clear();
            }
            var budget = modelCalls.refusedForBudget();
            if (budget != null) {
                var turn = park(budget);
                if (turn != null) {
                    return turn;
                }
            }
        }
    }

    /// Lets go of the session where what it waits for may take long, unless something is under way.
    ///
    /// @return null if mail came in between, and the session goes on
    private @Nullable Turn postpone(Later later) throws LostClaim {
        if (writer.hasMail()) {
            return null;
        }
        var waiting = later.waiting();
        return waiting == null || !effects.isIdle()
                ? new Turn.Waiting(earlier(later.until(), due()))
                : park(waiting, earlier(later.until(), due()));
    }

    /// Whether something would be under way after it that is not now.
    private static boolean begins(Step step) {
        return step instanceof Step.CallModel
                || step instanceof Step.Compact
                || step instanceof Step.Act;
    }

    /// @return null if the rules changed meanwhile, and the step is to be decided again
    private @Nullable Turn handOver(Writer.Mark mark) throws LostClaim {
        if (!effects.isIdle()) {
            if (writer.hasUnwritten() && write(new Then.Keep(), mark) != Written.YES) {
                return null;
            }
            return new Turn.Waiting(due());
        }
        return write(new Then.Yield(), mark) == Written.AND_PARKED
                ? new Turn.Over.HandedOver()
                : null;
    }

    private void takeMail() {
        if (!woken && !writer.hasMail()) {
            return;
        }
        woken = false;
        for (var delivered : log.mail(writer.fence().session(), writer.state().mail())) {
            var before = writer.state();
            writer.add(new Event.Received(delivered.position(), delivered.mail()));
            if (delivered.mail() instanceof Mail.Resolve resolve) {
                actions.resolved(resolve, before);
            }
            if (delivered.mail() instanceof Mail.RaiseChild raise) {
                Steering.raise(raise, writer);
            }
            Steering.passOn(delivered.mail(), before, writer);
        }
    }

    /// The brain's clock is the newest event's time: where something is due, an event moves it on.
    private void noticeTime() {
        var due = due();
        if (due != null && !due.isAfter(parts.clock().instant())) {
            writer.add(new Event.TimerFired());
        }
    }

    /// When the next thing of this session is due, later than its own time.
    private @Nullable Instant due() {
        var state = writer.state();
        var due = after(state.opened().deadline(), state);
        var call = state.call();
        if (call != null) {
            due = earlier(due, after(call.retryAt(), state));
        }
        for (var action : state.actions().values()) {
            var next =
                    switch (action) {
                        case ActionState.Retrying retrying -> retrying.retryAt();
                        case ActionState.Asked asked -> asked.question().expires();
                        case ActionState.Waits waits -> waits.begun().until();
                        default -> null;
                    };
            due = earlier(due, after(next, state));
        }
        return due;
    }

    private static @Nullable Instant after(@Nullable Instant time, State state) {
        return time != null && time.isAfter(state.now()) ? time : null;
    }

    private static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
        if (a == null) {
            return b;
        }
        return b == null || a.isBefore(b) ? a : b;
    }

    /// Goes on by another version, if what is done fits it.
    private void move(Mail.Move move) {
        var refused = Steering.move(move, definition, parts, writer);
        if (refused == null) {
            definition = parts.definitions().find(move.to());
            brain = Engine.brain(definition, parts.redactor());
            modelCalls = new ModelCalls(parts, definition, writer, effects);
            actions = new Actions(parts, definition, writer, effects);
            closing = new Closing(definition, writer);
        }
    }

    private void recall(Step.Recall recall) {
        writer.add(new Event.Recalled(recall.actions(), recall.why()));
        for (var action : recall.actions()) {
            if (writer.state().actions().get(action) instanceof ActionState.Handed handed) {
                var by = writer.state().opened().cause().getFirst();
                writer.send(
                        new SessionLog.Outgoing.Send(
                                handed.work().child(), new Mail.Cancel(by, recall.why())));
            }
        }
    }

    /// @return null if mail came in between, and the session goes on
    private @Nullable Turn park(Waiting waiting) throws LostClaim {
        return park(
                waiting,
                waiting instanceof Waiting.Timer timer ? earlier(timer.at(), due()) : due());
    }

    private @Nullable Turn park(Waiting waiting, @Nullable Instant due) throws LostClaim {
        var state = writer.state();
        if (!waiting.equals(state.waiting())) {
            writer.add(new Event.Idled(waiting));
        }
        var then = new Then.Park(waiting, due, state.mail());
        var written = write(then, writer.mark());
        return written == Written.AND_PARKED ? new Turn.Over.Parked(due) : null;
    }

    private Written write(Then then, Writer.Mark mark) throws LostClaim {
        var written = writer.flush(then, mark);
        if (!writer.hasUnwritten()) {
            unwrittenEnds.clear();
        }
        return written;
    }

    /// Whether nothing is under way whose end would be lost by stopping now.
    boolean isQuiet() {
        return effects.isQuiet();
    }

    /// How long the thread may wait at most: wake-ups are hints, and a hint can be lost.
    static Duration longestWait() {
        return Duration.ofSeconds(30);
    }
}
