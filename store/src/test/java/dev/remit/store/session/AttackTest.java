package dev.remit.store.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.identity.SessionId;
import dev.remit.core.session.Event;
import dev.remit.core.session.SessionLog.Accepted;
import dev.remit.core.session.SessionLog.Answer;
import dev.remit.core.session.SessionLog.Claim;
import dev.remit.core.session.SessionLog.Fence;
import dev.remit.core.session.SessionLog.IdempotencyKey;
import dev.remit.core.session.SessionLog.Outgoing;
import dev.remit.core.session.SessionLog.Then;
import dev.remit.core.session.Waiting;
import dev.remit.store.TestDatabases;
import dev.remit.store.database.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Many threads do to a few sessions whatever they can at once.
class AttackTest {
    private static Database database;

    @BeforeAll
    static void open() {
        database = TestDatabases.fresh();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void takeovers_leave_no_gap_lose_no_acknowledgement_and_no_epoch_has_two_writers()
            throws Exception {
        new Attack(1, Duration.ofSeconds(2), false).run();
    }

    @Test
    @Tag("slow")
    void also_for_longer_and_when_connections_are_cut_all_the_time() throws Exception {
        var attack = new Attack(2, Duration.ofSeconds(20), true);
        attack.run();
        assertThat(attack.takeovers.get()).isGreaterThan(500);
    }

    /// Drivers that claim whatever they can, on three nodes; senders; somebody who changes the
    /// rules, and somebody who cuts connections.
    private static final class Attack {
        private static final int SESSIONS = 6;
        private static final int DRIVERS = 18;

        private final long seed;
        private final long end;
        private final boolean cutting;
        private final List<PostgresSessionLog> nodes;
        private final List<SessionId> sessions = new ArrayList<>();
        private final ConcurrentHashMap<SessionId, History> histories = new ConcurrentHashMap<>();
        private final ConcurrentHashMap<SessionId, AtomicLong> parkedSeen =
                new ConcurrentHashMap<>();
        final AtomicInteger takeovers = new AtomicInteger();
        private final AtomicInteger names = new AtomicInteger();

        Attack(long seed, Duration length, boolean cutting) {
            this.seed = seed;
            this.cutting = cutting;
            this.end = System.nanoTime() + length.toNanos();
            this.nodes =
                    List.of(
                            PostgresSessionLog.join(database, "a", false),
                            PostgresSessionLog.join(database, "b", false),
                            PostgresSessionLog.join(database, "c", false));
            for (int i = 0; i < SESSIONS; i++) {
                var id = Sample.open(nodes.getFirst());
                sessions.add(id);
                histories.put(id, new History());
                parkedSeen.put(id, new AtomicLong());
            }
        }

        void run() throws Exception {
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var work = new ArrayList<Callable<Boolean>>();
                for (int i = 0; i < DRIVERS; i++) {
                    int number = i;
                    work.add(() ->
                            drive(nodes.get(number % nodes.size()), new Random(seed + number)));
                }
                for (int i = 0; i < 3; i++) {
                    int number = i;
                    work.add(() -> send(nodes.get(number), new Random(seed * 31 + number)));
                }
                work.add(this::changeRules);
                if (cutting) {
                    work.add(this::cut);
                }
                for (var done : threads.invokeAll(work)) {
                    done.get();
                }
            }
            for (var id : sessions) {
                histories.get(id).check(nodes.getFirst(), id);
                assertThat(nodes.getFirst().load(id).state().seq()).isPositive();
                checkAwake(id);
            }
            assertThat(histories.values().stream().mapToInt(History::size).sum()).isPositive();
            nodes.forEach(PostgresSessionLog::close);
        }

        /// Nobody sleeps on mail: who has no driver and unread mail is ready.
        private void checkAwake(SessionId id) throws SQLException {
            try (var sql = new Sql(database)) {
                var asleep =
                        sql.column(
                                """
                                SELECT mail::text FROM session
                                WHERE id = ? AND owner IS NULL AND ready_at IS NULL
                                """,
                                id.uuid());
                if (!asleep.isEmpty()) {
                    assertThat(Long.parseLong(asleep.getFirst()))
                            .isEqualTo(parkedSeen.get(id).get());
                }
            }
        }

        private boolean over() {
            return System.nanoTime() > end;
        }

        private boolean drive(PostgresSessionLog log, Random random) {
            while (!over()) {
                var id = sessions.get(random.nextInt(SESSIONS));
                if (log.claim(id) instanceof Claim.Claimed claimed) {
                    takeovers.incrementAndGet();
                    turn(log, id, claimed.fence(), random);
                }
            }
            return true;
        }

        private void turn(PostgresSessionLog log, SessionId id, Fence fence, Random random) {
            var writer = "driver" + names.incrementAndGet();
            var history = histories.get(id);
            long head = log.load(id).state().seq();
            int next = 0;
            for (int i = random.nextInt(8); i >= 0; i--) {
                var marks = History.marks(writer, next, 1 + random.nextInt(3));
                next += marks.size();
                var events =
                        marks.stream()
                                .map(m -> Sample.ended(m.hashCode(), m))
                                .toArray(Event[]::new);
                boolean out = random.nextInt(4) == 0;
                var append =
                        out
                                ? Sample.append(
                                        log,
                                        fence,
                                        head,
                                        new Then.Keep(),
                                        List.of(mail(random)),
                                        events)
                                : Sample.keep(log, fence, head, events);
                switch (log.append(append)) {
                    case Answer.Appended appended -> {
                        assertThat(appended.head()).isEqualTo(head + events.length);
                        for (int j = 0; j < marks.size(); j++) {
                            history.acknowledged(marks.get(j), head + 1 + j);
                        }
                        head = appended.head();
                        noteSent(append.outbox());
                    }
                    case Answer.Unknown u -> {
                        marks.forEach(history::unknown);
                        perhapsSent(append.outbox());
                        return;
                    }
                    case Answer.Stale s -> {
                        return;
                    }
                    case Answer.Busy b -> {}
                    case Answer.RulesChanged r -> {}
                    case Answer.MailCame c -> {}
                }
            }
            if (random.nextBoolean()) {
                var mail = log.mail(id, 0);
                long seen = mail.isEmpty() ? 0 : mail.getLast().position();
                if (seen < 1000) {
                    park(
                            log,
                            id,
                            Sample.park(
                                    log, fence, head, seen, new Event.Idled(new Waiting.Message())),
                            seen);
                }
            }
        }

        private void park(
                PostgresSessionLog log,
                SessionId id,
                dev.remit.core.session.SessionLog.Append append,
                long seen) {
            if (log.append(append) instanceof Answer.Appended appended && appended.parked()) {
                parkedSeen.get(id).accumulateAndGet(seen, Math::max);
            }
        }

        private Outgoing mail(Random random) {
            var to = sessions.get(random.nextInt(SESSIONS));
            return new Outgoing.Send(to, Sample.message("out" + names.incrementAndGet()));
        }

        private void noteSent(List<Outgoing> outbox) {
            for (var outgoing : outbox) {
                if (outgoing instanceof Outgoing.Send send) {
                    histories.get(send.to()).sent(text(send));
                }
            }
        }

        private void perhapsSent(List<Outgoing> outbox) {
            for (var outgoing : outbox) {
                if (outgoing instanceof Outgoing.Send send) {
                    histories.get(send.to()).perhapsSent(text(send));
                }
            }
        }

        private static String text(Outgoing.Send send) {
            return ((dev.remit.core.session.Mail.Message) send.mail()).text().value().asString();
        }

        private boolean send(PostgresSessionLog log, Random random) {
            while (!over()) {
                var id = sessions.get(random.nextInt(SESSIONS));
                if (log.mail(id, 900).isEmpty()) {
                    var text = "mail" + names.incrementAndGet();
                    assertThat(log.send(id, Sample.message(text))).isTrue();
                    histories.get(id).sent(text);
                }
                Thread.yield();
            }
            return true;
        }

        private boolean changeRules() throws SQLException {
            try (var sql = new Sql(database)) {
                while (!over()) {
                    sql.begin().update("UPDATE rules SET version = version + 1");
                    sql.update("UPDATE gate SET rules = (SELECT version FROM rules)");
                    sql.commit();
                    java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
                }
            }
            return true;
        }

        private boolean cut() throws SQLException {
            try (var sql = new Sql(database)) {
                while (!over()) {
                    sql.column(
                            """
                            SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity
                            WHERE datname = current_database() AND application_name LIKE 'remit %'
                            ORDER BY random() LIMIT 1
                            """);
                    java.util.concurrent.locks.LockSupport.parkNanos(30_000_000);
                }
            }
            return true;
        }
    }

    @Test
    void a_key_that_many_use_at_once_opens_one_session() throws Exception {
        var log = PostgresSessionLog.join(database, "keys", true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 20; round++) {
                var key = new IdempotencyKey("me", "round " + round, "the same");
                var work =
                        IntStream.range(0, 16)
                                .<Callable<Accepted>>mapToObj(
                                        i -> () -> log.open(Sample.opening(key)))
                                .toList();
                var accepted = new ArrayList<Accepted>();
                for (var done : threads.invokeAll(work)) {
                    accepted.add(done.get());
                }
                assertThat(accepted).filteredOn(a -> a instanceof Accepted.New).hasSize(1);
                var id =
                        ((Accepted.New)
                                        accepted.stream()
                                                .filter(a -> a instanceof Accepted.New)
                                                .findFirst()
                                                .orElseThrow())
                                .id();
                assertThat(accepted)
                        .filteredOn(a -> a instanceof Accepted.Existing)
                        .containsOnly(new Accepted.Existing(id))
                        .hasSize(15);
                assertThat(log.events(id, 0, 2)).hasSize(1);
            }
        }
        log.close();
    }

    @Test
    void families_that_write_to_each_other_do_not_deadlock() throws Exception {
        var log = PostgresSessionLog.join(database, "families", true);
        var ids = IntStream.range(0, 8).mapToObj(i -> Sample.open(log)).toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var work = new ArrayList<Callable<Integer>>();
            for (var id : ids) {
                work.add(() -> {
                    var fence = Sample.claim(log, id);
                    var others =
                            ids.stream()
                                    .filter(o -> !o.equals(id))
                                    .<Outgoing>map(
                                            o -> new Outgoing.Send(o, Sample.message("hello")))
                                    .toList();
                    long head = 1;
                    for (int i = 0; i < 20; i++) {
                        var append =
                                Sample.append(
                                        log,
                                        fence,
                                        head,
                                        new Then.Keep(),
                                        others,
                                        Sample.started(i, "a"));
                        if (log.append(append) instanceof Answer.Appended appended) {
                            head = appended.head();
                        }
                    }
                    return (int) head - 1;
                });
            }
            int appended = 0;
            for (var done : threads.invokeAll(work)) {
                appended += done.get();
            }
            assertThat(appended).isEqualTo(160);
        }
        for (var id : ids) {
            assertThat(log.mail(id, 0)).hasSize(140);
        }
        assertThat(log.ready(Instant.now(), 1000)).doesNotContainAnyElementsOf(ids);
        log.close();
    }
}
