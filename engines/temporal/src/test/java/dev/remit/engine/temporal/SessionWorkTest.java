package dev.remit.engine.temporal;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.TestWorkflowEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What Temporal holds of a session, on Temporal's own test server, whose clock jumps to the next
/// timer.
class SessionWorkTest {
    private static final String SESSION = "01a1fec9-b434-7c36-888c-a2f6a042288d";
    private static final String QUEUE = "sessions";

    private final TestWorkflowEnvironment temporal = TestWorkflowEnvironment.newInstance();
    private final AtomicInteger drives = new AtomicInteger();
    private volatile Driving node = session -> Rest.closed();

    @BeforeEach
    void start() {
        var worker = temporal.newWorker(QUEUE);
        worker.registerWorkflowImplementationTypes(SessionWork.class);
        worker.registerActivitiesImplementations(
                (Driving)
                        session -> {
                            drives.incrementAndGet();
                            return node.drive(session);
                        });
        temporal.start();
    }

    @AfterEach
    void end() {
        temporal.close();
    }

    private WorkflowStub wake() {
        var options = WorkflowOptions.newBuilder().setWorkflowId(SESSION).setTaskQueue(QUEUE);
        var stub =
                temporal.getWorkflowClient()
                        .newUntypedWorkflowStub(SessionWorkflow.TYPE, options.build());
        stub.signalWithStart(SessionWorkflow.WAKE, new Object[0], new Object[] {SESSION, 0L});
        return stub;
    }

    private List<HistoryEvent> history(WorkflowExecution run) {
        return temporal.getWorkflowClient()
                .fetchHistory(run.getWorkflowId(), run.getRunId())
                .getHistory()
                .getEventsList();
    }

    private long now() {
        return temporal.currentTimeMillis();
    }

    private static void within(BooleanSupplier condition, String what) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    @Test
    void a_session_that_is_closed_leaves_nothing_behind() {
        var run = wake();
        run.getResult(Void.class);
        assertThat(drives).hasValue(1);
    }

    @Test
    void a_session_that_waits_for_a_time_holds_one_timer_and_is_driven_then() {
        long begun = now();
        var due = begun + Duration.ofDays(30).toMillis();
        var seen = new ArrayList<HistoryEvent>();
        node =
                session -> {
                    if (now() < due) {
                        return Rest.idle(due);
                    }
                    seen.addAll(history(run()));
                    return Rest.closed();
                };
        wake().getResult(Void.class);
        assertThat(drives).hasValue(2);
        assertThat(now()).isGreaterThanOrEqualTo(due);
        // Between the end of the first drive and the day on which it was due there is one timer.
        var between =
                seen.stream()
                        .dropWhile(e ->
                                e.getEventType() != EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED)
                        .skip(1)
                        .map(HistoryEvent::getEventType)
                        .filter(type -> !type.name().contains("WORKFLOW_TASK"))
                        .toList();
        assertThat(between.subList(0, 2))
                .containsExactly(
                        EventType.EVENT_TYPE_TIMER_STARTED, EventType.EVENT_TYPE_TIMER_FIRED);
    }

    private static WorkflowExecution run() {
        return WorkflowExecution.newBuilder().setWorkflowId(SESSION).build();
    }

    @Test
    void a_session_that_waits_for_a_word_holds_nothing_and_a_wake_begins_anew() {
        node = session -> Rest.idle(Rest.NEVER);
        var first = wake();
        first.getResult(Void.class);
        var second = wake();
        second.getResult(Void.class);
        assertThat(drives).hasValue(2);
        assertThat(second.getExecution().getRunId()).isNotEqualTo(first.getExecution().getRunId());
    }

    @Test
    void a_wake_up_during_a_drive_is_not_lost() {
        var driving = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        node =
                session -> {
                    if (drives.get() == 1) {
                        driving.countDown();
                        await(go);
                    }
                    return Rest.idle(Rest.NEVER);
                };
        var run = wake();
        await(driving);
        wake();
        go.countDown();
        run.getResult(Void.class);
        assertThat(drives.get()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void a_wake_up_gives_a_session_whose_node_is_silent_to_another_at_once() {
        var driving = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        node =
                session -> {
                    if (drives.get() == 1) {
                        driving.countDown();
                        await(never);
                    }
                    return Rest.closed();
                };
        var run = wake();
        await(driving);
        wake();
        run.getResult(Void.class);
        assertThat(drives).hasValue(2);
        never.countDown();
    }

    @Test
    void a_node_that_fails_is_tried_again_and_its_reason_is_all_that_is_kept() {
        node =
                session -> {
                    if (drives.get() < 4) {
                        throw ApplicationFailure.newFailure(
                                "this node could not drive it", "again");
                    }
                    return Rest.closed();
                };
        wake().getResult(Void.class);
        assertThat(drives).hasValue(4);
    }

    @Test
    void a_session_that_another_node_has_is_asked_for_again_less_and_less_often() {
        var times = new ArrayList<Long>();
        node =
                session -> {
                    times.add(now());
                    return times.size() < 8 ? Rest.refused() : Rest.closed();
                };
        wake().getResult(Void.class);
        var pauses = new ArrayList<Long>();
        for (int i = 1; i < times.size(); i++) {
            pauses.add((times.get(i) - times.get(i - 1)) / 1000);
        }
        assertThat(pauses).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 32L);
    }

    @Test
    void a_due_time_that_has_passed_does_not_spin() {
        var times = new ArrayList<Long>();
        node =
                session -> {
                    times.add(now());
                    return times.size() < 5 ? Rest.idle(1L) : Rest.closed();
                };
        wake().getResult(Void.class);
        for (int i = 1; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 1)).isGreaterThanOrEqualTo(100);
        }
    }

    @Test
    void no_history_grows_beyond_its_bound_and_none_holds_more_than_the_id_and_times() {
        int most = 400;
        node =
                session ->
                        drives.get() < most
                                ? Rest.idle(now() + Duration.ofHours(1).toMillis())
                                : Rest.closed();
        var first = wake();
        first.getResult(Void.class);
        assertThat(drives).hasValue(most);
        var run = first.getExecution();
        int runs = 0;
        while (run != null) {
            var events = history(run);
            assertThat(events.size()).isLessThan(SessionWork.MOST_EVENTS + 30);
            assertThat(payloads(events)).allMatch(SessionWorkTest::isIdOrTime);
            run = next(events);
            runs++;
        }
        assertThat(runs).isGreaterThan(2);
    }

    private static WorkflowExecution next(List<HistoryEvent> events) {
        var last = events.getLast();
        return last.hasWorkflowExecutionContinuedAsNewEventAttributes()
                ? run().toBuilder()
                        .setRunId(
                                last.getWorkflowExecutionContinuedAsNewEventAttributes()
                                        .getNewExecutionRunId())
                        .build()
                : null;
    }

    private static List<String> payloads(List<HistoryEvent> events) {
        var payloads = new ArrayList<String>();
        for (var event : events) {
            var held =
                    switch (event.getEventType()) {
                        case EVENT_TYPE_WORKFLOW_EXECUTION_STARTED ->
                                event.getWorkflowExecutionStartedEventAttributes().getInput();
                        case EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED ->
                                event.getWorkflowExecutionSignaledEventAttributes().getInput();
                        case EVENT_TYPE_ACTIVITY_TASK_SCHEDULED ->
                                event.getActivityTaskScheduledEventAttributes().getInput();
                        case EVENT_TYPE_ACTIVITY_TASK_COMPLETED ->
                                event.getActivityTaskCompletedEventAttributes().getResult();
                        case EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW ->
                                event.getWorkflowExecutionContinuedAsNewEventAttributes()
                                        .getInput();
                        default -> null;
                    };
            if (held != null) {
                held.getPayloadsList().forEach(p -> payloads.add(p.getData().toStringUtf8()));
            }
        }
        return payloads;
    }

    private static boolean isIdOrTime(String payload) {
        return payload.equals('"' + SESSION + '"')
                || payload.matches("\\d+")
                || payload.matches("\\{\"how\":\"(IDLE|CLOSED|REFUSED)\",\"due\":\\d+}");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
