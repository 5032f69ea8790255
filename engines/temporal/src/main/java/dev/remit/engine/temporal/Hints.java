package dev.remit.engine.temporal;

import dev.remit.core.identity.SessionId;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends wake-ups to Temporal, beside whoever wakes. Bounded; what does not fit, or fails, is
/// dropped: the sweep repeats it.
final class Hints {
    private static final Logger LOG = LoggerFactory.getLogger(Hints.class);
    private static final int MOST_WAITING = 20_000;
    private static final int AT_ONCE = 64;

    /// One thing that happens often wakes a session twice; so long is waited for the second.
    private static final long LINGER_MILLIS = 5;

    /// Between two wake-ups of one session. A workflow that is told something all the time gets to
    /// nothing else.
    private static final long SPACING_MILLIS = 200;

    private final Cluster cluster;
    private final Set<SessionId> waiting = ConcurrentHashMap.newKeySet();
    private final Set<SessionId> justSent = ConcurrentHashMap.newKeySet();
    private final Semaphore places = new Semaphore(AT_ONCE);

    Hints(Cluster cluster) {
        this.cluster = cluster;
    }

    void wake(SessionId id) {
        if (waiting.size() >= MOST_WAITING || !waiting.add(id)) {
            return;
        }
        start(
                id,
                justSent.contains(id) ? SPACING_MILLIS : LINGER_MILLIS,
                () -> {
                    justSent.add(id);
                    waiting.remove(id); // before it is sent: whoever wakes now may know more
                    signal(id, SessionWorkflow.WAKE, 0L);
                });
    }

    void wakeAt(SessionId id, Instant at) {
        long due = at.toEpochMilli();
        start(id, LINGER_MILLIS, () -> signal(id, SessionWorkflow.WAKE_AT, due, due));
    }

    private void start(SessionId id, long after, Runnable send) {
        Thread.ofVirtual()
                .name("wake " + id)
                .start(() -> {
                    try {
                        Thread.sleep(after);
                        send(id, send);
                        Thread.sleep(SPACING_MILLIS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } finally {
                        justSent.remove(id);
                    }
                });
    }

    private void send(SessionId id, Runnable send) throws InterruptedException {
        places.acquire();
        try {
            send.run();
        } catch (StatusRuntimeException | WorkflowException e) {
            LOG.debug("a wake-up of {} was not sent; the sweep repeats it", id, e);
        } finally {
            places.release();
        }
    }

    private void signal(SessionId id, String signal, long due, Object... arguments)
            throws WorkflowServiceException {
        var options =
                WorkflowOptions.newBuilder()
                        .setWorkflowId(id.toString())
                        .setTaskQueue(cluster.taskQueue())
                        .setWorkflowIdReusePolicy(
                                WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)
                        .build();
        var _ =
                cluster.client()
                        .newUntypedWorkflowStub(SessionWorkflow.TYPE, options)
                        .signalWithStart(signal, arguments, new Object[] {id.toString(), due});
    }
}
