package dev.remit.runtime;

import dev.remit.core.identity.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The dispatcher inside this JVM: a virtual thread for each session that has something to do, and
/// a sweeper that asks the log again and again who is ready. A waiting session has neither.
final class LocalDispatcher implements Dispatching {
    private static final Logger LOG = LoggerFactory.getLogger(LocalDispatcher.class);
    private static final Duration SWEEP = Duration.ofSeconds(1);
    private static final Duration AFTER_TROUBLE = Duration.ofMillis(200);
    private static final int MOST_AT_ONCE = 2_000;

    /// Sessions with a thread that is going to drive them, and has not begun.
    private final Set<SessionId> coming = ConcurrentHashMap.newKeySet();

    private final Semaphore places = new Semaphore(MOST_AT_ONCE, true);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition sooner = lock.newCondition();
    private Instant nextSweep = Instant.MIN;
    private volatile boolean stopping;
    private volatile @Nullable Driver driver;
    private @Nullable Thread sweeper;

    @Override
    public String name() {
        return "local";
    }

    @Override
    public void start(Driver driver) {
        this.driver = driver;
        sweeper = Thread.ofVirtual().name("sweeper").start(() -> sweep(driver));
    }

    @Override
    public void wake(SessionId id) {
        var ours = driver;
        if (stopping || ours == null || ours.nudge(id) || !coming.add(id)) {
            return; // before the start, the first sweep will find it
        }
        Thread.ofVirtual().name("session " + id).start(() -> run(ours, id));
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

    private void sweep(Driver driver) {
        var parts = driver.parts();
        while (!stopping) {
            try {
                parts.log().ready(parts.clock().instant(), MOST_AT_ONCE).forEach(this::wake);
                var due = parts.log().nextDue().orElse(Instant.MAX);
                var latest = parts.clock().instant().plus(SWEEP);
                pause(parts, due.isBefore(latest) ? due : latest);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("could not ask the log who is ready; asking again: {}", e.toString());
                pauseAfterTrouble();
            }
        }
    }

    private void pause(Parts parts, Instant until) throws InterruptedException {
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

    private void run(Driver driver, SessionId id) {
        try {
            while (drive(driver, id) instanceof Driven.Again again && !stopping && coming.add(id)) {
                Thread.sleep(again.after());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Driven drive(Driver driver, SessionId id) throws InterruptedException {
        places.acquire();
        try {
            coming.remove(id);
            return driver.drive(id);
        } finally {
            places.release();
        }
    }

    private static void pauseAfterTrouble() {
        try {
            Thread.sleep(AFTER_TROUBLE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        stopping = true;
        var sweeping = sweeper;
        if (sweeping != null) {
            sweeping.interrupt();
        }
    }
}
