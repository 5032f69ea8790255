package dev.remit.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.agent.WorkflowStep;
import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.money.Attempt;
import dev.remit.core.money.BudgetRule;
import dev.remit.core.money.InMemoryLedger;
import dev.remit.core.money.Money;
import dev.remit.core.money.Scope;
import dev.remit.core.money.Window;
import dev.remit.core.session.Event;
import dev.remit.core.session.Mail;
import dev.remit.core.session.StopReason;
import dev.remit.core.session.Waiting;
import dev.remit.core.tool.Ended;
import dev.remit.core.tool.Tier;
import dev.remit.core.tool.Tool;
import dev.remit.core.tool.ToolPrice;
import dev.remit.core.tool.ToolPrices;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Tools cost money like models: reserved before they are used, settled after.
class ToolMoneyTest {
    private static final JsonNode INPUT = Json.object().put("n", 1);
    private static final JsonNode WITH = Json.object().put("evidence", "the graph says so");
    private static final Scope MAPS = new Scope(Scope.Kind.TOOL, "maps.route");

    private static Tool tool(boolean idempotent, ToolPrice price) {
        return new Tool(
                "maps.route",
                "Finds a way.",
                idempotent ? Tier.READ : Tier.WRITE_WITH_EVIDENCE,
                Json.object().put("type", "object"),
                idempotent,
                Duration.ofSeconds(10),
                2,
                0,
                price,
                new Tool.Means.Function("maps.route"));
    }

    private static WorkflowDefinition uses(int times, Tool tool) {
        List<WorkflowStep> steps =
                IntStream.range(0, times)
                        .<WorkflowStep>mapToObj(
                                i -> new WorkflowStep.Do("use" + i, tool.name(), WITH))
                        .toList();
        return new WorkflowDefinition(
                "routes",
                Hash.of("routes"),
                "a workflow",
                null,
                steps,
                List.of(),
                null,
                Duration.ofHours(5),
                Map.<String, DefinitionRef>of(),
                Map.of(tool.name(), tool));
    }

    private static BudgetRule rule(Scope scope, long limit) {
        return new BudgetRule(scope, Window.TOTAL, new Money(limit), true, List.of());
    }

    private static InMemoryLedger ledger(Stage stage, BudgetRule... rules) {
        var ledger = new InMemoryLedger(List.of(rules), ZoneOffset.UTC, () -> stage.now);
        stage.purse = new Purse(ledger, () -> ToolPrices.NONE);
        return ledger;
    }

    private static StopReason reason(Stage stage, SessionId id) {
        var closed = stage.state(id).closed();
        assertThat(closed).as("closed, not %s", stage.state(id).waiting()).isNotNull();
        return closed.reason();
    }

    @Test
    void each_use_is_reserved_in_every_scope_and_settled_in_the_ledger_and_in_the_session() {
        var routes = uses(3, tool(true, ToolPrice.of(new Money(5))));
        var stage = new Stage(routes);
        var scopes =
                List.of(
                        Scope.ORGANISATION,
                        MAPS,
                        new Scope(Scope.Kind.AGENT, "routes"),
                        new Scope(Scope.Kind.TEAM, "growth"),
                        new Scope(Scope.Kind.KEY, "k1"));
        var rules = scopes.stream().map(scope -> rule(scope, 100)).toArray(BudgetRule[]::new);
        var ledger = ledger(stage, rules);
        var held = new ArrayList<Money>();
        stage.hands =
                use -> {
                    held.add(ledger.used(rules[1]));
                    return new Ended.Done(Content.derived(Json.text("left")));
                };
        var id =
                stage.open(
                        routes, INPUT, null, Duration.ofHours(1), new Event.Payer("growth", "k1"));
        stage.play();
        assertThat(reason(stage, id)).isEqualTo(StopReason.COMPLETED);
        assertThat(held).containsExactly(new Money(5), new Money(10), new Money(15));
        for (var rule : rules) {
            assertThat(ledger.spent(rule)).as(rule.toString()).isEqualTo(new Money(15));
            assertThat(ledger.used(rule)).as(rule.toString()).isEqualTo(new Money(15));
        }
        assertThat(stage.state(id).totals().cost()).isEqualTo(new Money(15));
        assertThat(ledger.attempts())
                .hasSize(3)
                .allSatisfy(row -> {
                    assertThat(row.target()).isEqualTo(Attempt.Target.tool("maps.route"));
                    assertThat(row.cost()).isEqualTo(new Money(5));
                    assertThat(row.certain()).isTrue();
                    assertThat(row.end()).isEqualTo(Attempt.End.ANSWERED);
                    assertThat(row.wire()).isEqualTo("tool");
                    assertThat(row.who().session()).isEqualTo(id.toString());
                    assertThat(row.who().agent()).isEqualTo("routes");
                    assertThat(row.who().team()).isEqualTo("growth");
                    assertThat(row.who().key()).isEqualTo("k1");
                });
    }

    @Test
    void a_tool_that_reports_what_it_cost_is_settled_at_that() {
        var price =
                new ToolPrice(new Money(50), new ToolPrice.Reported("/usage/cost", new Money(10)));
        var routes = uses(4, tool(true, price));
        var stage = new Stage(routes);
        var ledger = ledger(stage, rule(MAPS, 1000));
        var said =
                List.<JsonNode>of(
                        Json.parse("{\"usage\":{\"cost\":2.5}}"),
                        Json.parse("{\"usage\":{\"cost\":\"1.01\"}}"),
                        Json.parse("{\"usage\":{\"cost\":-3}}"),
                        Json.parse("{\"usage\":{\"cost\":7}}"));
        stage.hands =
                use -> new Ended.Done(Content.derived(said.get(stage.invocations.size() - 1)));
        var id = stage.open(routes, INPUT);
        stage.play();
        assertThat(ledger.attempts())
                .extracting(row -> row.cost().micros())
                .containsExactly(25L, 11L, 50L, 70L);
        assertThat(ledger.attempts())
                .extracting(Attempt::certain)
                .containsExactly(true, true, false, true);
        assertThat(ledger.attempts().get(2).why()).contains("does not tell what it cost");
        assertThat(stage.state(id).totals().cost()).isEqualTo(new Money(156));
        assertThat(ledger.spent(rule(MAPS, 1000))).isEqualTo(new Money(156));
    }

    @Test
    void what_certainly_did_not_happen_costs_nothing() {
        var routes = uses(1, tool(false, ToolPrice.of(new Money(5))));
        var stage = new Stage(routes);
        var ledger = ledger(stage, rule(MAPS, 100));
        stage.hands = use -> new Ended.Failed(true, "no such place", null);
        var id = stage.open(routes, INPUT);
        stage.play();
        assertThat(reason(stage, id)).isEqualTo(StopReason.FAILED);
        assertThat(ledger.used(rule(MAPS, 100))).isEqualTo(Money.ZERO);
        assertThat(stage.state(id).totals().cost()).isNull();
        var row = ledger.attempts().getFirst();
        assertThat(row.end()).isEqualTo(Attempt.End.FAILED);
        assertThat(row.why()).isEqualTo("no such place");
        assertThat(row.certain()).isTrue();
    }

    @Test
    void what_no_budget_has_money_for_waits_and_goes_on_once_there_is_some() {
        var routes = uses(3, tool(true, ToolPrice.of(new Money(40_000))));
        var stage = new Stage(routes);
        var ledger = ledger(stage, rule(MAPS, 100_000));
        var id = stage.open(routes, INPUT);
        stage.play();
        assertThat(stage.invocations).hasSize(2);
        var waiting = stage.state(id).waiting();
        assertThat(waiting).isInstanceOf(Waiting.Budget.class);
        assertThat(((Waiting.Budget) waiting).why())
                .contains(
                        "0.10 USD in all for tool:maps.route is used up",
                        "the next use of maps.route may cost up to 0.04 USD",
                        "0.02 USD are left",
                        "./remit budget set tool:maps.route");
        long idled = stage.events(id).stream().filter(Event.Idled.class::isInstance).count();
        assertThat(idled).as("asked every minute, written down once").isEqualTo(1);
        assertThat(ledger.used(rule(MAPS, 100_000))).isEqualTo(new Money(80_000));

        ledger.set(rule(MAPS, 120_000));
        stage.play();
        assertThat(stage.invocations).hasSize(3);
        assertThat(reason(stage, id)).isEqualTo(StopReason.COMPLETED);
        assertThat(ledger.used(rule(MAPS, 120_000))).isEqualTo(new Money(120_000));
    }

    @Test
    void a_session_waits_for_its_own_budget_and_a_raised_one_lets_it_go_on() {
        var routes = uses(3, tool(true, ToolPrice.of(new Money(5))));
        var stage = new Stage(routes);
        var ledger = ledger(stage, rule(MAPS, 100));
        var id = stage.open(routes, INPUT, new Money(14), Duration.ofHours(1));
        stage.play();
        assertThat(stage.invocations).hasSize(2);
        assertThat(stage.state(id).waiting())
                .isEqualTo(
                        new Waiting.Budget(
                                "the next use of maps.route may cost up to 0.000005, and 0.00001 of"
                                        + " 0.000014 are spent or reserved; raise the budget to go"
                                        + " on"));
        assertThat(ledger.used(rule(MAPS, 100)))
                .as("nothing is held meanwhile")
                .isEqualTo(new Money(10));
        stage.send(id, new Mail.RaiseBudget(new Money(15), Stage.SOMEBODY));
        stage.play();
        assertThat(reason(stage, id)).isEqualTo(StopReason.COMPLETED);
        assertThat(stage.state(id).totals().cost()).isEqualTo(new Money(15));
    }

    @Test
    void many_sessions_at_a_limit_that_allows_ten_uses_get_exactly_ten() {
        var routes = uses(1, tool(true, ToolPrice.of(new Money(7))));
        var stage = new Stage(routes);
        var ledger = ledger(stage, rule(MAPS, 76));
        for (int i = 0; i < 60; i++) {
            stage.open(routes, INPUT);
        }
        stage.play();
        assertThat(stage.invocations).hasSize(10);
        assertThat(ledger.used(rule(MAPS, 76))).isEqualTo(new Money(70));
    }

    @Test
    void what_is_in_doubt_is_kept_until_a_person_knows() {
        for (boolean happened : List.of(true, false)) {
            var routes = uses(1, tool(false, ToolPrice.of(new Money(5))));
            var stage = new Stage(routes);
            var rule = rule(MAPS, 100);
            var ledger = ledger(stage, rule);
            stage.hands = use -> new Ended.Unknown("the line went dead");
            var id = stage.open(routes, INPUT, new Money(9), Duration.ofHours(1));
            stage.play();
            assertThat(stage.state(id).waiting()).isInstanceOf(Waiting.Trouble.class);
            assertThat(ledger.spent(rule)).isEqualTo(new Money(5));
            assertThat(ledger.attempts().getFirst().certain()).isFalse();
            assertThat(stage.state(id).committed()).isEqualTo(new Money(5));

            stage.hands = use -> new Ended.Done(Content.derived(Json.text("left")));
            stage.send(id, new Mail.Resolve(new ActionId("use0"), happened, Stage.SOMEBODY));
            stage.play();
            assertThat(reason(stage, id)).isEqualTo(StopReason.COMPLETED);
            assertThat(stage.invocations).hasSize(happened ? 1 : 2);
            assertThat(ledger.used(rule)).isEqualTo(new Money(5));
            assertThat(stage.state(id).totals().cost()).isEqualTo(new Money(5));
            assertThat(ledger.attempts()).allMatch(Attempt::certain);
            assertThat(ledger.attempts())
                    .extracting(row -> row.cost().micros())
                    .containsExactlyElementsOf(happened ? List.of(5L) : List.of(0L, 5L));
        }
    }

    @Test
    void an_idempotent_attempt_with_no_known_end_costs_what_was_reserved() {
        var routes = uses(1, tool(true, ToolPrice.of(new Money(5))));
        var stage = new Stage(routes);
        var ledger = ledger(stage, rule(MAPS, 100));
        stage.hands =
                use ->
                        use.attempt() == 1
                                ? new Ended.Unknown("the line went dead")
                                : new Ended.Done(Content.derived(Json.text("left")));
        var id = stage.open(routes, INPUT);
        stage.play();
        assertThat(reason(stage, id)).isEqualTo(StopReason.COMPLETED);
        assertThat(stage.state(id).totals().cost()).isEqualTo(new Money(10));
        assertThat(ledger.attempts())
                .extracting(Attempt::certain, Attempt::number)
                .containsExactly(tuple(false, 1), tuple(true, 2));
    }

    @Test
    void the_operators_price_comes_before_the_tools_own() {
        var own = ToolPrice.of(new Money(1));
        var prices =
                new ToolPrices(
                        Map.of(
                                "*", ToolPrice.of(new Money(2)),
                                "maps.*", ToolPrice.of(new Money(3)),
                                "maps.rout*", ToolPrice.of(new Money(4))));
        assertThat(prices.of(tool(true, own))).isEqualTo(ToolPrice.of(new Money(4)));
        var named = new ToolPrices(Map.of("maps.route", ToolPrice.of(Money.ZERO)));
        assertThat(named.of(tool(true, own))).isEqualTo(ToolPrice.of(Money.ZERO));
        assertThat(ToolPrices.NONE.of(tool(true, own))).isEqualTo(own);

        var routes = uses(2, tool(true, own));
        var stage = new Stage(routes);
        var ledger = ledger(stage, rule(MAPS, 1));
        stage.purse = new Purse(ledger, () -> named);
        var id = stage.open(routes, INPUT);
        stage.play();
        assertThat(reason(stage, id)).as("free").isEqualTo(StopReason.COMPLETED);
        assertThat(ledger.attempts()).isEmpty();
    }
}
