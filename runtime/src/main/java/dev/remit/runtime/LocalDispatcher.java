package dev.remit.runtime;

import dev.remit.core.identity.SessionId;
import dev.remit.core.session.SessionLog.Claim;
import dev.remit.core.session.SessionLog.Mine;
import dev.remit.core.session.SessionLog.Outlook;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The dispatcher inside this JVM. One thread takes sessions out of the log's queue, as many as
/// there are places for; each gets a virtual thread. A waiting session has neither. A hint makes it
/// look at once; without one it looks every second.
final class LocalDispatcher implements Dispatching {
    private static final Logger LOG = LoggerFactory.getLogger(LocalDispatcher.class);
    private static final Duration SWEEP = Duration.ofSeconds(1);
    private static final Duration AFTER_TROUBLE = Duration.ofMillis(200);

    /// Between two takes of a node that is busy, so that others come first.
    private static final Duration BUSY_PAUSE = Duration.ofMillis(10);

    /// When a place comes free and anybody waits, the queue is looked at so much later, with all
    /// that come free meanwhile.
    private static final Duration SOON = Duration.ofMillis(5);

    /// Taken at a time: so many share a commit, and no more than others would miss.
    private static final int BATCH = 32;

    /// Every so many sweeps, whether this node holds sessions that it does not drive.
    private static final int SWEEPS_BETWEEN_LOOKS = 5;

    private static final Outlook NOTHING = new Outlook(Optional.empty(), false);

    private final int places;
    private final AtomicInteger occupied = new AtomicInteger();

    /// Sessions with a thread of their own.
    private final Set<SessionId> threads = ConcurrentHashMap.newKeySet();

    private final Undriven undriven = new Undriven(threads::contains);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition sooner = lock.newCondition();

    /// Since it began to look last, somebody wants it to look again: then, at once, or then if
    /// anybody waits for a place.
    private Instant wanted = Instant.MAX;

    private boolean hinted;
    private Instant vacated = Instant.MAX;
    private boolean waiting;
    private volatile boolean uncertain;
    private volatile boolean paused;
    private volatile boolean stopping;
    private volatile @Nullable Driver driver;

    LocalDispatcher() {
        this(Capacity.places());
    }

    LocalDispatcher(int places) {
        this.places = places;
    }

    @Override
    public String name() {
        return "local";
    }

    @Override
    public void start(Driver driver) {
        this.driver = driver;
        Thread.ofVirtual().name("taker").start(() -> run(driver));
    }

    @Override
    public void wake(SessionId id) {
        var ours = driver;
        if (ours == null || !ours.nudge(id)) {
            look();
        }
    }

    @Override
    public void look() {
        lock.lock();
        try {
            hinted = true;
            sooner.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void wakeAt(SessionId id, Instant at) {
        lookAt(at);
    }

    private void lookAt(Instant at) {
        lock.lock();
        try {
            if (at.isBefore(wanted)) {
                wanted = at;
                sooner.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int places() {
        return places;
    }

    /// A machine that is busy lets others take what is opened here, if there are others.
    @Override
    public boolean hasPlace() {
        var ours = driver;
        int now = occupied.get();
        return ours != null
                && !paused
                && !stopping
                && now < places
                && (now < BATCH || ours.parts().log().isAlone() || !Capacity.isBusy());
    }

    @Override
    public void begin(Mine mine) {
        var ours = driver;
        if (ours == null) {
            throw new IllegalStateException("nothing drives here yet");
        }
        start(mine.claimed().fence().session(), () -> ours.drive(mine), ours);
    }

    @Override
    public void pause(boolean wanted) {
        paused = wanted;
        look();
    }

    private void run(Driver driver) {
        var parts = driver.parts();
        int failures = 0;
        for (int sweeps = 0; !stopping; sweeps++) {
            try {
                if (uncertain || sweeps % SWEEPS_BETWEEN_LOOKS == SWEEPS_BETWEEN_LOOKS - 1) {
                    takeBack(driver);
                }
                forget();
                take(driver);
                failures = 0;
                pause(parts, paused ? NOTHING : parts.log().outlook());
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                uncertain = true; // its answer may be lost, and sessions taken
                if (Integer.bitCount(++failures) == 1 && !stopping) {
                    LOG.warn("cannot take sessions, attempt {}: {}", failures, e.toString());
                }
                pauseAfter(failures);
            }
        }
    }

    /// As long as there are places and somebody in the queue.
    private void take(Driver driver) throws InterruptedException {
        var parts = driver.parts();
        while (!stopping && !paused) {
            int most = Math.min(BATCH, places - occupied.get());
            if (most <= 0) {
                return; // whoever leaves looks again
            }
            var taken = parts.log().take(parts.clock().instant(), most, driver.left());
            taken.forEach(claimed -> start(driver, claimed));
            if (taken.size() < most) {
                return;
            }
            if (occupied.get() > BATCH && Capacity.isBusy()) {
                Thread.sleep(BUSY_PAUSE);
            }
        }
    }

    private void start(Driver driver, Claim.Claimed claimed) {
        start(claimed.fence().session(), () -> driver.drive(claimed), driver);
    }

    private interface Driving {
        Driven drive() throws InterruptedException;
    }

    private void start(SessionId id, Driving driving, Driver driver) {
        threads.add(id);
        occupied.incrementAndGet();
        Thread.ofVirtual().name("session " + id).start(() -> drive(id, driving, driver));
    }

    private void drive(SessionId id, Driving driving, Driver driver) {
        try {
            driver.driveOn(id, driving.drive());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            leave(driver, id);
        }
    }

    /// A place is free, and perhaps one of its agent or team.
    private void leave(Driver driver, SessionId id) {
        threads.remove(id);
        if (occupied.getAndDecrement() == places) {
            look();
            return;
        }
        var soon = driver.parts().clock().instant().plus(SOON);
        lock.lock();
        try {
            vacated = earlier(vacated, soon);
            if (waiting) {
                sooner.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void takeBack(Driver driver) {
        boolean sure = !uncertain;
        uncertain = false;
        for (var id : undriven.look(driver.parts().log())) {
            if (threads.add(id)) {
                occupied.incrementAndGet();
                LOG.info("session {} is this node's, and nobody drove it", id);
                Thread.ofVirtual().name("session " + id).start(() -> takeBack(driver, id));
            }
        }
        uncertain = !sure && undriven.suspectsAny();
    }

    private void takeBack(Driver driver, SessionId id) {
        try {
            driver.driveOn(id, new Driven.Again(Duration.ZERO));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            leave(driver, id);
        }
    }

    /// What was wanted until now is answered by the look that begins.
    private void forget() {
        lock.lock();
        try {
            wanted = Instant.MAX;
            vacated = Instant.MAX;
            hinted = false;
        } finally {
            lock.unlock();
        }
    }

    private void pause(Parts parts, Outlook outlook) throws InterruptedException {
        if (outlook.waiting() && !waiting) {
            parts.log().callOthers(); // who may have the place that is waited for
        }
        var latest = parts.clock().instant().plus(SWEEP);
        var until = earlier(outlook.nextDue().orElse(Instant.MAX), latest);
        lock.lock();
        try {
            waiting = outlook.waiting();
            while (!stopping && !hinted) {
                var at = earlier(until, waiting ? earlier(wanted, vacated) : wanted);
                var left = Duration.between(parts.clock().instant(), at);
                if (!left.isPositive()) {
                    return;
                }
                var _ = sooner.awaitNanos(left.toNanos());
            }
        } finally {
            lock.unlock();
        }
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private static void pauseAfter(int failures) {
        try {
            Thread.sleep(AFTER_TROUBLE.multipliedBy(Math.min(failures, 10)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        stopping = true;
        look();
    }
}
