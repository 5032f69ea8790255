package dev.remit.engine.temporal;

import dev.remit.core.identity.SessionId;
import dev.remit.runtime.Driven;
import dev.remit.runtime.Driver;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A node's side of [Driving]. What Temporal keeps of a failure is these words and nothing else.
final class DrivingNode implements Driving {
    private static final Logger LOG = LoggerFactory.getLogger(DrivingNode.class);
    private static final Duration BEAT = SessionWork.HEARTBEAT.dividedBy(4);

    private final Driver driver;

    DrivingNode(Driver driver) {
        this.driver = driver;
    }

    @Override
    public Rest drive(String session) {
        var id = SessionId.parse(session);
        var context = Activity.getExecutionContext();
        var over = new CountDownLatch(1);
        Thread.ofVirtual().name("heart of " + id).start(() -> beat(context, over));
        try {
            return drive(id);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw again("this node stops", BEAT);
        } finally {
            over.countDown();
        }
    }

    private Rest drive(SessionId id) throws InterruptedException {
        while (true) {
            switch (driver.drive(id)) {
                case Driven.Idle idle -> {
                    var due = idle.due();
                    return Rest.idle(due == null ? Rest.NEVER : due.toEpochMilli());
                }
                case Driven.Closed c -> {
                    return Rest.closed();
                }
                case Driven.Here h -> {
                    return Rest.refused();
                }
                case Driven.Elsewhere elsewhere -> {
                    LOG.debug("session {} is not driven here: {}", id, elsewhere.why());
                    return Rest.refused();
                }
                case Driven.Again again when again.after().isZero() -> {}
                case Driven.Again a -> throw again("this node could not drive it", null);
                case Driven.Stopping s -> throw again("this node stops", Duration.ofMillis(200));
            }
        }
    }

    private static ApplicationFailure again(String why, @Nullable Duration after) {
        var failure = ApplicationFailure.newBuilder().setMessage(why).setType("again");
        if (after != null) {
            failure.setNextRetryDelay(after);
        }
        return failure.build();
    }

    /// Says that the node lives, for as long as the session is driven here. When Temporal does not
    /// want to know any more, the session goes on all the same: it is the log that says whose it
    /// is.
    private static void beat(ActivityExecutionContext context, CountDownLatch over) {
        try {
            while (!over.await(BEAT.toMillis(), TimeUnit.MILLISECONDS)) {
                context.heartbeat(null);
            }
        } catch (ActivityCompletionException e) {
            LOG.debug("Temporal has given a session up that is driven here: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
