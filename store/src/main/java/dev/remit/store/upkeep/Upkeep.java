package dev.remit.store.upkeep;

import dev.remit.store.archive.Archive;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a server does for its database beside its work: looks at it each minute, and each hour
/// makes partitions ahead and archives. Nothing waits for it, and its failures are logged and tried
/// again.
public final class Upkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final Duration LOOK = Duration.ofMinutes(1);
    private static final Duration WORK = Duration.ofHours(1);

    private final Partitions partitions;
    private final Vitals vitals;
    private final Archive archive;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stopped = lock.newCondition();
    private boolean stopping;
    private volatile Vitals.Report newest =
            new Vitals.Report(0, Duration.ZERO, java.util.List.of());
    private volatile Instant nextWork = Instant.MIN;

    public Upkeep(Partitions partitions, Vitals vitals, Archive archive, InstantSource clock) {
        this.partitions = partitions;
        this.vitals = vitals;
        this.archive = archive;
        this.clock = clock;
    }

    public Upkeep start() {
        Thread.ofVirtual().name("upkeep").start(this::run);
        return this;
    }

    /// As of the last look.
    public Vitals.Report vitals() {
        return newest;
    }

    private void run() {
        while (!isStopping()) {
            round();
        }
    }

    private boolean isStopping() {
        lock.lock();
        try {
            long left =
                    nextWork.equals(Instant.MIN) ? Duration.ofSeconds(5).toNanos() : LOOK.toNanos();
            while (!stopping && left > 0) {
                left = stopped.awaitNanos(left);
            }
            return stopping;
        } catch (InterruptedException e) {
            return true;
        } finally {
            lock.unlock();
        }
    }

    void round() {
        attempt("the look at the database", () -> newest = look());
        var now = clock.instant();
        if (!now.isBefore(nextWork)) {
            nextWork = now.plus(WORK);
            attempt("the upkeep of partitions", () -> keepPartitions(now));
            attempt("archiving", () -> archive.run(now));
        }
    }

    private Vitals.Report look() {
        var report = vitals.look();
        for (var holder : report.alarming()) {
            LOG.warn(
                    "{} has held old rows of the database for {} ({} transactions): appends get"
                            + " slower until it ends",
                    holder.who(),
                    holder.open().map(Duration::toString).orElse("an unknown time"),
                    holder.transactions());
        }
        return report;
    }

    private void keepPartitions(Instant now) {
        var done = partitions.keep(now);
        if (!done.made().isEmpty() || !done.dropped().isEmpty()) {
            LOG.info("partitions made: {}, dropped: {}", done.made(), done.dropped());
        }
    }

    private static void attempt(String what, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.warn("{} failed and is tried again later: {}", what, e.toString());
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            stopping = true;
            stopped.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
