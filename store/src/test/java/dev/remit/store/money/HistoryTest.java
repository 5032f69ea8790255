package dev.remit.store.money;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.money.BudgetRule;
import dev.remit.core.money.Ledger.Refused;
import dev.remit.core.money.Ledger.Reservation;
import dev.remit.core.money.Money;
import dev.remit.core.money.Scope;
import dev.remit.core.money.Window;
import dev.remit.store.TestDatabases;
import dev.remit.store.database.Database;
import dev.remit.store.session.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random histories over three nodes: calls that settle, release, cost too much or never end; nodes
/// that die and come again; limits that change. Somebody who knows nothing of all this looks at the
/// tables all the time.
class HistoryTest {
    private static final Scope TEAM = Sample.TEAM;
    private static final long CAP = 3_000_000;

    private final AtomicLong settledTooMuch = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong given = new AtomicLong();
    private final AtomicBoolean over = new AtomicBoolean();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void no_history_spends_more_than_the_limit(long seed) throws Exception {
        play(seed, 2);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void no_long_history_spends_more_than_the_limit(long seed) throws Exception {
        play(seed, 4);
    }

    private void play(long seed, int deaths) throws Exception {
        try (var database = TestDatabases.fresh();
                var sql = new Sql(database)) {
            var books = Books.empty(sql);
            var rules = new BudgetRules(database);
            rules.set(hourly(CAP / 2), ZoneOffset.UTC);
            rules.set(Sample.total(Scope.ORGANISATION, CAP * 2), ZoneOffset.UTC);
            var nodes = new ArrayList<TestNode>();
            for (int i = 0; i < 3; i++) {
                nodes.add(node(database, i));
            }
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 24; i++) {
                var random = new Random(seed * 100 + i);
                threads.add(Thread.ofVirtual().start(guarded(() -> call(nodes, random))));
            }
            threads.add(Thread.ofVirtual().start(guarded(() -> look(database))));
            var random = new Random(seed);
            for (int i = 0; i < deaths; i++) {
                Sql.await(() -> PostgresLedgerTest.books(() -> books.used(TEAM)) > 0);
                LockSupport.parkNanos(Duration.ofMillis(200 + random.nextInt(400)).toNanos());
                int victim = random.nextInt(3);
                var dead = nodes.get(victim);
                dead.log().close();
                nodes.set(victim, node(database, 10 + i));
                dead.ledger().close();
                rules.set(hourly(i % 2 == 0 ? CAP : CAP / 3), ZoneOffset.UTC);
                if (i == 0) {
                    nextHour(sql, nodes);
                }
            }
            LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            over.set(true);
            for (var thread : threads) {
                thread.join();
            }
            nodes.forEach(TestNode::close);
            try (var last = node(database, 99)) {
                Sql.await(() ->
                        PostgresLedgerTest.books(
                                        () -> books.held(TEAM) + books.held(Scope.ORGANISATION))
                                == 0);
                assertThat(last.log().mayStart()).isTrue();
            }
            assertThat(failures).isEmpty();
            for (var scope : List.of(TEAM, Scope.ORGANISATION)) {
                books.close(scope);
            }
            assertThat(refused).hasPositiveValue();
            assertThat(given).hasPositiveValue();
            assertThat(books.unattributed(TEAM)).isLessThanOrEqualTo(2L * deaths);
        }
    }

    private static BudgetRule hourly(long limit) {
        return new BudgetRule(TEAM, Window.HOUR, new Money(limit), true, List.of(50, 100));
    }

    /// As far as the tables and the nodes say, an hour is over.
    private static void nextHour(Sql sql, List<TestNode> nodes) throws SQLException {
        sql.update(
                """
                UPDATE budget SET starts = starts - interval '1 hour', ends = ends - interval '1 hour'
                WHERE span = 'hour'
                """);
        for (var node : nodes) {
            node.ledger().escrow().accounts().forEach(account -> account.retired = true);
        }
    }

    private static TestNode node(Database database, int number) {
        return TestNode.start(
                database,
                "node " + number,
                LedgerSettings.USUAL.withPatience(Duration.ofMillis(50)));
    }

    private Runnable guarded(Work work) {
        return () -> {
            try {
                while (!over.get()) {
                    work.run();
                }
            } catch (Throwable e) {
                failures.add(e);
            }
        };
    }

    private interface Work {
        void run() throws Exception;
    }

    private void call(List<TestNode> nodes, Random random) {
        var ledger = nodes.get(random.nextInt(nodes.size())).ledger();
        long most = 1000 + random.nextInt(20_000);
        var answer = Sample.ask(ledger, most / 2, most, TEAM, Scope.ORGANISATION);
        if (answer instanceof Reservation reservation) {
            given.incrementAndGet();
            long amount = reservation.amount().micros();
            LockSupport.parkNanos(random.nextInt(3_000_000));
            switch (random.nextInt(20)) {
                case 0 -> reservation.release();
                case 1 -> {
                    settledTooMuch.addAndGet(amount);
                    reservation.settle(Sample.costing(2 * amount));
                }
                default ->
                        reservation.settle(Sample.costing((long) (amount * random.nextDouble())));
            }
        } else if (answer instanceof Refused) {
            refused.incrementAndGet();
        }
    }

    /// In one look: what is used is within the limit, apart from what was billed too much so far.
    private void look(Database database) throws SQLException {
        for (var scope : List.of(TEAM, Scope.ORGANISATION)) {
            long beyond =
                    database.with(connection -> {
                        try (var select =
                                connection.prepareStatement(
                                        """
                                        SELECT max(used) - ? FROM budget WHERE scope = ?
                                        """)) {
                            select.setLong(1, scope == TEAM ? CAP : 2 * CAP);
                            select.setString(2, scope.toString());
                            var row = select.executeQuery();
                            return row.next() ? row.getLong(1) : 0L;
                        }
                    });
            assertThat(beyond).as("used beyond the cap").isLessThanOrEqualTo(settledTooMuch.get());
        }
        LockSupport.parkNanos(2_000_000);
    }
}
