package dev.remit.server.start;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks again and again, as often as something may be due, for as long as the server runs.
public final class Sweeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

    /// Others may have made something due in the meantime.
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private static final Duration SHORTEST = Duration.ofMillis(20);
    private static final int LOOKS_BETWEEN_FORGETTING = 3600;

    private final Sweep sweep;
    private final Semaphore sooner = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closed;

    private Sweeper(Sweep sweep) {
        this.sweep = sweep;
        this.thread = Thread.ofVirtual().name("starts").unstarted(this::run);
    }

    public static Sweeper start(Sweep sweep) {
        var sweeper = new Sweeper(sweep);
        sweeper.thread.start();
        return sweeper;
    }

    /// Something is due now.
    public void sooner() {
        sooner.release();
    }

    private void run() {
        for (long looks = 0; !closed; looks++) {
            var pause = LONGEST;
            try {
                var left = sweep.look();
                pause = left.compareTo(LONGEST) < 0 ? left : LONGEST;
                if (looks % LOOKS_BETWEEN_FORGETTING == LOOKS_BETWEEN_FORGETTING - 1) {
                    sweep.triggers().forget(sweep.clock().instant());
                }
            } catch (RuntimeException e) {
                if (!closed) {
                    LOG.warn(
                            "could not look what is due to start; looking again: {}", e.toString());
                }
            }
            if (!pause(pause.compareTo(SHORTEST) < 0 ? SHORTEST : pause)) {
                return;
            }
        }
    }

    private boolean pause(Duration time) {
        try {
            if (sooner.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS)) {
                sooner.drainPermits();
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
