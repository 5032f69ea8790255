package dev.remit.runtime;

import dev.remit.core.session.Event;
import dev.remit.core.session.SessionLog;
import dev.remit.core.session.SessionLog.Answer;
import dev.remit.core.session.SessionLog.Append;
import dev.remit.core.session.SessionLog.Fence;
import dev.remit.core.session.SessionLog.Outgoing;
import dev.remit.core.session.SessionLog.Then;
import dev.remit.core.session.State;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Writes one claimed session. Collects events, so that the end of one step and the start of the
/// next go into the log in one append.
final class Writer {
    /// A log shorter than this is folded faster than a snapshot is read.
    private static final long SMALLEST_SNAPSHOT = 64 * 1024;

    private static final int BUSY_TRIES = 200;
    private static final long BUSY_PAUSE_NANOS = 2_000_000;

    private final SessionLog log;
    private final InstantSource clock;
    private final Fence fence;
    private final Consumer<List<Outgoing>> sent;
    private State durable;
    private State state;
    private List<Event> events = new ArrayList<>();
    private List<Outgoing> outbox = new ArrayList<>();
    private long rules;
    private long mail;
    private long snapshotBytes;
    private long tailBytes;

    /// @param sent told of what went out with an append, once it is durable
    Writer(
            SessionLog log,
            InstantSource clock,
            Fence fence,
            SessionLog.Loaded loaded,
            Consumer<List<Outgoing>> sent) {
        this.log = log;
        this.sent = sent;
        this.clock = clock;
        this.fence = fence;
        this.durable = loaded.state();
        this.state = durable;
        this.snapshotBytes = loaded.snapshotBytes();
        this.tailBytes = loaded.tailBytes();
        this.rules = log.rules();
        this.mail = durable.mail();
    }

    /// The state with what is collected and not written yet.
    State state() {
        return state;
    }

    Fence fence() {
        return fence;
    }

    /// Whether the inbox holds something that was not taken in.
    boolean hasMail() {
        return mail > state.mail();
    }

    List<Event> unwritten() {
        return List.copyOf(events);
    }

    void add(Event event) {
        state = state.apply(event, clock.instant());
        events.add(event);
    }

    void send(Outgoing outgoing) {
        outbox.add(outgoing);
    }

    /// A place to go back to with [#rollback].
    record Mark(State state, int events, int outbox) {}

    Mark mark() {
        return new Mark(state, events.size(), outbox.size());
    }

    private void rollback(Mark mark) {
        state = mark.state();
        events = new ArrayList<>(events.subList(0, mark.events()));
        outbox = new ArrayList<>(outbox.subList(0, mark.outbox()));
    }

    boolean hasUnwritten() {
        return !events.isEmpty() || !outbox.isEmpty();
    }

    /// Appends what was collected.
    ///
    /// @param mark taken before what was decided under the present rules
    /// @return false if the rules changed: nothing is written, and what came after the mark is gone
    /// @throws LostClaim if this driver may not write any more; what was collected is not written,
    ///   or nobody knows
    Written flush(Then then, Mark mark) throws LostClaim {
        var append =
                new Append(
                        fence,
                        durable.seq(),
                        clock.instant(),
                        events,
                        outbox,
                        rules,
                        events.stream().anyMatch(Writer::isProgress),
                        then);
        for (int i = 0; i < BUSY_TRIES; i++) {
            switch (log.append(append)) {
                case Answer.Appended a -> {
                    return written(a);
                }
                case Answer.Busy b -> LockSupport.parkNanos(BUSY_PAUSE_NANOS);
                case Answer.Stale s -> throw new LostClaim("another driver took over", false);
                case Answer.Unknown u -> throw new LostClaim(u.why(), true);
                case Answer.RulesChanged r -> {
                    rules = r.rules();
                    rollback(mark);
                    return Written.RULES_CHANGED;
                }
                case Answer.MailCame came -> {
                    mail = came.mail();
                    rollback(mark);
                    return Written.MAIL_CAME;
                }
            }
        }
        throw new LostClaim("the session's row was held by others all the time", true);
    }

    /// How an append ended that did not end the claim.
    enum Written {
        YES,
        AND_PARKED,
        /// Nothing is written, and what came after the mark is gone; so with the next one.
        RULES_CHANGED,
        MAIL_CAME
    }

    private Written written(Answer.Appended appended) {
        durable = state;
        if (!outbox.isEmpty()) {
            sent.accept(outbox);
        }
        events = new ArrayList<>();
        outbox = new ArrayList<>();
        mail = appended.mail();
        tailBytes += appended.bytes();
        if (tailBytes > Math.max(SMALLEST_SNAPSHOT, snapshotBytes) && !state.isClosed()) {
            snapshotBytes = log.snapshot(fence, state);
            tailBytes = 0;
        }
        return appended.parked() ? Written.AND_PARKED : Written.YES;
    }

    /// Something was finished: whatever killed drivers before is behind the session.
    private static boolean isProgress(Event event) {
        return switch (event) {
            case Event.ModelReplied e -> true;
            case Event.Compacted e -> true;
            case Event.ActionEnded e -> true;
            case Event.Received e -> true;
            case Event.Delegated e -> true;
            case Event.OutputRejected e -> true;
            case Event.Closed e -> true;
            case Event.Interrupted e -> true;
            case Event.Moved e -> true;
            default -> false;
        };
    }
}
