package dev.remit.store.money;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.money.Attempt;
import dev.remit.core.money.BudgetRule;
import dev.remit.core.money.Ledger;
import dev.remit.core.money.Ledger.Answer;
import dev.remit.core.money.Ledger.Refused;
import dev.remit.core.money.Ledger.Reservation;
import dev.remit.core.money.Ledger.Unavailable;
import dev.remit.core.money.Money;
import dev.remit.core.money.Scope;
import dev.remit.core.money.Window;
import dev.remit.store.TestDatabases;
import dev.remit.store.database.Database;
import dev.remit.store.session.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Reserving, settling and giving back, on one node and on two.
class PostgresLedgerTest {
    private static final Scope TEAM = Sample.TEAM;

    private static Database database;
    private Sql sql;
    private Books books;
    private TestNode node;

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
        node = TestNode.start(database, "one");
    }

    @AfterEach
    void close() throws SQLException {
        node.close();
        sql.close();
    }

    private void limit(long micros) {
        node.ledger().rules().set(Sample.total(TEAM, micros), ZoneOffset.UTC);
    }

    private PostgresLedger ledger() {
        return node.ledger();
    }

    @Test
    void what_has_no_budget_is_free_to_spend_and_written_down() throws SQLException {
        Sample.reserve(ledger(), 7, TEAM).settle(Sample.costing(5));
        ledger().record(Sample.costing(0));
        node.ledger().close();
        assertThat(sql.column("SELECT cost FROM attempt ORDER BY cost")).containsExactly("0", "5");
        assertThat(sql.column("SELECT reserved FROM attempt ORDER BY cost"))
                .containsExactly(null, "7");
    }

    @Test
    void a_budget_is_spent_to_its_end_and_not_beyond() throws SQLException {
        limit(100);
        for (int i = 0; i < 10; i++) {
            Sample.reserve(ledger(), 10, TEAM).settle(Sample.costing(10));
        }
        var refused = (Refused) Sample.ask(ledger(), 1, TEAM);
        assertThat(refused.spent()).isEqualTo(new Money(100));
        assertThat(refused.left()).isEqualTo(Money.ZERO);
        assertThat(refused.rule().limit()).isEqualTo(new Money(100));
        assertThat(refused.renews()).isNull();
        node.ledger().close();
        assertThat(books.used(TEAM)).isEqualTo(100);
        books.close(TEAM);
    }

    @Test
    void what_was_not_certain_goes_back_once_it_is_known_and_only_once() throws SQLException {
        limit(100);
        var unsure = Sample.uncertain(60);
        Sample.reserve(ledger(), 60, TEAM).settle(unsure);
        Sample.reserve(ledger(), 20, TEAM).settle(Sample.costing(20));
        Sql.await(() -> PostgresLedgerTest.books(() -> books.rows(TEAM)) == 80);
        assertThat(Sample.ask(ledger(), 30, TEAM)).isInstanceOf(Refused.class);
        for (int cost : List.of(25, 0)) {
            ledger().revise(
                            new Ledger.Revision(
                                    unsure.call(),
                                    unsure.number(),
                                    new Money(cost),
                                    Attempt.End.FAILED,
                                    "somebody looked"));
        }
        Sample.reserve(ledger(), 55, TEAM).settle(Sample.costing(55));
        assertThat(Sample.ask(ledger(), 1, TEAM)).isInstanceOf(Refused.class);
        node.ledger().close();
        assertThat(books.used(TEAM)).isEqualTo(100);
        books.close(TEAM);
        assertThat(sql.column("SELECT cost FROM attempt WHERE tool = 'maps.route' AND certain"))
                .containsExactly("25");
    }

    @Test
    void what_a_dead_node_held_for_a_tool_is_written_down_for_that_tool() throws SQLException {
        var maps = new Scope(Scope.Kind.TOOL, "maps.route");
        ledger().rules().set(Sample.total(maps, 100), ZoneOffset.UTC);
        try (var other = TestNode.start(database, "two")) {
            Sample.reserve(other.ledger(), 10, maps);
            other.log().close(); // dies
            Sql.await(() -> PostgresLedgerTest.books(() -> books.unattributed(maps)) == 1);
        }
        assertThat(sql.column("SELECT tool FROM attempt WHERE scope = 'tool:maps.route'"))
                .containsExactly("maps.route");
        assertThat(books.used(maps)).isBetween(10L, 100L);
    }

    @Test
    void what_was_not_spent_can_be_spent_by_others() throws SQLException {
        limit(100);
        Sample.reserve(ledger(), 90, TEAM).settle(Sample.costing(10));
        var second = Sample.reserve(ledger(), 90, TEAM);
        assertThat(Sample.ask(ledger(), 1, TEAM)).isInstanceOf(Refused.class);
        second.release();
        second.settle(Sample.costing(50)); // too late: it does nothing
        Sample.reserve(ledger(), 90, TEAM).settle(Sample.costing(90));
        node.ledger().close();
        assertThat(books.used(TEAM)).isEqualTo(100);
        books.close(TEAM);
    }

    @Test
    void who_takes_less_gets_what_there_is() {
        limit(100);
        assertThat(Sample.reserve(ledger(), 60, TEAM).amount()).isEqualTo(new Money(60));
        var rest = (Reservation) Sample.ask(ledger(), 10, 70, TEAM);
        assertThat(rest.amount()).isEqualTo(new Money(40));
        assertThat(Sample.ask(ledger(), 1, 70, TEAM)).isInstanceOf(Refused.class);
    }

    @Test
    void a_refusal_names_the_budget_that_is_in_the_way_and_leaves_the_others_whole()
            throws SQLException {
        limit(100);
        ledger().rules().set(Sample.total(Sample.KEY, 30), ZoneOffset.UTC);
        Sample.reserve(ledger(), 25, TEAM, Sample.KEY).settle(Sample.costing(25));
        var refused = (Refused) Sample.ask(ledger(), 20, TEAM, Sample.KEY);
        assertThat(refused.rule().scope()).isEqualTo(Sample.KEY);
        assertThat(refused.left()).isEqualTo(new Money(5));
        Sample.reserve(ledger(), 75, TEAM).settle(Sample.costing(75));
        node.ledger().close();
        books.close(TEAM);
        books.close(Sample.KEY);
        assertThat(books.used(Sample.KEY)).isEqualTo(25);
    }

    @Test
    void more_than_was_reserved_is_settled_in_full_listed_and_counted_before_the_next_call()
            throws SQLException {
        limit(100);
        Sample.reserve(ledger(), 10, TEAM).settle(Sample.costing(95));
        assertThat(Sample.ask(ledger(), 6, TEAM)).isInstanceOf(Refused.class);
        Sample.reserve(ledger(), 5, TEAM).settle(Sample.costing(50));
        assertThat(Sample.ask(ledger(), 1, TEAM)).isInstanceOf(Refused.class);
        try (var other = TestNode.start(database, "two")) {
            Sql.await(() -> books(() -> books.rows(TEAM)) == 145);
            assertThat(Sample.ask(other.ledger(), 1, TEAM)).isInstanceOf(Refused.class);
        }
        node.ledger().close();
        assertThat(books.used(TEAM)).isEqualTo(145);
        books.close(TEAM);
        assertThat(ledger().queries().overruns(LedgerFilter.ALL, null, 10).rows()).hasSize(2);
    }

    @Test
    void two_nodes_share_a_budget_and_each_can_spend_what_the_other_gave_back()
            throws SQLException {
        limit(1_000_000);
        try (var other = TestNode.start(database, "two")) {
            for (int i = 0; i < 10; i++) {
                Sample.reserve(ledger(), 10_000, TEAM).settle(Sample.costing(10_000));
                Sample.reserve(other.ledger(), 10_000, TEAM).settle(Sample.costing(10_000));
            }
            // each holds some of it ahead of need; one spends all the same to the end
            for (int i = 0; i < 80; i++) {
                Sample.reserve(ledger(), 10_000, TEAM).settle(Sample.costing(10_000));
            }
            assertThat(Sample.ask(ledger(), 1, TEAM)).isInstanceOf(Refused.class);
            assertThat(Sample.ask(other.ledger(), 1, TEAM)).isInstanceOf(Refused.class);
        }
        node.ledger().close();
        assertThat(books.used(TEAM)).isEqualTo(1_000_000);
        books.close(TEAM);
    }

    @Test
    void a_small_call_passes_where_a_large_one_does_not_fit() {
        limit(100);
        Sample.reserve(ledger(), 80, TEAM);
        assertThat(Sample.ask(ledger(), 30, TEAM)).isInstanceOf(Refused.class);
        assertThat(Sample.ask(ledger(), 20, TEAM)).isInstanceOf(Reservation.class);
    }

    @Test
    void who_waits_gets_what_a_call_under_way_gives_back() throws Exception {
        node.close();
        node =
                TestNode.start(
                        database,
                        "patient",
                        LedgerSettings.USUAL.withPatience(java.time.Duration.ofSeconds(20)));
        limit(100);
        var under_way = Sample.reserve(ledger(), 90, TEAM);
        var answers = new CopyOnWriteArrayList<Answer>();
        var waiter = Thread.ofVirtual().start(() -> answers.add(Sample.ask(ledger(), 60, TEAM)));
        Sql.await(() -> waiter.getState() == Thread.State.TIMED_WAITING);
        under_way.settle(Sample.costing(40));
        waiter.join();
        assertThat(answers.getFirst()).isInstanceOf(Reservation.class);
    }

    @Test
    void a_lowered_limit_refuses_from_then_on_and_calls_in_what_nodes_hold() {
        limit(1_000_000);
        try (var other = TestNode.start(database, "two")) {
            Sample.reserve(ledger(), 1000, TEAM).settle(Sample.costing(1000));
            Sample.reserve(other.ledger(), 1000, TEAM).settle(Sample.costing(1000));
            limit(1500);
            assertThat(Sample.ask(ledger(), 1, TEAM)).isInstanceOf(Refused.class);
            assertThat(Sample.ask(other.ledger(), 1, TEAM)).isInstanceOf(Refused.class);
            limit(1_000_000);
            assertThat(Sample.ask(ledger(), 1, TEAM)).isInstanceOf(Reservation.class);
            assertThat(Sample.ask(other.ledger(), 1, TEAM)).isInstanceOf(Reservation.class);
        }
    }

    @Test
    void a_deleted_rule_limits_nothing_any_more() {
        limit(10);
        assertThat(Sample.ask(ledger(), 20, TEAM)).isInstanceOf(Refused.class);
        assertThat(ledger().rules().delete(TEAM, Window.TOTAL)).isTrue();
        assertThat(ledger().rules().delete(TEAM, Window.TOTAL)).isFalse();
        assertThat(Sample.ask(ledger(), 20, TEAM)).isInstanceOf(Reservation.class);
    }

    @Test
    void a_budget_that_only_tells_never_refuses_and_counts_everything() throws SQLException {
        ledger().rules()
                .set(
                        new BudgetRule(TEAM, Window.DAY, new Money(100), false, List.of()),
                        ZoneId.of("Europe/Berlin"));
        for (int i = 0; i < 50; i++) {
            Sample.reserve(ledger(), 10, TEAM).settle(Sample.costing(10));
        }
        node.ledger().close();
        assertThat(books.used(TEAM)).isEqualTo(500);
        books.close(TEAM);
    }

    @Test
    void each_threshold_is_told_once_in_a_window_on_one_node() throws Exception {
        var rule = new BudgetRule(TEAM, Window.MONTH, new Money(1000), true, List.of(50, 80, 100));
        var heard = new CopyOnWriteArrayList<Integer>();
        ledger().listen(notice -> heard.add(notice.threshold()));
        ledger().rules().set(rule, ZoneOffset.UTC);
        try (var other = TestNode.start(database, "two")) {
            other.ledger().listen(notice -> heard.add(notice.threshold()));
            Sample.reserve(ledger(), 300, TEAM).settle(Sample.costing(300));
            Sample.reserve(other.ledger(), 220, TEAM).settle(Sample.costing(220));
            Sql.await(() -> heard.size() == 1);
            Sample.reserve(other.ledger(), 10, TEAM).settle(Sample.costing(10));
        }
        try (var restarted = TestNode.start(database, "two")) {
            restarted.ledger().listen(notice -> heard.add(notice.threshold()));
            Sample.reserve(restarted.ledger(), 470, TEAM).settle(Sample.costing(470));
            Sql.await(() -> heard.size() == 3);
        }
        assertThat(heard).containsExactlyInAnyOrder(50, 80, 100);
    }

    @Test
    void a_closed_ledger_has_given_everything_back_and_refuses() throws SQLException {
        limit(1_000_000);
        Sample.reserve(ledger(), 1000, TEAM).settle(Sample.costing(400));
        node.ledger().close();
        assertThat(books.used(TEAM)).isEqualTo(400);
        assertThat(sql.column("SELECT count(*) FROM slice")).containsExactly("0");
        assertThat(Sample.ask(ledger(), 1, TEAM)).isInstanceOf(Unavailable.class);
    }

    @Test
    void a_reservation_that_outlives_its_ledger_is_still_written_down() throws SQLException {
        limit(1000);
        var late = Sample.reserve(ledger(), 100, TEAM);
        node.ledger().close();
        late.settle(Sample.costing(60));
        assertThat(books.rows(TEAM)).isEqualTo(60);
        assertThat(books.used(TEAM)).isEqualTo(100);
        node.log().close();
        try (var other = TestNode.start(database, "two")) {
            Sql.await(() -> books(() -> books.held(TEAM)) == 0);
            assertThat(other.ledger().queries().budgets().getFirst().spent())
                    .isEqualTo(new Money(100));
        }
        books.close(TEAM);
        assertThat(books.unattributed(TEAM)).isEqualTo(1);
    }

    @Test
    void a_cost_belongs_to_the_window_of_its_reservation() throws SQLException {
        var rule = new BudgetRule(TEAM, Window.HOUR, new Money(100), true, List.of());
        ledger().rules().set(rule, ZoneOffset.UTC);
        var before = Sample.reserve(ledger(), 80, TEAM);
        // the hour that the reservation was made in is over, as far as the tables say
        sql.update(
                """
                UPDATE budget SET starts = starts - interval '1 hour', ends = ends - interval '1 hour'
                """);
        node.ledger().escrow().accounts().forEach(account -> account.retired = true);
        var after = Sample.reserve(ledger(), 90, TEAM);
        before.settle(Sample.costing(70));
        after.settle(Sample.costing(20));
        node.ledger().close();
        assertThat(sql.column("SELECT used FROM budget ORDER BY starts"))
                .containsExactly("70", "20");
        books.close(TEAM);
    }

    @Test
    void many_who_reserve_at_once_get_what_there_is_and_no_more() throws Exception {
        limit(10_000);
        var given = new CopyOnWriteArrayList<Reservation>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 1000; i++) {
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                if (Sample.ask(ledger(), 1000, TEAM)
                                        instanceof Reservation reservation) {
                                    given.add(reservation);
                                }
                            }));
        }
        for (var thread : threads) {
            thread.join();
        }
        assertThat(given).hasSize(10);
        given.forEach(reservation -> reservation.settle(Sample.costing(1000)));
        node.ledger().close();
        books.close(TEAM);
    }

    @Test
    void a_window_renews_when_it_ends() {
        var rule = new BudgetRule(TEAM, Window.DAY, new Money(100), true, List.of());
        ledger().rules().set(rule, ZoneId.of("Asia/Tokyo"));
        var all = Sample.reserve(ledger(), 100, TEAM);
        var refused = (Refused) Sample.ask(ledger(), 1, TEAM);
        var end = Window.DAY.end(Instant.now(), ZoneId.of("Asia/Tokyo")).orElseThrow();
        assertThat(refused.renews()).isEqualTo(end);
        all.release();
    }

    /// A number from the tables, in an expression.
    interface Number {
        long get() throws SQLException;
    }

    static long books(Number number) {
        try {
            return number.get();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
