package dev.remit.store.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.json.Content;
import dev.remit.core.json.Json;
import dev.remit.core.money.Attempt;
import dev.remit.core.money.Attempt.End;
import dev.remit.core.money.BudgetRule;
import dev.remit.core.money.Money;
import dev.remit.core.money.Window;
import dev.remit.store.TestDatabases;
import dev.remit.store.database.Database;
import dev.remit.store.session.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Reading the ledger.
class LedgerQueriesTest {
    private static Database database;
    private Sql sql;
    private TestNode node;
    private LedgerQueries queries;

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
        Books.empty(sql);
        node = TestNode.start(database, "one");
        queries = node.ledger().queries();
    }

    @AfterEach
    void close() throws SQLException {
        node.close();
        sql.close();
    }

    private void written(int rows) {
        Sql.await(() ->
                PostgresLedgerTest.books(() ->
                        Long.parseLong(sql.column("SELECT count(*) FROM attempt").getFirst()))
                        == rows);
    }

    @Test
    void a_row_comes_back_as_it_was_written() {
        var attempt = Sample.costing(77, "growth", Map.of("project", "a\"b"), End.FAILED);
        Sample.reserve(node.ledger(), 50, Sample.TEAM).settle(attempt);
        written(1);
        var row = queries.call(attempt.call()).getFirst();
        assertThat(row.attempt())
                .usingRecursiveComparison()
                .ignoringFields("at")
                .isEqualTo(attempt);
        assertThat(Duration.between(row.attempt().at(), attempt.at()).abs())
                .isLessThan(Duration.ofNanos(1000));
        assertThat(row.reserved()).isEqualTo(new Money(50));
        assertThat(row.isOverrun()).isTrue();
        assertThat(queries.find(row.id())).contains(row);
        assertThat(queries.find(UUID.randomUUID())).isEmpty();
    }

    @Test
    void texts_that_no_column_can_hold_cost_no_money() {
        var attempt = Sample.costing(5, "a\0b\uD800c", Map.of("x\0", "\uDC00"), End.ANSWERED);
        node.ledger().record(attempt);
        node.ledger().record(Sample.costing(6));
        written(2);
        assertThat(queries.call(attempt.call()).getFirst().attempt().cost())
                .isEqualTo(new Money(5));
    }

    @Test
    void rows_are_added_up_by_whatever_is_asked() {
        node.ledger().record(Sample.costing(10, "a", Map.of("p", "x"), End.ANSWERED));
        node.ledger().record(Sample.costing(20, "a", Map.of("p", "y"), End.FAILED));
        node.ledger().record(Sample.costing(40, "b", Map.of("p", "x"), End.ANSWERED));
        written(3);
        var byTeam = queries.sums(LedgerFilter.ALL, List.of(Dimension.Field.TEAM), 10);
        assertThat(byTeam)
                .extracting(LedgerSum::cost)
                .containsExactly(new Money(40), new Money(30));
        assertThat(byTeam.getFirst().by()).containsExactly(Optional.of("b"));
        assertThat(byTeam.getLast().usage().input()).isEqualTo(200);
        var tag = Dimension.parse("tag:p").orElseThrow();
        assertThat(queries.sums(LedgerFilter.ALL, List.of(tag, Dimension.Field.END), 10))
                .extracting(sum -> sum.by() + " " + sum.cost().micros())
                .containsExactly(
                        "[Optional[x], Optional[answered]] 50",
                        "[Optional[y], Optional[failed]] 20");
        assertThat(
                        queries.sums(LedgerFilter.ALL.with(tag, "x"), List.of(), 1)
                                .getFirst()
                                .attempts())
                .isEqualTo(2);
        for (var dimension : Dimension.Field.values()) {
            assertThat(queries.sums(LedgerFilter.ALL, List.of(dimension), 10)).isNotEmpty();
        }
        var none = LedgerFilter.between(Instant.EPOCH, Instant.EPOCH.plusSeconds(1));
        assertThat(queries.sums(none, List.of(Dimension.Field.DAY), 10)).isEmpty();
        assertThat(queries.sums(none, List.of(), 10).getFirst().cost()).isEqualTo(Money.ZERO);
    }

    @Test
    void days_are_those_of_the_time_zone_of_the_question() throws SQLException {
        node.ledger().record(Sample.costing(10));
        written(1);
        sql.update("UPDATE attempt SET at = '2026-11-20T22:30:00Z'");
        var day = List.<Dimension>of(Dimension.Field.DAY, Dimension.Field.HOUR);
        assertThat(queries.sums(LedgerFilter.ALL, day, 10).getFirst().by())
                .containsExactly(Optional.of("2026-11-20"), Optional.of("2026-11-20T22:00"));
        for (var zone : List.of(ZoneId.of("Europe/Berlin"), ZoneId.of("Africa/Cairo"))) {
            assertThat(
                            queries.sums(LedgerFilter.ALL.in(ZoneId.of("Asia/Tokyo")), day, 10)
                                    .getFirst()
                                    .by())
                    .as(zone.toString())
                    .containsExactly(Optional.of("2026-11-21"), Optional.of("2026-11-21T07:00"));
        }
        assertThat(
                        queries.sums(LedgerFilter.ALL.in(ZoneOffset.ofHours(2)), day, 10)
                                .getFirst()
                                .by())
                .containsExactly(Optional.of("2026-11-21"), Optional.of("2026-11-21T00:00"));
    }

    @Test
    void pages_follow_each_other_without_a_gap() {
        for (int i = 0; i < 25; i++) {
            node.ledger().record(Sample.costing(i));
        }
        written(25);
        var seen = new ArrayList<Long>();
        UUID after = null;
        do {
            var page = queries.page(LedgerFilter.ALL, after, 10);
            page.rows().forEach(row -> seen.add(row.attempt().cost().micros()));
            after = page.next();
        } while (after != null);
        assertThat(seen).hasSize(25).doesNotHaveDuplicates();
    }

    @Test
    void a_budget_shows_what_is_spent_held_and_left_and_who_spent_it() {
        var rule = new BudgetRule(Sample.TEAM, Window.MONTH, new Money(1000), true, List.of());
        node.ledger().rules().set(rule, ZoneId.of("Europe/Berlin"));
        assertThat(queries.budgets().getFirst().id()).isZero();
        Sample.reserve(node.ledger(), 600, Sample.TEAM).settle(Sample.costing(500));
        Sample.reserve(node.ledger(), 300, Sample.TEAM);
        written(1);
        var state = queries.budgets().getFirst();
        assertThat(state.rule()).isEqualTo(rule);
        assertThat(state.spent()).isEqualTo(new Money(500));
        assertThat(state.held().micros()).isGreaterThanOrEqualTo(300);
        assertThat(state.left().micros()).isLessThanOrEqualTo(200);
        assertThat(state.renews())
                .isEqualTo(
                        Window.MONTH.end(Instant.now(), ZoneId.of("Europe/Berlin")).orElseThrow());
        assertThat(queries.spenders(state, List.of(Dimension.Field.AGENT), 3).getFirst().cost())
                .isEqualTo(new Money(500));
    }

    @Test
    void a_rule_set_at_run_time_takes_the_place_of_a_configured_one() {
        var rules = node.ledger().rules();
        var configured = Sample.total(Sample.TEAM, 10);
        rules.replaceConfigured(List.of(configured, Sample.total(Sample.KEY, 5)), ZoneOffset.UTC);
        assertThat(rules.set(Sample.total(Sample.TEAM, 20), ZoneOffset.UTC)).contains(configured);
        assertThat(rules.get(Sample.TEAM, Window.TOTAL))
                .extracting(entry -> entry.rule().limit().micros() + " " + entry.inForce())
                .containsExactly("20 true", "10 false");
        rules.replaceConfigured(List.of(configured), ZoneOffset.UTC);
        assertThat(rules.list()).hasSize(2);
        assertThat(rules.delete(Sample.TEAM, Window.TOTAL)).isTrue();
        assertThat(rules.get(Sample.TEAM, Window.TOTAL).getFirst().inForce()).isTrue();
    }

    @Test
    void what_was_said_is_kept_once_and_forgotten_after_a_while() throws SQLException {
        var turns = Json.array();
        for (int i = 0; i < 5; i++) {
            turns.add(Json.object().put("role", "user").put("content", "x".repeat(400) + i));
        }
        var request = Json.object().put("model", "gpt").put("$part", "not a name");
        request.set("messages", turns);
        for (int i = 0; i < 10; i++) {
            node.ledger().record(saying(request));
            turns.add(Json.object().put("role", "user").put("content", "y".repeat(400) + i));
        }
        node.ledger().close();
        var row = queries.page(LedgerFilter.ALL, null, 1).rows().getFirst();
        var said = queries.exchange(row.id()).orElseThrow();
        assertThat(said.request().value().required("model").stringValue()).isEqualTo("gpt");
        assertThat(said.request().value().required("messages").size()).isBetween(5, 15);
        assertThat(said.request().value().required("$part").stringValue()).isEqualTo("not a name");
        assertThat(said.answer()).isNull();
        assertThat(sql.column("SELECT sum(length(body)) < 20000 FROM exchange_blob"))
                .containsExactly("t");
        sql.update("UPDATE exchange SET day = day - 31");
        sql.update("UPDATE exchange_blob SET day = day - 31");
        assertThat(
                        database.<Boolean>with(c ->
                                new Retention(Duration.ofDays(30), Duration.ofDays(400)).clean(c)))
                .isTrue();
        assertThat(queries.exchange(row.id())).isEmpty();
        assertThat(sql.column("SELECT count(*) FROM exchange_blob")).containsExactly("0");
        assertThat(queries.find(row.id())).isPresent();
    }

    @Test
    void rows_and_windows_are_forgotten_after_much_longer_and_no_others() throws Exception {
        for (int i = 0; i < 3; i++) {
            node.ledger().record(Sample.costing(10));
        }
        written(3);
        assertThat(clean(400)).isTrue();
        assertThat(queries.page(LedgerFilter.ALL, null, 10).rows()).hasSize(3);

        // two of them become older than anything else
        sql.update(
                """
                UPDATE attempt SET at = at - interval '500 days',
                       id = ('0180000' || right(id::text, 29))::uuid
                WHERE id IN (SELECT id FROM attempt ORDER BY id LIMIT 2)
                """);
        sql.update(
                """
                INSERT INTO budget (scope, span, starts, ends, cap, hard)
                VALUES ('team:old', 'day', now() - interval '501 days',
                        now() - interval '500 days', 5, true),
                       ('team:old', 'total', '-infinity', 'infinity', 5, true)
                """);
        assertThat(clean(400)).isTrue();
        assertThat(queries.page(LedgerFilter.ALL, null, 10).rows()).hasSize(1);
        assertThat(sql.column("SELECT span FROM budget WHERE scope = 'team:old'"))
                .containsExactly("total");
    }

    private boolean clean(int days) {
        return database.<Boolean>with(
                c -> new Retention(Duration.ofDays(30), Duration.ofDays(days)).clean(c));
    }

    private static Attempt saying(tools.jackson.databind.JsonNode request) {
        var a = Sample.costing(1);
        var content = Content.derived(request.deepCopy());
        return new Attempt(
                a.call(),
                a.number(),
                a.at(),
                a.who(),
                a.target(),
                a.usage(),
                a.cost(),
                a.certain(),
                a.saved(),
                a.wire(),
                a.streamed(),
                a.firstToken(),
                a.total(),
                a.end(),
                a.why(),
                a.prices(),
                new Attempt.Exchanged(3000, () -> content, null));
    }

    @Test
    void an_invoice_is_compared_by_day_and_model() throws Exception {
        node.ledger().record(Sample.costing(2_000_000));
        written(1);
        var today = LocalDate.now(ZoneOffset.UTC);
        var export =
                UsageExport.parse(
                        """
                        start_time_iso,model,num_model_requests,input_tokens,input_cached_tokens,output_tokens,amount_value
                        %1$sT00:00:00Z,gpt-2026,1,123,20,50,2.00
                        %1$sT00:00:00Z,"gpt,other",1,10,0,5,0.50
                        """
                                .formatted(today));
        var result = queries.reconcile(export, "openai");
        assertThat(result.entries())
                .extracting(e -> e.model() + " " + e.verdict())
                .containsExactly("gpt,other MISSING_HERE", "gpt-2026 MATCHED");
        assertThat(result.days().getFirst().more()).isEqualTo(new Money(500_000));
        assertThat(result.days().getFirst().explained()).isEqualTo(Money.ZERO);
        var other =
                UsageExport.parse(
                        """
                        usage_date_utc;model_version;usage_input_tokens_no_cache;usage_input_tokens_cache_read;usage_output_tokens
                        %s;gpt;100;20;49
                        """
                                .formatted(today));
        var entry = queries.reconcile(other, null).entries().getFirst();
        assertThat(entry.verdict()).isEqualTo(Reconciliation.Verdict.DIFFERS);
        assertThat(entry.tokens()).isEqualTo(-4);
        assertThat(queries.reconcile(export, "anthropic").entries())
                .allMatch(e -> e.verdict() == Reconciliation.Verdict.MISSING_HERE);
    }

    @Test
    void a_bad_export_is_refused_with_its_line() {
        assertThatThrownBy(() -> UsageExport.parse("a,b\n1,2"))
                .hasMessageContaining("date,model,input_tokens");
        assertThatThrownBy(() -> UsageExport.parse("date,model,cost\n2026-11-21,gpt,much"))
                .hasMessageContaining("line 2: an amount of dollars was expected, not: much");
    }
}
