package dev.remit.store.money;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.money.Scope;
import dev.remit.store.TestDatabases;
import dev.remit.store.database.Database;
import dev.remit.store.database.DatabaseAddress;
import dev.remit.store.session.Child;
import dev.remit.store.session.PostgresSessionLog;
import dev.remit.store.session.Sql;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Servers that are really killed, and really stopped for longer than their lease.
@Tag("slow")
class ProcessTest {
    private static final Scope TEAM = Sample.TEAM;

    @Test
    void a_killed_server_leaves_one_row_for_what_it_held_and_nothing_is_spent_twice()
            throws Exception {
        try (var database = TestDatabases.fresh();
                var sql = new Sql(database)) {
            var books = Books.empty(sql);
            new BudgetRules(database).set(Sample.total(TEAM, 100_000), ZoneOffset.UTC);
            try (var peer = TestNode.start(database, "peer");
                    var child = Child.start(ProcessTest.class, database.address().toUrl())) {
                assertThat(child.line()).isEqualTo("ready");
                Sql.await(() -> PostgresLedgerTest.books(() -> books.rows(TEAM)) == 2000);
                long held = books.held(TEAM);
                assertThat(held).isGreaterThanOrEqualTo(3000);
                child.kill();
                Sql.await(() -> PostgresLedgerTest.books(() -> books.unattributed(TEAM)) == 1);
                assertThat(books.rows(TEAM)).isEqualTo(2000 + held);
                long given = 0;
                while (Sample.ask(peer.ledger(), 1000, TEAM)
                        instanceof dev.remit.core.money.Ledger.Reservation reservation) {
                    reservation.settle(Sample.costing(1000));
                    given += 1000;
                }
                assertThat(given + 2000 + held).isBetween(99_001L, 100_000L);
            }
            assertThat(books.unattributed(TEAM)).isEqualTo(1);
            books.close(TEAM);
        }
    }

    @Test
    void a_server_that_was_stopped_past_its_lease_reserves_nothing_and_still_says_what_it_spent()
            throws Exception {
        try (var database = TestDatabases.fresh();
                var sql = new Sql(database)) {
            var books = Books.empty(sql);
            new BudgetRules(database).set(Sample.total(TEAM, 100_000), ZoneOffset.UTC);
            try (var peer = TestNode.start(database, "peer");
                    var child = Child.start(ProcessTest.class, database.address().toUrl())) {
                assertThat(child.line()).isEqualTo("ready");
                Sql.await(() -> PostgresLedgerTest.books(() -> books.rows(TEAM)) == 2000);
                long held = books.held(TEAM);
                Child.signal("STOP", child.pid());
                Sql.await(() -> PostgresLedgerTest.books(() -> books.unattributed(TEAM)) == 1);
                child.say("go on");
                Child.signal("CONT", child.pid());
                assertThat(child.line()).isEqualTo("Unavailable");
                Sql.await(() -> PostgresLedgerTest.books(() -> of(sql, 777)) == 1);
                assertThat(books.rows(TEAM)).isEqualTo(2000 + held);
                Sample.reserve(peer.ledger(), 1000, TEAM).settle(Sample.costing(1000));
            }
            books.close(TEAM);
        }
    }

    private static long of(Sql sql, long cost) throws SQLException {
        return sql.column("SELECT id FROM attempt WHERE cost = ?", cost).size();
    }

    /// `URL`: spends 2000, holds three reservations; told to go on, asks for more and settles one.
    public static void main(String[] args) throws Exception {
        var database = Database.open(DatabaseAddress.parse(args[0]));
        var log = PostgresSessionLog.join(database, "child", true);
        var ledger = PostgresLedger.open(database, log.node(), TestNode.IMPATIENT);
        Sample.reserve(ledger, 1000, TEAM).settle(Sample.costing(1000));
        Sample.reserve(ledger, 1000, TEAM).settle(Sample.costing(1000));
        Sample.reserve(ledger, 1000, TEAM);
        Sample.reserve(ledger, 1000, TEAM);
        var last = Sample.reserve(ledger, 1000, TEAM);
        System.out.println("ready");
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        System.out.println(Sample.ask(ledger, 10, TEAM).getClass().getSimpleName());
        last.settle(Sample.costing(777));
        Thread.currentThread().join();
    }
}
