package dev.remit.runtime;

import dev.remit.core.identity.SessionId;
import dev.remit.core.session.Dispatcher;
import dev.remit.core.session.SessionLog.Claim;
import dev.remit.core.session.SessionLog.Outgoing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The dispatcher inside this JVM: a virtual thread for each session that has something to do, and
/// a sweeper that asks the log again and again who is ready. A waiting session has neither.
final class LocalDispatcher implements Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(LocalDispatcher.class);
    private static final Duration SWEEP = Duration.ofSeconds(1);
    private static final Duration AFTER_TROUBLE = Duration.ofMillis(200);
    private static final int MOST_AT_ONCE = 2_000;

    private final Parts parts;
    private final Workers workers = Workers.threads();
    private final ConcurrentHashMap<SessionId, Running> running = new ConcurrentHashMap<>();
    private final Semaphore places = new Semaphore(MOST_AT_ONCE, true);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition sooner = lock.newCondition();
    private Instant nextSweep = Instant.MIN;
    private volatile boolean stopping;
    private @Nullable Thread sweeper;

    LocalDispatcher(Parts parts) {
        this.parts = parts;
    }

    /// A session that has a thread on this node.
    private static final class Running {
        private final Signals signals = new Signals();
    }

    void start() {
        sweeper = Thread.ofVirtual().name("sweeper").start(this::sweep);
    }

    int driven() {
        return running.size();
    }

    @Override
    public void wake(SessionId id) {
        if (stopping) {
            return;
        }
        var fresh = new Running();
        var known =
                running.compute(
                        id,
                        (key, now) ->
                                now != null && now.signals.post(new Signal.Woken()) ? now : fresh);
        if (known == fresh) {
            Thread.ofVirtual().name("session " + id).start(() -> run(id, fresh));
        }
    }

    @Override
    public void wakeAt(SessionId id, Instant at) {
        lock.lock();
        try {
            if (at.isBefore(nextSweep)) {
                nextSweep = at;
                sooner.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void sweep() {
        while (!stopping) {
            try {
                parts.log().ready(parts.clock().instant(), MOST_AT_ONCE).forEach(this::wake);
                var due = parts.log().nextDue().orElse(Instant.MAX);
                var latest = parts.clock().instant().plus(SWEEP);
                pause(due.isBefore(latest) ? due : latest);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("could not ask the log who is ready; asking again: {}", e.toString());
                pauseAfterTrouble();
            }
        }
    }

    private void pause(Instant until) throws InterruptedException {
        lock.lock();
        try {
            nextSweep = until;
            while (!stopping) {
                var left = Duration.between(parts.clock().instant(), nextSweep);
                if (!left.isPositive()) {
                    return;
                }
                var _ = sooner.awaitNanos(left.toNanos());
            }
        } finally {
            lock.unlock();
        }
    }

    private void run(SessionId id, Running me) {
        boolean again = false;
        try {
            places.acquire();
            try {
                again = drive(id, me.signals);
            } finally {
                places.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("session {} could not be driven; trying again: {}", id, e.toString());
            again = true;
        }
        if (again) {
            pauseAfterTrouble();
        }
        var left = me.signals.close();
        left.forEach(signal -> keep(id, signal));
        running.remove(id, me);
        if (again || !left.isEmpty()) {
            wake(id);
        }
    }

    private void keep(SessionId id, Signal signal) {
        if (signal instanceof Signal.HandEnded ended) {
            parts.log().keep(id, ended.action(), ended.attempt(), ended.end());
        }
    }

    /// @return whether the session should be claimed again soon
    private boolean drive(SessionId id, Signals signals) throws InterruptedException {
        if (!(parts.log().claim(id) instanceof Claim.Claimed claimed)) {
            return false;
        }
        var loaded = parts.log().load(id);
        var definition = parts.definitions().find(loaded.state().opened().definition());
        var drive =
                new Drive(
                        parts,
                        workers,
                        claimed,
                        loaded,
                        definition,
                        Engine.brain(definition, parts.redactor()),
                        signals,
                        this::sent);
        try {
            while (true) {
                switch (drive.advance(signals.drain())) {
                    case Drive.Turn.Over over -> {
                        return over.claimAgain();
                    }
                    case Drive.Turn.Waiting waiting -> {
                        if (stopping && drive.isQuiet()) {
                            return false;
                        }
                        signals.await(longest(waiting.until()));
                    }
                }
            }
        } catch (RuntimeException e) {
            LOG.error("driving session {} failed inside of Remit", id, e);
            boolean written =
                    drive.giveUp(
                            "Remit failed while driving it ("
                                    + e.getClass().getSimpleName()
                                    + "); the server's log has the details. Send it a message to go"
                                    + " on");
            return !written;
        }
    }

    /// Whoever was written to in an append is woken without waiting for the next sweep.
    private void sent(List<Outgoing> outgoing) {
        for (var sent : outgoing) {
            switch (sent) {
                case Outgoing.Open open -> wake(open.child().id());
                case Outgoing.Send send -> wake(send.to());
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

    private static void pauseAfterTrouble() {
        try {
            Thread.sleep(AFTER_TROUBLE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void stop(Duration patience) {
        stopping = true;
        var sweeping = sweeper;
        if (sweeping != null) {
            sweeping.interrupt();
        }
        running.values().forEach(r -> r.signals.post(new Signal.Woken()));
        long end = System.nanoTime() + patience.toNanos();
        while (!running.isEmpty() && System.nanoTime() < end) {
            pauseAfterTrouble();
        }
    }
}
