package dev.remit.server;

import dev.remit.http.server.HttpServer;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stops a server that nobody has needed for a time.
final class IdleStop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IdleStop.class);

    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("idle-stop").daemon().factory());

    IdleStop(Activity activity, HttpServer http, Duration time, Stop stop) {
        long look = Math.clamp(time.toMillis() / 4, 250, 15_000);
        var _ =
                timer.scheduleWithFixedDelay(
                        () -> look(activity, http, time, stop), look, look, TimeUnit.MILLISECONDS);
    }

    private static void look(Activity activity, HttpServer http, Duration time, Stop stop) {
        try {
            if (activity.isIdle(http, time)) {
                LOG.info("nothing was to do for {}: stopping", time);
                stop.order();
            }
        } catch (RuntimeException e) {
            LOG.warn("cannot tell whether there is something to do", e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
