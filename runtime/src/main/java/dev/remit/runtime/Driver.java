package dev.remit.runtime;

import dev.remit.core.identity.SessionId;
import dev.remit.core.session.Dispatcher;
import dev.remit.core.session.SessionLog;
import dev.remit.core.session.SessionLog.Claim;
import dev.remit.core.session.SessionLog.Outgoing;
import dev.remit.core.session.Unavailable;
import dev.remit.core.session.UnknownDefinition;
import dev.remit.core.session.UnknownLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Drives sessions on this node, each in the thread that brings it, until it has nothing to do.
/// Knows which ones are running here. When and where a session is driven, a [Dispatching] decides.
public final class Driver {
    private static final Logger LOG = LoggerFactory.getLogger(Driver.class);
    private static final Duration AFTER_TROUBLE = Duration.ofMillis(200);
    private static final Duration A_MOMENT = Duration.ofMillis(1);
    private static final Duration LOOK = Duration.ofMillis(10);

    /// After its patience is over, a stopping driver waits so long for those that it cuts.
    private static final Duration AT_LAST = Duration.ofSeconds(1);

    private static final Duration LEFT_FOR = Duration.ofMinutes(1);
    private static final int MOST_LEFT = 2_000;

    /// A definition that this build cannot read, and nobody else took up after so many looks, needs
    /// a person.
    private static final int LOOKS = 5;

    private final Parts parts;
    private final Dispatcher dispatcher;
    private final Workers workers = Workers.threads();
    private final ConcurrentHashMap<SessionId, Signals> running = new ConcurrentHashMap<>();

    /// Sessions that only a newer program understands.
    private final ConcurrentHashMap<SessionId, Left> left = new ConcurrentHashMap<>();

    /// @param until when it is looked at again
    /// @param looks how often it was looked at
    private record Left(Instant until, int looks) {}

    private volatile boolean stopping;
    private volatile boolean handingOver;
    private volatile boolean patienceIsOver;

    /// @param dispatcher is told of the sessions that those of this node write to
    Driver(Parts parts, Dispatcher dispatcher) {
        this.parts = parts;
        this.dispatcher = dispatcher;
    }

    /// What a dispatcher asks: who is ready, and what time it is.
    public Parts parts() {
        return parts;
    }

    /// How many sessions are being driven at this moment.
    public int running() {
        return running.size();
    }

    /// Tells a session that runs here to look for mail and at its clock.
    ///
    /// @return false if it does not run here
    public boolean nudge(SessionId id) {
        var signals = running.get(id);
        return signals != null && signals.post(new Signal.Woken());
    }

    /// Whether a session is being driven here at this moment.
    public boolean isRunning(SessionId id) {
        return running.containsKey(id);
    }

    /// Drives a session in this thread until it is idle, closed, or lost. Never throws for what
    /// happens to the session or to the log.
    public Driven drive(SessionId id) throws InterruptedException {
        if (stopping) {
            return new Driven.Stopping();
        }
        if (isLeft(id)) {
            return new Driven.Elsewhere("a newer node has to take it up");
        }
        var fresh = new Signals();
        var known =
                running.compute(
                        id,
                        (key, now) -> now != null && now.post(new Signal.Woken()) ? now : fresh);
        return known == fresh ? drive(id, fresh) : new Driven.Here();
    }

    /// Drives it again for as long as that is what it needs.
    ///
    /// @param first what came of it so far
    /// @return what came of it at last; never [Driven.Again]
    public Driven driveOn(SessionId id, Driven first) throws InterruptedException {
        var driven = first;
        while (driven instanceof Driven.Again again) {
            Thread.sleep(again.after());
            driven = drive(id);
        }
        return driven;
    }

    /// Drives a session that is claimed already, likewise.
    public Driven drive(Claim.Claimed claimed) throws InterruptedException {
        var fresh = new Signals();
        return drive(claimed, fresh, () -> carry(claimed, fresh));
    }

    /// Drives one that was claimed as it was opened, likewise.
    public Driven drive(SessionLog.Mine mine) throws InterruptedException {
        var fresh = new Signals();
        return drive(
                mine.claimed(), fresh, () -> drive(mine.claimed(), mine.loaded(), fresh, false));
    }

    private Driven drive(Claim.Claimed claimed, Signals fresh, Work work)
            throws InterruptedException {
        var id = claimed.fence().session();
        while (running.putIfAbsent(id, fresh) != null) {
            // the thread that had it before is about to end: the log says that it let go
            pause(A_MOMENT);
        }
        return drive(id, fresh, work);
    }

    private Driven drive(SessionId id, Signals signals) throws InterruptedException {
        return drive(id, signals, () -> claimed(id, signals));
    }

    private Driven drive(SessionId id, Signals signals, Work work) throws InterruptedException {
        Driven driven = new Driven.Again(AFTER_TROUBLE);
        boolean late = false;
        try {
            driven = work.run();
        } catch (RuntimeException e) {
            LOG.warn("session {} could not be driven; trying again: {}", id, e.toString());
        } finally {
            var unread = signals.close();
            late = !unread.isEmpty();
            keep(id, unread);
            running.remove(id, signals);
        }
        return late && !(driven instanceof Driven.Again) ? new Driven.Again(Duration.ZERO) : driven;
    }

    private interface Work {
        Driven run() throws InterruptedException;
    }

    private void keep(SessionId id, List<Signal> left) {
        for (var signal : left) {
            if (signal instanceof Signal.HandEnded ended) {
                try {
                    parts.log().keep(id, ended.action(), ended.attempt(), ended.end());
                } catch (RuntimeException e) {
                    LOG.warn("the end of {} in {} is lost: {}", ended.action(), id, e.toString());
                }
            }
        }
    }

    private Driven claimed(SessionId id, Signals signals) throws InterruptedException {
        return switch (parts.log().claim(id)) {
            case Claim.Refused refused when refused.forGood() -> new Driven.Closed();
            case Claim.Refused refused -> new Driven.Elsewhere(refused.why());
            case Claim.Claimed claimed -> carry(claimed, signals);
        };
    }

    private Driven carry(Claim.Claimed claimed, Signals signals) throws InterruptedException {
        var id = claimed.fence().session();
        SessionLog.Loaded loaded;
        try {
            loaded = parts.log().load(id);
        } catch (UnknownLog e) {
            return leave(claimed, e);
        } catch (RuntimeException e) {
            failed(id, Breakdown.of(e, parts.redactor()));
            throw e;
        }
        return drive(claimed, loaded, signals, true);
    }

    /// @param mail whether there may be some that nobody was told of
    private Driven drive(
            Claim.Claimed claimed, SessionLog.Loaded loaded, Signals signals, boolean mail)
            throws InterruptedException {
        var id = claimed.fence().session();
        Drive drive;
        try {
            var definition = parts.definitions().find(loaded.state().opened().definition());
            var brain = Engine.brain(definition, parts.redactor());
            drive =
                    new Drive(
                            parts,
                            workers,
                            claimed,
                            loaded,
                            definition,
                            brain,
                            signals,
                            mail,
                            this::sent,
                            () -> handingOver);
        } catch (UnknownDefinition e) {
            return isHopeless(id) ? strand(claimed, loaded, e) : leave(claimed, e);
        } catch (UnknownLog e) {
            return leave(claimed, e);
        } catch (Unavailable e) {
            failed(id, Breakdown.of(e, parts.redactor()));
            throw e; // it says nothing about the definition
        } catch (RuntimeException e) {
            return strand(claimed, loaded, e);
        }
        try {
            return carry(drive, signals);
        } catch (UnknownLog e) {
            return leave(claimed, e);
        } catch (RuntimeException e) {
            LOG.error("driving session {} failed inside of Remit", id, e);
            var why = Breakdown.of(e, parts.redactor());
            failed(id, why);
            boolean written = drive.giveUp("Remit failed while driving it: " + why);
            return written ? new Driven.Idle(null) : new Driven.Again(AFTER_TROUBLE);
        }
    }

    private Driven strand(Claim.Claimed claimed, SessionLog.Loaded loaded, RuntimeException e) {
        var id = claimed.fence().session();
        LOG.error("session {} cannot be driven by this build", id, e);
        var why = Breakdown.of(e, parts.redactor());
        failed(id, why);
        return new Stranded(parts, claimed, loaded, this::sent).park(why)
                ? new Driven.Idle(null)
                : new Driven.Again(AFTER_TROUBLE);
    }

    /// Nothing is written, and nothing is lost: a newer node takes the session up, and this one
    /// looks at it again after a while, in case that there is none.
    private Driven leave(Claim.Claimed claimed, UnknownLog why) {
        var id = claimed.fence().session();
        LOG.warn("session {} is left to another node: {}", id, why.getMessage());
        boolean early = isLeft(id);
        var now = parts.clock().instant();
        if (left.size() >= MOST_LEFT) {
            left.values().removeIf(old -> !old.until().isAfter(now));
        }
        boolean full = left.size() >= MOST_LEFT;
        if (!full) {
            left.merge(
                    id,
                    new Left(now.plus(LEFT_FOR), 1),
                    (old, next) -> new Left(next.until(), old.looks() + 1));
        }
        parts.log().release(claimed.fence());
        if (early || full) {
            pause(AT_LAST); // it may be given to this node at once: no hot circle
        }
        return new Driven.Elsewhere(String.valueOf(why.getMessage()));
    }

    /// Sessions that this node does not want to be given for now.
    Set<SessionId> left() {
        if (left.isEmpty()) {
            return Set.of();
        }
        var now = parts.clock().instant();
        return left.entrySet().stream()
                .filter(entry -> entry.getValue().until().isAfter(now))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    private boolean isLeft(SessionId id) {
        var known = left.get(id);
        return known != null && known.until().isAfter(parts.clock().instant());
    }

    /// Whether no other node can be expected to take it up.
    private boolean isHopeless(SessionId id) {
        var known = left.get(id);
        return parts.log().isAlone() || (known != null && known.looks() >= LOOKS);
    }

    /// Keeps the reason for whoever has to look into it; that it cannot be kept changes nothing.
    private void failed(SessionId id, String why) {
        try {
            parts.log().failed(id, why);
        } catch (RuntimeException e) {
            LOG.warn("why session {} failed could not be kept: {}", id, e.toString());
        }
    }

    private Driven carry(Drive drive, Signals signals) throws InterruptedException {
        while (true) {
            switch (drive.advance(signals.drain())) {
                case Drive.Turn.Over over -> {
                    return switch (over) {
                        case Drive.Turn.Over.Parked parked -> new Driven.Idle(parked.due());
                        case Drive.Turn.Over.Closed c -> new Driven.Closed();
                        case Drive.Turn.Over.HandedOver h -> new Driven.Stopping();
                        case Drive.Turn.Over.Lost lost ->
                                lost.claimAgain()
                                        ? new Driven.Again(AFTER_TROUBLE)
                                        : new Driven.Elsewhere("the claim was lost");
                    };
                }
                case Drive.Turn.Waiting waiting -> {
                    if (stopping && patienceIsOver && drive.isQuiet()) {
                        return new Driven.Stopping();
                    }
                    signals.await(longest(waiting.until()));
                }
            }
        }
    }

    /// Whoever was written to in an append is woken without waiting for the next sweep.
    private void sent(List<Outgoing> outgoing) {
        for (var sent : outgoing) {
            switch (sent) {
                case Outgoing.Open open -> dispatcher.wake(open.child().id());
                case Outgoing.Send send -> dispatcher.wake(send.to());
                case Outgoing.Became became -> {}
            }
        }
    }

    private Duration longest(@Nullable Instant until) {
        var most = stopping ? AFTER_TROUBLE : Drive.longestWait();
        if (until == null) {
            return most;
        }
        var left = Duration.between(parts.clock().instant(), until);
        return left.compareTo(most) < 0 ? left : most;
    }

    /// Hands every session over at the end of its step, or goes on driving.
    void handOver(boolean wanted) {
        handingOver = wanted;
        nudgeAll();
    }

    private void nudgeAll() {
        running.values().forEach(signals -> signals.post(new Signal.Woken()));
    }

    /// Starts nothing more, and waits for what is under way to end, so that others can go on from
    /// there. What takes longer than that is left: actions that do no harm when cut at once, the
    /// others a little later.
    void stop(Duration patience) {
        stopping = true;
        handOver(true);
        await(patience);
        patienceIsOver = true;
        nudgeAll();
        await(AT_LAST);
    }

    private void await(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (!running.isEmpty() && System.nanoTime() < end) {
            pause(LOOK);
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
