package dev.remit.engine.temporal;

import dev.remit.core.identity.SessionId;
import dev.remit.runtime.Dispatching;
import dev.remit.runtime.Driven;
import dev.remit.runtime.Driver;
import dev.remit.runtime.Undriven;
import io.temporal.worker.NonDeterministicException;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import io.temporal.worker.WorkflowImplementationOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets a Temporal cluster decide when, and on which of the nodes that poll its task queue,
/// sessions are driven. While the cluster cannot be reached, sessions are accepted and wait.
final class TemporalDispatcher implements Dispatching {
    private static final Logger LOG = LoggerFactory.getLogger(TemporalDispatcher.class);
    private static final int MOST_AT_ONCE = 2_000;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    /// Temporal gives a node's own queue up so long after it took nothing out of it.
    private static final Duration OWN_QUEUE = Duration.ofSeconds(1);

    private final Cluster cluster;
    private final Hints hints;
    private final Sweep sweep;
    private volatile Optional<String> trouble = Optional.of("Temporal was not asked yet");
    private final Semaphore hinted = new Semaphore(0);
    private volatile boolean paused;
    private volatile boolean stopping;
    private volatile @Nullable Driver driver;
    private volatile @Nullable WorkerFactory workers;
    private @Nullable Thread watch;

    TemporalDispatcher(Cluster cluster) {
        this.cluster = cluster;
        this.hints = new Hints(cluster);
        this.sweep = new Sweep(hints::wake);
    }

    @Override
    public String name() {
        return cluster.name();
    }

    @Override
    public void start(Driver driver) {
        this.driver = driver;
        var undriven = new Undriven(driver::isRunning);
        watch = Thread.ofVirtual().name("temporal").start(() -> watch(driver, undriven));
    }

    @Override
    public void wake(SessionId id) {
        var ours = driver;
        if (!stopping && ours != null && !ours.nudge(id) && trouble.isEmpty()) {
            hints.wake(id);
        }
    }

    @Override
    public void wakeAt(SessionId id, Instant at) {
        if (!stopping && trouble.isEmpty()) {
            hints.wakeAt(id, at);
        }
    }

    @Override
    public void look() {
        hinted.release();
    }

    @Override
    public int places() {
        return MOST_AT_ONCE;
    }

    @Override
    public void pause(boolean wanted) {
        paused = wanted;
        var working = workers;
        if (working != null && wanted) {
            working.suspendPolling();
        } else if (working != null) {
            working.resumePolling();
        }
    }

    @Override
    public Optional<String> trouble() {
        return trouble;
    }

    /// Asks the cluster again and again how it is; works for it as soon as it can be reached, and
    /// repeats what it may have missed.
    private void watch(Driver driver, Undriven undriven) {
        var pause = FIRST_PAUSE;
        while (!stopping) {
            try {
                var seen = seen(driver);
                boolean back = trouble.isPresent() && seen.isEmpty();
                tell(seen);
                undriven.look(driver.parts().log()).forEach(id -> takeBack(driver, id));
                if (seen.isPresent()) {
                    Thread.sleep(pause);
                    pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
                    continue;
                }
                pause = FIRST_PAUSE;
                if (back) {
                    sweep.all(driver.parts());
                } else {
                    sweep.again(driver.parts());
                }
                awaitSweep(driver);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("could not ask the log who is ready; asking again: {}", e.toString());
                sleep(FIRST_PAUSE);
            }
        }
    }

    /// Drives a session that is this node's already: no other would be given it.
    private void takeBack(Driver driver, SessionId id) {
        LOG.info("session {} is this node's, and nobody drove it", id);
        Thread.ofVirtual()
                .name("session " + id)
                .start(() -> {
                    try {
                        if (driver.driveOn(id, driver.drive(id)) instanceof Driven.Idle idle
                                && idle.due() != null) {
                            wakeAt(id, idle.due());
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    /// Until the next sweep; a hint makes it look at the head of the queue meanwhile.
    private void awaitSweep(Driver driver) throws InterruptedException {
        long end = System.nanoTime() + Sweep.EVERY.toNanos();
        long left = Sweep.EVERY.toNanos();
        while (left > 0 && hinted.tryAcquire(left, TimeUnit.NANOSECONDS)) {
            Thread.sleep(BETWEEN_LOOKS);
            hinted.drainPermits();
            sweep.first(driver.parts());
            left = end - System.nanoTime();
        }
    }

    private Optional<String> seen(Driver driver) {
        var seen = cluster.trouble();
        if (seen.isEmpty() && workers == null && !stopping) {
            try {
                workers = work(driver);
                if (paused) {
                    pause(true);
                }
            } catch (RuntimeException e) {
                return Optional.of("Temporal gives no work: " + e.getMessage());
            }
        }
        return seen;
    }

    private void tell(Optional<String> seen) {
        var before = trouble;
        trouble = seen;
        if (seen.isPresent() && !seen.equals(before)) {
            LOG.warn(
                    "{}. Sessions are accepted, and driven when it can be reached again",
                    seen.get());
        } else if (seen.isEmpty() && before.isPresent()) {
            LOG.info("sessions are dispatched by Temporal, task queue {}", cluster.taskQueue());
        }
    }

    private WorkerFactory work(Driver driver) {
        var factory =
                WorkerFactory.newInstance(
                        cluster.client(),
                        WorkerFactoryOptions.newBuilder()
                                .setUsingVirtualWorkflowThreads(true)
                                .build());
        var worker =
                factory.newWorker(
                        cluster.taskQueue(),
                        WorkerOptions.newBuilder()
                                .setUsingVirtualThreads(true)
                                .setMaxConcurrentActivityExecutionSize(MOST_AT_ONCE)
                                .setAllowActivityHeartbeatDuringShutdown(true)
                                .setStickyQueueScheduleToStartTimeout(OWN_QUEUE)
                                .build());
        // A run that this version cannot go on with ends; the sweep begins a new one. There is
        // nothing to lose in it.
        worker.registerWorkflowImplementationTypes(
                WorkflowImplementationOptions.newBuilder()
                        .setFailWorkflowExceptionTypes(NonDeterministicException.class)
                        .build(),
                SessionWork.class);
        worker.registerActivitiesImplementations(new DrivingNode(driver));
        factory.start();
        return factory;
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Asks for no more work. What is under way here, the driver brings to rest; Temporal gives it
    /// to another node.
    @Override
    public void stop() {
        stopping = true;
        var watching = watch;
        if (watching != null) {
            watching.interrupt();
        }
        var working = workers;
        if (working != null) {
            working.shutdown();
        }
    }

    @Override
    public void close(Duration patience) {
        var working = workers;
        if (working != null) {
            working.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
            working.shutdownNow();
        }
        cluster.close();
    }
}
