package dev.remit.store.money;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.money.Ledger.Answer;
import dev.remit.core.money.Ledger.Refused;
import dev.remit.core.money.Ledger.Reservation;
import dev.remit.core.money.Ledger.Unavailable;
import dev.remit.core.money.Scope;
import dev.remit.store.TestDatabases;
import dev.remit.store.database.Database;
import dev.remit.store.session.PostgresSessionLog;
import dev.remit.store.session.Relay;
import dev.remit.store.session.Relay.Break;
import dev.remit.store.session.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Attempts to spend more than there is, or to lose what was spent.
class AttackTest {
    private static final Scope TEAM = Sample.TEAM;
    private static final String WORD = "cut-me-here";

    private static Database database;
    private Sql sql;
    private Books books;

    @BeforeAll
    static void create() {
        database = TestDatabases.fresh();
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    @BeforeEach
    void open() throws SQLException {
        sql = new Sql(database);
        books = Books.empty(sql);
    }

    @AfterEach
    void close() throws SQLException {
        sql.close();
    }

    private static void limit(long micros) {
        new BudgetRules(database).set(Sample.total(TEAM, micros), ZoneOffset.UTC);
    }

    /// As many at once as there are, over these nodes in turn.
    private static List<Answer> storm(List<TestNode> nodes, int calls, long amount)
            throws InterruptedException {
        var answers = new ConcurrentLinkedQueue<Answer>();
        var threads = new ArrayList<Thread>();
        var go = new CountDownLatch(1);
        for (int i = 0; i < calls; i++) {
            var ledger = nodes.get(i % nodes.size()).ledger();
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    go.await();
                                } catch (InterruptedException e) {
                                    throw new AssertionError(e);
                                }
                                answers.add(Sample.ask(ledger, amount, TEAM));
                            }));
        }
        go.countDown();
        for (var thread : threads) {
            thread.join();
        }
        return List.copyOf(answers);
    }

    private static List<Reservation> given(List<Answer> answers) {
        return answers.stream()
                .filter(Reservation.class::isInstance)
                .map(Reservation.class::cast)
                .toList();
    }

    @Test
    void a_thousand_calls_over_three_nodes_at_a_limit_that_allows_ten_get_ten() throws Exception {
        limit(10_999);
        try (var one = TestNode.start(database, "one");
                var two = TestNode.start(database, "two");
                var three = TestNode.start(database, "three")) {
            var given = given(storm(List.of(one, two, three), 1000, 1000));
            assertThat(given).hasSize(10);
            given.forEach(reservation -> reservation.settle(Sample.costing(1000)));
        }
        assertThat(books.used(TEAM)).isEqualTo(10_000);
        books.close(TEAM);
    }

    @Test
    void with_one_of_three_nodes_dead_no_more_is_spent_and_its_slice_becomes_one_row()
            throws Exception {
        limit(10_000);
        try (var one = TestNode.start(database, "one");
                var two = TestNode.start(database, "two")) {
            var dead = TestNode.start(database, "dead");
            var first = given(storm(List.of(one, two, dead), 300, 1000));
            assertThat(first.size()).isLessThanOrEqualTo(10).isGreaterThanOrEqualTo(9);
            // it dies with what it reserved: nothing of it is settled or given back
            dead.log().close();
            Sql.await(() -> PostgresLedgerTest.books(() -> unsettledOf(dead)) == 0);
            long lost = books.rows(TEAM);
            first.forEach(reservation -> {}); // who holds them is of no interest any more
            assertThat(given(storm(List.of(one, two), 300, 1000))).isEmpty();
            assertThat(books.unattributed(TEAM)).isEqualTo(lost > 0 ? 1 : 0);
            assertThat(books.used(TEAM)).isLessThanOrEqualTo(10_000);
        }
    }

    private long unsettledOf(TestNode node) throws SQLException {
        return sql.column(
                        "SELECT budget FROM slice WHERE incarnation = ?",
                        node.log().node().incarnation())
                .size();
    }

    @Test
    void a_node_that_was_taken_for_dead_cannot_reserve_and_what_it_knows_is_still_written()
            throws Exception {
        limit(100_000);
        try (var peer = TestNode.start(database, "peer")) {
            var paused = TestNode.start(database, "paused");
            var under_way = Sample.reserve(paused.ledger(), 5000, TEAM);
            Sample.reserve(paused.ledger(), 3000, TEAM).settle(Sample.costing(3000));
            Sql.await(() -> PostgresLedgerTest.books(() -> books.rows(TEAM)) == 3000);
            var slice = held(paused);
            assertThat(slice).isGreaterThanOrEqualTo(5000);
            paused.log().close(); // fenced, and does not know it
            Sql.await(() -> PostgresLedgerTest.books(() -> books.unattributed(TEAM)) == 1);
            assertThat(books.rows(TEAM)).isEqualTo(3000 + slice);
            assertThat(Sample.ask(paused.ledger(), 1, TEAM)).isInstanceOf(Unavailable.class);

            under_way.settle(Sample.costing(4000));
            Sql.await(() ->
                    PostgresLedgerTest.books(() ->
                            Long.parseLong(
                                    sql.column("SELECT count(*) FROM attempt WHERE cost = 4000")
                                            .getFirst()))
                            == 1);
            assertThat(books.rows(TEAM))
                    .as("what it accounts for is unattributed no more")
                    .isEqualTo(3000 + slice);
            paused.ledger().close();
            Sample.reserve(peer.ledger(), 1000, TEAM).settle(Sample.costing(1000));
        }
        assertThat(books.unattributed(TEAM)).isEqualTo(1);
        books.close(TEAM);
    }

    private long held(TestNode node) throws SQLException {
        return Long.parseLong(
                sql.column(
                                "SELECT taken + grown - spent FROM slice WHERE incarnation = ?",
                                node.log().node().incarnation())
                        .getFirst());
    }

    @Test
    void a_node_that_may_not_start_anything_gives_out_nothing() {
        limit(100_000);
        var mayStart = new AtomicBoolean(true);
        try (var log = PostgresSessionLog.join(database, "silent", true);
                var ledger =
                        PostgresLedger.open(
                                database,
                                log.node(),
                                TestNode.IMPATIENT,
                                mayStart::get,
                                new DatabaseClock(System::nanoTime, InstantSource.system()))) {
            Sample.reserve(ledger, 1000, TEAM).settle(Sample.costing(1000));
            mayStart.set(false);
            assertThat(Sample.ask(ledger, 10, TEAM)).isInstanceOf(Unavailable.class);
            mayStart.set(true);
            assertThat(Sample.ask(ledger, 10, TEAM)).isInstanceOf(Reservation.class);
        }
    }

    @Test
    void wall_clocks_that_jump_neither_open_a_window_twice_nor_give_out_more() throws Exception {
        new BudgetRules(database)
                .set(
                        new dev.remit.core.money.BudgetRule(
                                TEAM,
                                dev.remit.core.money.Window.DAY,
                                new dev.remit.core.money.Money(10_000),
                                true,
                                List.of()),
                        ZoneOffset.UTC);
        var off = new AtomicLong();
        InstantSource wall = () -> Instant.now().plusMillis(off.get());
        try (var log = PostgresSessionLog.join(database, "jumping", true);
                var ledger =
                        PostgresLedger.open(
                                database,
                                log.node(),
                                TestNode.IMPATIENT,
                                () -> true,
                                new DatabaseClock(System::nanoTime, wall))) {
            long given = 0;
            for (long hours : List.of(0, 48, -48, 24 * 365, -1)) {
                off.set(Duration.ofHours(hours).toMillis());
                for (int i = 0; i < 3; i++) {
                    if (Sample.ask(ledger, 1000, TEAM) instanceof Reservation reservation) {
                        reservation.settle(Sample.costing(1000));
                        given++;
                    }
                }
            }
            assertThat(given).isEqualTo(10);
            assertThat(sql.column("SELECT count(*) FROM budget")).containsExactly("1");
        }
        books.close(TEAM);
    }

    @Test
    void a_write_whose_answer_is_lost_is_neither_lost_nor_doubled() throws Exception {
        for (var where : List.of(Break.BEFORE_THE_SERVER, Break.BEFORE_THE_ANSWER)) {
            books = Books.empty(sql);
            limit(100_000);
            try (var relay = new Relay(database.address(), WORD);
                    var cut = Database.open(relay.address());
                    var node = TestNode.start(cut, "cut")) {
                Sample.reserve(node.ledger(), 1000, TEAM).settle(Sample.costing(700));
                relay.breakNext(where);
                for (int i = 0; i < 50; i++) {
                    Sample.reserve(node.ledger(), 1000, TEAM)
                            .settle(
                                    Sample.costing(
                                            10,
                                            WORD + i,
                                            java.util.Map.of(),
                                            dev.remit.core.money.Attempt.End.ANSWERED));
                }
                Sql.await(() -> PostgresLedgerTest.books(() -> books.rows(TEAM)) == 1200);
                assertThat(relay.hasBroken()).isTrue();
            }
            assertThat(books.used(TEAM)).as(where.toString()).isEqualTo(1200);
            books.close(TEAM);
        }
    }

    @Test
    void a_take_whose_answer_is_lost_is_neither_lost_nor_doubled() throws Exception {
        for (var where : List.of(Break.BEFORE_THE_SERVER, Break.BEFORE_THE_ANSWER)) {
            books = Books.empty(sql);
            limit(10_000);
            // the statement that moves slices goes by with its text as long as it is not prepared
            try (var relay = new Relay(database.address(), "'take'");
                    var cut = Database.open(relay.address());
                    var node =
                            TestNode.start(
                                    cut,
                                    "cut",
                                    LedgerSettings.USUAL.withPatience(Duration.ofSeconds(10)))) {
                relay.breakNext(where);
                for (int i = 0; i < 10; i++) {
                    Sample.reserve(node.ledger(), 1000, TEAM).settle(Sample.costing(1000));
                }
                assertThat(Sample.ask(node.ledger(), 1, TEAM)).isInstanceOf(Refused.class);
                assertThat(relay.hasBroken()).isTrue();
            }
            assertThat(books.used(TEAM)).as(where.toString()).isEqualTo(10_000);
            books.close(TEAM);
        }
    }

    @Test
    void while_the_database_is_away_rows_wait_and_what_is_held_can_be_spent() throws Exception {
        limit(1_000_000);
        try (var relay = new Relay(database.address(), WORD);
                var cut = Database.open(relay.address());
                var node = TestNode.start(cut, "cut")) {
            Sample.reserve(node.ledger(), 10_000, TEAM).settle(Sample.costing(10_000));
            Sql.await(() -> PostgresLedgerTest.books(() -> books.rows(TEAM)) == 10_000);
            relay.cut();
            int given = 0;
            Answer last = null;
            for (int i = 0; i < 200; i++) {
                last = Sample.ask(node.ledger(), 10_000, TEAM);
                if (last instanceof Reservation reservation) {
                    reservation.settle(Sample.costing(10_000));
                    given++;
                } else {
                    break;
                }
            }
            assertThat(given).isPositive();
            assertThat(last).isInstanceOf(Unavailable.class);
            assertThat(books.rows(TEAM)).isEqualTo(10_000);
            relay.heal();
            long all = 10_000 * (given + 1);
            Sql.await(() -> PostgresLedgerTest.books(() -> books.rows(TEAM)) == all);
        }
        books.close(TEAM);
    }

    @Test
    void a_typical_call_is_first_refused_when_nineteen_parts_of_twenty_are_spent()
            throws Exception {
        // 2k in, cap 1k: reserved for three times what it comes to
        long bound = 21_600;
        long limit = 100 * bound;
        limit(limit);
        var spent = new AtomicLong();
        var spentThen = new AtomicLong(-1);
        try (var one = TestNode.start(database, "one", LedgerSettings.USUAL);
                var two = TestNode.start(database, "two", LedgerSettings.USUAL);
                var three = TestNode.start(database, "three", LedgerSettings.USUAL)) {
            var nodes = List.of(one, two, three);
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 12; i++) {
                var random = new Random(i);
                var ledger = nodes.get(i % 3).ledger();
                threads.add(
                        Thread.ofVirtual()
                                .start(() -> {
                                    while (spentThen.get() < 0) {
                                        var answer = Sample.ask(ledger, bound, TEAM);
                                        if (answer instanceof Reservation reservation) {
                                            java.util.concurrent.locks.LockSupport.parkNanos(
                                                    20_000_000);
                                            long cost = 3000 + random.nextInt(12_000);
                                            spent.addAndGet(cost);
                                            reservation.settle(Sample.costing(cost));
                                        } else {
                                            spentThen.compareAndSet(-1, spent.get());
                                        }
                                    }
                                }));
            }
            for (var thread : threads) {
                thread.join();
            }
        }
        System.out.printf(
                "spent before the first refusal: %.1f%%%n", 100.0 * spentThen.get() / limit);
        assertThat(spentThen.get()).isGreaterThanOrEqualTo(limit * 95 / 100);
        assertThat(books.used(TEAM)).isLessThanOrEqualTo(limit);
        books.close(TEAM);
    }
}
