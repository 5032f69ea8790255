package dev.remit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.agent.Definitions;
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
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The engine with real threads and real time, over a log in memory. Whoever dispatches has to pass
/// this: with one node, with two, and when one of them dies.
public abstract class EngineDurability {
    static final AgentDefinition AGENT = Cast.agent("one");

    volatile Definitions definitions = ref -> AGENT;
    private static final Ended DONE = new Ended.Done(Content.derived(Json.text("ok")));

    final Disk disk = new Disk();
    private final SessionLog log = log("node");
    private final List<Engine> nodes = new ArrayList<>();
    private final Set<String> done = ConcurrentHashMap.newKeySet();
    private final AtomicInteger doneTwice = new AtomicInteger();
    private volatile Ended end = DONE;
    private Answering model = request -> Stage.says("{}");
    Engine engine;

    /// A new one, for a node that shares its work with the others of this test.
    protected abstract Dispatching dispatcher(String node);

    @AfterEach
    public void stop() {
        nodes.forEach(Engine::close);
        nodes.clear();
        assertThat(doneTwice).as("effects that were done twice").hasValue(0);
    }

    /// The same disk, used by one thread at a time.
    final SessionLog log(String node) {
        return inTurns(
                new SimulatedLog(
                        disk, node, SimulatedLog.Weather.CALM, new Random(1), new ArrayList<>()));
    }

    /// A log of this disk, used by one thread at a time.
    final SessionLog inTurns(SimulatedLog log) {
        return (SessionLog)
                Proxy.newProxyInstance(
                        SessionLog.class.getClassLoader(),
                        new Class<?>[] {SessionLog.class},
                        (proxy, method, arguments) -> {
                            synchronized (disk) {
                                try {
                                    return method.invoke(log, arguments);
                                } catch (InvocationTargetException e) {
                                    throw e.getCause();
                                }
                            }
                        });
    }

    interface Answering {
        ModelAnswer answer(ModelRequest request) throws InterruptedException;
    }

    void start(Answering answers) {
        model = answers;
        engine = node("node", log);
    }

    /// With models that answer at once.
    protected final Engine startAnswering() {
        start(request -> Stage.says("{}"));
        return engine;
    }

    protected final void awaitEnd(SessionId id) {
        within(() -> state(id).isClosed(), "session " + id + " ends");
        assertThat(state(id).closed().reason()).isEqualTo(StopReason.COMPLETED);
    }

    final Engine node(String name, SessionLog view) {
        var node =
                new Engine(
                        new Parts(
                                view,
                                ref -> definitions.find(ref),
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
                                use -> {
                                    if (!done.add(use.idempotencyKey())) {
                                        doneTwice.incrementAndGet();
                                    }
                                    return end;
                                },
                                new Stage().parts().redactor(),
                                InstantSource.system(),
                                new Random(name.hashCode()),
                                Parts.Progress.NONE),
                        dispatcher(name));
        nodes.add(node);
        node.start();
        return node;
    }

    /// As a peer does when the lease of a node has run out.
    private void fence(String name) {
        synchronized (disk) {
            disk.renew(name, Instant.EPOCH);
            disk.fence(InstantSource.system().instant());
        }
    }

    protected final SessionId open() {
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

    State state(SessionId id) {
        return log.load(id).state();
    }

    protected static void within(BooleanSupplier condition, String what) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    @Test
    void many_sessions_at_once_all_end() {
        start(EngineDurability::twoEffects);
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
        log.open(opening(id, now, now.plus(Duration.ofMillis(300))));
        within(() -> state(id).isClosed(), "the sweeper finds it, the deadline ends it");
        assertThat(state(id).closed().why()).contains("time was up");
    }

    private static ModelAnswer twoEffects(ModelRequest request) {
        return request.turn() < 3
                ? Stage.calls(
                        "effect.once", Json.object().put("evidence", "e").put("n", request.turn()))
                : Stage.says("{}");
    }

    @Test
    void two_nodes_share_the_work_and_each_effect_is_done_once() {
        start(EngineDurability::twoEffects);
        node("other", log("other"));
        var ids = new ArrayList<SessionId>();
        for (int i = 0; i < 100; i++) {
            ids.add(open());
        }
        for (var id : ids) {
            within(() -> state(id).isClosed(), "session " + id + " ends");
            assertThat(state(id).closed().reason()).isEqualTo(StopReason.COMPLETED);
        }
        assertThat(done).hasSize(200);
    }

    @Test
    void however_often_it_is_woken_everything_is_done_once() {
        start(EngineDurability::twoEffects);
        var other = node("other", log("other"));
        var ids = new ArrayList<SessionId>();
        for (int i = 0; i < 20; i++) {
            ids.add(open());
        }
        within(
                () -> {
                    ids.forEach(engine::wake);
                    ids.forEach(other::wake);
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                    return ids.stream().allMatch(id -> state(id).isClosed());
                },
                "all end");
        assertThat(done).hasSize(40);
        for (var id : ids) {
            assertThat(state(id).closed().reason()).isEqualTo(StopReason.COMPLETED);
        }
    }

    @Test
    void a_session_of_a_dead_node_goes_on_at_another() throws InterruptedException {
        var called = new CountDownLatch(1);
        var dead = new CountDownLatch(1);
        var calls = new AtomicInteger();
        start(request -> {
            if (calls.getAndIncrement() == 0) {
                called.countDown();
                dead.await();
            }
            return Stage.says("{}");
        });
        var id = open();
        assertThat(called.await(60, TimeUnit.SECONDS)).isTrue();
        var view = log("heir");
        node("heir", view);
        fence("node");
        within(() -> state(id).isClosed(), "its heir ends it");
        assertThat(state(id).closed().reason()).isEqualTo(StopReason.COMPLETED);
        assertThat(calls).hasValue(2);
        dead.countDown();
    }

    @Test
    void what_was_opened_while_nobody_drove_is_found_at_the_start() {
        var ids = new ArrayList<SessionId>();
        var now = InstantSource.system().instant();
        for (int i = 0; i < 5; i++) {
            var id = SessionId.random(now, new Random(i));
            ids.add(id);
            log.open(opening(id, now, null));
        }
        start(request -> Stage.says("{}"));
        for (var id : ids) {
            within(() -> state(id).isClosed(), "session " + id + " is found");
        }
    }

    @Test
    void a_session_that_a_node_claimed_without_hearing_of_it_is_driven_by_it_all_the_same() {
        var id = SessionId.random(InstantSource.system().instant(), new Random(3));
        log.open(opening(id, InstantSource.system().instant(), null));
        assertThat(log.claim(id)).isInstanceOf(SessionLog.Claim.Claimed.class);
        assertThat(log.ready(InstantSource.system().instant(), 10)).as("no queue has it").isEmpty();
        start(request -> Stage.says("{}"));
        awaitEnd(id);
    }

    @Test
    void a_session_is_not_in_trouble_because_its_definition_could_not_be_looked_up_for_a_moment() {
        var away = new AtomicInteger(3);
        definitions =
                ref -> {
                    if (away.getAndDecrement() > 0) {
                        throw new SimulatedLog.Away();
                    }
                    return AGENT;
                };
        startAnswering();
        awaitEnd(open());
        assertThat(away.get()).as("it was asked for in vain").isNegative();
    }

    @Test
    void the_answer_of_a_person_wakes_a_session_that_waits_for_it() {
        end = new Ended.Unknown("the line went dead");
        start(EngineDurability::twoEffects);
        var id = open();
        within(() -> state(id).waiting() instanceof Waiting.Trouble, "it waits for a person");
        within(() -> engine.driven() == 0, "nobody drives it");
        end = DONE;
        var action = ((Waiting.Trouble) state(id).waiting()).inDoubt().getFirst();
        engine.send(id, new Mail.Resolve(action, true, Stage.SOMEBODY));
        within(() -> state(id).isClosed(), "it goes on");
        assertThat(state(id).closed().reason()).isEqualTo(StopReason.COMPLETED);
    }

    private static SessionLog.Opening opening(
            SessionId id, Instant now, @Nullable Instant deadline) {
        return new SessionLog.Opening(
                id,
                new Event.Opened(
                        AGENT.ref(),
                        Content.derived(Json.object()),
                        List.of(Stage.SOMEBODY),
                        null,
                        ModelChoice.rehearsal(1),
                        deadline,
                        null,
                        null),
                now,
                null);
    }
}
