package dev.remit.engine.temporal;

import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Drive, sleep until due or woken, drive again. Nothing in here decides anything: the log says
/// what a session has to do, and its fence who may do it, so an activity too many costs time alone.
public final class SessionWork implements SessionWorkflow {
    /// A node that says nothing for so long is taken for dead, and the session given to another.
    static final Duration HEARTBEAT = Duration.ofSeconds(10);

    /// A run goes on as a new one when its history is so long: about a hundred times driven.
    static final int MOST_EVENTS = 1_000;

    private static final Duration LONGEST_DRIVE = Duration.ofDays(365);

    /// So long after a wake-up that a session under way did not answer, another node looks.
    private static final Duration GRACE = Duration.ofMillis(500);

    /// How often other nodes are asked for each wake-up.
    private static final int ASKED = 4;

    /// Between two drives that no wake-up asks for, whatever the clocks say.
    private static final Duration SHORTEST_SLEEP = Duration.ofMillis(100);

    private static final Duration FIRST_REFUSAL = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 5;

    private final Driving driving =
            Workflow.newActivityStub(
                    Driving.class,
                    ActivityOptions.newBuilder()
                            .setStartToCloseTimeout(LONGEST_DRIVE)
                            .setHeartbeatTimeout(HEARTBEAT)
                            .setCancellationType(ActivityCancellationType.TRY_CANCEL)
                            .setRetryOptions(
                                    RetryOptions.newBuilder()
                                            .setInitialInterval(Duration.ofMillis(200))
                                            .setBackoffCoefficient(2)
                                            .setMaximumInterval(Duration.ofSeconds(10))
                                            .build())
                            .build());

    private boolean woken;
    private long due = Rest.NEVER;

    @Override
    public void carry(String session, long first) {
        due = Math.min(due, first);
        int refusals = 0;
        while (true) {
            sleep();
            woken = false;
            due = Rest.NEVER;
            var rest = drive(session);
            long now = Workflow.currentTimeMillis();
            switch (rest.how()) {
                case CLOSED -> {
                    return;
                }
                case IDLE -> {
                    refusals = 0;
                    due = Math.min(due, Math.max(rest.due(), now + SHORTEST_SLEEP.toMillis()));
                }
                case REFUSED -> {
                    long doubled = FIRST_REFUSAL.toMillis() << Math.min(refusals, MOST_DOUBLINGS);
                    refusals++;
                    due = Math.min(due, now + doubled);
                }
            }
            if (due == Rest.NEVER && !woken) {
                return; // the next wake-up starts it anew
            }
            if (Workflow.getInfo().getHistoryLength() > MOST_EVENTS
                    || Workflow.getInfo().isContinueAsNewSuggested()) {
                Workflow.continueAsNew(session, woken ? 0L : due);
            }
        }
    }

    private void sleep() {
        while (!woken) {
            long left = due - Workflow.currentTimeMillis();
            if (left <= 0) {
                return;
            }
            long until = due;
            Workflow.await(Duration.ofMillis(left), () -> woken || due < until);
        }
    }

    /// Gives it to a node. If somebody finds meanwhile that nobody living has the session, it is
    /// given to a second one without waiting for the first one's heartbeat to fail.
    private Rest drive(String session) {
        var given = new AtomicReference<Promise<Rest>>();
        var scope =
                Workflow.newCancellationScope(
                        () -> given.set(Async.function(driving::drive, session)));
        scope.run();
        var first = given.get();
        while (true) {
            Workflow.await(() -> first.isCompleted() || (woken && mayAsk()));
            if (first.isCompleted() || Workflow.await(GRACE, first::isCompleted)) {
                return first.get();
            }
            woken = false;
            var rest = driveElsewhere(session, first);
            if (rest != null) {
                scope.cancel("another node has driven it");
                return rest;
            }
        }
    }

    /// A heartbeat that fails ends a drive too; it only takes longer.
    private static boolean mayAsk() {
        return Workflow.getInfo().getHistoryLength() < 10 * MOST_EVENTS;
    }

    /// Asks more than once: whoever is asked may be the one that is thought to be dead.
    ///
    /// @return null if whoever had it first lives, as far as anybody can tell, or came to its end
    private @Nullable Rest driveElsewhere(String session, Promise<Rest> first) {
        for (int i = 0; i < ASKED && !first.isCompleted(); i++) {
            var second = Async.function(driving::drive, session);
            Workflow.await(() -> first.isCompleted() || second.isCompleted());
            var rest = second.get();
            if (rest.how() != Rest.How.REFUSED) {
                return rest;
            }
            Workflow.await(GRACE.multipliedBy(1L << i), first::isCompleted);
        }
        return null;
    }

    @Override
    public void wake() {
        woken = true;
    }

    @Override
    public void wakeAt(long at) {
        due = Math.min(due, at);
    }
}
