package dev.remit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Json;
import dev.remit.core.model.ModelAnswer;
import dev.remit.core.model.ModelChoice;
import dev.remit.core.model.ModelProvider;
import dev.remit.core.model.ModelRequest;
import dev.remit.core.money.Money;
import dev.remit.core.session.Event;
import dev.remit.core.session.Mail;
import dev.remit.core.session.SessionLog;
import dev.remit.core.session.State;
import dev.remit.core.session.StopReason;
import dev.remit.core.session.Waiting;
import dev.remit.core.tool.Ended;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The engine with real threads and real time, over a log in memory.
class EngineTest {
    private static final AgentDefinition AGENT = Cast.agent("one");

    private final Disk disk = new Disk();
    private final SessionLog log =
            oneAtATime(
                    new SimulatedLog(
                            disk,
                            "node",
                            SimulatedLog.Weather.CALM,
                            new Random(1),
                            new ArrayList<>()));
    private Engine engine;

    @AfterEach
    void stop() {
        if (engine != null) {
            engine.close();
        }
    }

    /// The same log, used by one thread at a time.
    private static SessionLog oneAtATime(SessionLog log) {
        return (SessionLog)
                Proxy.newProxyInstance(
                        SessionLog.class.getClassLoader(),
                        new Class<?>[] {SessionLog.class},
                        (proxy, method, arguments) -> {
                            synchronized (log) {
                                try {
                                    return method.invoke(log, arguments);
                                } catch (InvocationTargetException e) {
                                    throw e.getCause();
                                }
                            }
                        });
    }

    private interface Answering {
        ModelAnswer answer(ModelRequest request) throws InterruptedException;
    }

    private void start(Answering model) {
        engine =
                new Engine(
                        new Parts(
                                log,
                                ref -> AGENT,
                                new ModelProvider() {
                                    @Override
                                    public ModelAnswer call(ModelRequest request, LongConsumer t)
                                            throws InterruptedException {
                                        return model.answer(request);
                                    }

                                    @Override
                                    public Optional<Money> bound(ModelRequest request) {
                                        return Optional.of(Money.ZERO);
                                    }
                                },
                                use -> new Ended.Done(Content.derived(Json.text("ok"))),
                                new Stage().parts().redactor(),
                                InstantSource.system(),
                                new Random(7),
                                Parts.Progress.NONE));
        engine.start();
    }

    private SessionId open() {
        var accepted =
                engine.open(
                        new OpenRequest(
                                AGENT,
                                Content.derived(Json.object()),
                                List.of(Stage.SOMEBODY),
                                ModelChoice.rehearsal(1),
                                null,
                                null,
                                null));
        return ((SessionLog.Accepted.New) accepted).id();
    }

    private State state(SessionId id) {
        synchronized (log) {
            return log.load(id).state();
        }
    }

    private static void within(BooleanSupplier condition, String what) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    @Test
    void many_sessions_at_once_all_end() {
        start(request ->
                request.turn() < 3
                        ? Stage.calls(
                                "effect.once",
                                Json.object().put("evidence", "e").put("n", request.turn()))
                        : Stage.says("{}"));
        var ids = new ArrayList<SessionId>();
        for (int i = 0; i < 200; i++) {
            ids.add(open());
        }
        for (var id : ids) {
            within(() -> state(id).isClosed(), "session " + id + " ends");
            assertThat(state(id).closed().reason()).isEqualTo(StopReason.COMPLETED);
        }
    }

    @Test
    void a_session_that_waits_is_driven_by_nobody_until_something_comes() {
        var reachable = new AtomicInteger();
        start(request ->
                reachable.get() == 0 ? Stage.fails(ModelAnswer.Kind.OVERLOADED) : Stage.says("{}"));
        var id = open();
        within(() -> state(id).waiting() instanceof Waiting.Timer, "it waits to try again");
        within(() -> engine.driven() == 0, "nobody drives it");
        reachable.set(1);
        within(() -> state(id).isClosed(), "the timer wakes it");
        assertThat(state(id).closed().reason()).isEqualTo(StopReason.COMPLETED);
    }

    @Test
    void cancelling_cuts_a_model_call_that_would_never_end() throws InterruptedException {
        var called = new CountDownLatch(1);
        start(request -> {
            called.countDown();
            new CountDownLatch(1).await();
            throw new AssertionError("never");
        });
        var id = open();
        assertThat(called.await(30, TimeUnit.SECONDS)).isTrue();
        engine.send(id, new Mail.Cancel(Stage.SOMEBODY, "enough"));
        within(() -> state(id).isClosed(), "it closes");
        assertThat(state(id).closed().reason()).isEqualTo(StopReason.CANCELLED);
    }

    @Test
    void a_deadline_cuts_a_model_call_that_would_never_end() {
        start(request -> {
            new CountDownLatch(1).await();
            throw new AssertionError("never");
        });
        var id = SessionId.random(InstantSource.system().instant(), new Random(3));
        var now = InstantSource.system().instant();
        log.open(
                new SessionLog.Opening(
                        id,
                        new Event.Opened(
                                AGENT.ref(),
                                Content.derived(Json.object()),
                                List.of(Stage.SOMEBODY),
                                null,
                                ModelChoice.rehearsal(1),
                                now.plus(Duration.ofMillis(300)),
                                null,
                                null),
                        now,
                        null));
        within(() -> state(id).isClosed(), "the sweeper finds it, the deadline ends it");
        assertThat(state(id).closed().why()).contains("time was up");
    }

    @Test
    void a_session_that_a_newer_program_wrote_to_is_left_to_it_as_it_is() {
        start(request -> Stage.says("{}"));
        engine.close();
        var id = SessionId.random(InstantSource.system().instant(), new Random(3));
        var now = InstantSource.system().instant();
        disk.newer.add(id);
        disk.open(
                new SessionLog.Opening(
                        id,
                        new dev.remit.core.session.Event.Opened(
                                AGENT.ref(),
                                Content.derived(Json.object()),
                                List.of(Stage.SOMEBODY),
                                null,
                                ModelChoice.rehearsal(1),
                                null,
                                null,
                                null),
                        now,
                        null));
        start(request -> Stage.says("{}"));
        within(() -> epoch(id) > 0, "it was looked at");
        within(() -> isFree(id), "it was given back");
        long looked = epoch(id);
        engine.wake(id);
        engine.wake(id);
        assertThat(epoch(id)).as("and is not claimed again and again").isEqualTo(looked);
        synchronized (log) {
            assertThat(disk.rows.get(id).events).as("nothing was written").hasSize(1);
        }
        engine.close();
        disk.newer.remove(id);
        start(request -> Stage.says("{}")); // the newer program
        within(() -> state(id).isClosed(), "it goes on where it was");
    }

    private long epoch(SessionId id) {
        synchronized (log) {
            return disk.rows.get(id).epoch;
        }
    }

    private boolean isFree(SessionId id) {
        synchronized (log) {
            var row = disk.rows.get(id);
            return row.owner.isEmpty() && row.ready;
        }
    }
}
