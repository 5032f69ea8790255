package dev.remit.server.api;

import dev.remit.core.identity.Key;
import dev.remit.core.json.Json;
import dev.remit.core.money.BudgetRule;
import dev.remit.core.money.Scope;
import dev.remit.core.money.Window;
import dev.remit.core.text.Quantities;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Reply;
import dev.remit.server.catalog.ToolCosts;
import dev.remit.store.money.BudgetRules;
import dev.remit.store.money.BudgetState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/budgets`: limits, what is spent of them, and who spent it.
final class BudgetsApi {
    private static final int MOST_SPENDERS = 100;
    private static final int MOST_THRESHOLDS = 10;

    private final ApiParts parts;

    BudgetsApi(ApiParts parts) {
        this.parts = parts;
    }

    /// All budgets in force that the caller may see, those with the largest part spent first.
    Reply list(Exchange exchange) {
        var caller = Caller.of(exchange);
        var scope = exchange.query("scope").map(BudgetsApi::scope);
        var shown = Json.object();
        var items = shown.putArray("items");
        for (var state : parts.money().ledger().budgets()) {
            boolean asked = scope.isEmpty() || scope.get().equals(state.rule().scope());
            if (asked && sees(caller, state.rule().scope())) {
                items.add(shown(state));
            }
        }
        return Reply.ok(shown);
    }

    Reply put(Exchange exchange) {
        var body = Body.of(exchange, "scope", "budget", "hard", "thresholds");
        var scope = scope(body.text("scope"));
        checkMaySet(Caller.of(exchange), scope);
        checkKnown(scope);
        set(scope, body.text("budget"), body.flag("hard", true), thresholds(body));
        var shown = shown(existing(scope, limit(body.text("budget")).window()));
        if (scope.kind() == Scope.Kind.TOOL) {
            var prices = parts.money().settings().get().toolPrices();
            var why = new ToolCosts(parts.catalog(), prices).whyFree(scope.name());
            if (why != null) {
                shown.put("warning", why);
            }
        }
        return Reply.ok(shown);
    }

    /// Gives a scope its limit.
    ///
    /// @param budget such as `20 USD/day`
    void set(Scope scope, String budget, boolean hard, List<Integer> thresholds) {
        var limit = limit(budget);
        var zone = parts.money().settings().get().zone();
        parts.money()
                .rules()
                .set(new BudgetRule(scope, limit.window(), limit.amount(), hard, thresholds), zone);
    }

    /// What was set by hand goes; what `remit.yaml` says holds again.
    Reply delete(Exchange exchange) {
        var scope = scope(required(exchange, "scope"));
        var window = window(required(exchange, "window"));
        checkMaySet(Caller.of(exchange), scope);
        if (parts.money().rules().delete(scope, window)) {
            return new Reply.Empty(204);
        }
        boolean configured = !parts.money().rules().get(scope, window).isEmpty();
        if (configured) {
            throw Problems.conflict(
                    "the budget of " + scope + " stands in remit.yaml; it is removed there");
        }
        throw Problems.unknown("budget", scope + " a " + window);
    }

    /// Who spent most of a budget in its present window.
    Reply top(Exchange exchange) {
        var caller = Caller.of(exchange);
        var scope = scope(required(exchange, "scope"));
        if (!sees(caller, scope)) {
            throw Problems.unknown("budget", scope.toString());
        }
        var by = LedgerApi.by(exchange.query("by").orElse("agent"));
        int limit = (int) exchange.query("limit", 10, 1, MOST_SPENDERS);
        var state =
                exchange.query("window")
                        .map(word -> existing(scope, window(word)))
                        .orElseGet(() -> first(scope));
        var shown = Json.object();
        shown.set("budget", shown(state));
        var items = shown.putArray("items");
        parts.money()
                .ledger()
                .spenders(state, by, limit)
                .forEach(sum -> items.add(LedgerJson.of(sum, by)));
        return Reply.ok(shown);
    }

    private BudgetState existing(Scope scope, Window window) {
        return parts.money().ledger().budgets().stream()
                .filter(s -> s.rule().scope().equals(scope) && s.rule().window() == window)
                .findFirst()
                .orElseThrow(() -> Problems.unknown("budget", scope + " a " + window));
    }

    private BudgetState first(Scope scope) {
        return parts.money().ledger().budgets().stream()
                .filter(s -> s.rule().scope().equals(scope))
                .findFirst()
                .orElseThrow(() -> Problems.unknown("budget", scope.toString()));
    }

    // ---- what is whose

    private boolean sees(Caller caller, Scope scope) {
        if (caller.isUnbound()) {
            return true;
        }
        var key = caller.key();
        return switch (scope.kind()) {
            case TEAM -> key.agent() == null && scope.name().equals(key.team());
            case AGENT -> scope.name().equals(key.agent());
            case KEY -> scope.name().equals(key.id()) || isOwn(caller, scope.name());
            case ORGANISATION, SESSION, TOOL -> false;
        };
    }

    private boolean isOwn(Caller caller, String id) {
        return parts.keys()
                .get(id)
                .filter(other -> caller.sees(other.key().team(), other.key().agent()))
                .isPresent();
    }

    /// A limit is set from above: who is bound to a team sets those of its keys, but not of its
    /// own.
    private void checkMaySet(Caller caller, Scope scope) {
        if (caller.isUnbound()) {
            return;
        }
        boolean ownKey = scope.equals(own(caller.key()));
        if (scope.kind() != Scope.Kind.KEY || ownKey || !isOwn(caller, scope.name())) {
            throw Problems.forbidden(
                    "a key that is bound to a team or an agent sets the budgets of other keys of"
                            + " theirs, and no others");
        }
    }

    private static Scope own(Key key) {
        return new Scope(Scope.Kind.KEY, key.id());
    }

    /// A budget of nobody would limit nobody.
    private void checkKnown(Scope scope) {
        switch (scope.kind()) {
            case TEAM -> {
                boolean known =
                        parts.money().settings().get().teams().containsKey(scope.name())
                                || parts.directory().team(scope.name()).isPresent();
                if (!known) {
                    throw Problems.unknown("team", scope.name());
                }
            }
            case KEY -> {
                if (parts.keys().get(scope.name()).isEmpty()) {
                    throw Problems.unknown("key", scope.name());
                }
            }
            case ORGANISATION, AGENT, SESSION, TOOL -> {}
        }
    }

    // ---- what was asked for

    static Scope scope(String text) {
        var scope = Scope.parse(text);
        if (scope == null
                || text.length() > 300
                || text.chars().anyMatch(Character::isISOControl)) {
            throw Problems.badRequest(
                    "scope is organisation, or team:, agent:, session:, key: or tool: with a name,"
                            + " such as team:growth");
        }
        return scope;
    }

    private static Window window(String text) {
        return Window.find(text)
                .orElseThrow(
                        () -> Problems.badRequest("window is hour, day, week, month or total"));
    }

    /// @throws dev.remit.http.server.Problem 422 if it is no amount over a window
    static Quantities.Limit limit(String text) {
        return Quantities.limit(text)
                .orElseThrow(() -> Problems.unusable("a budget is " + Quantities.LIMIT));
    }

    private static List<Integer> thresholds(Body body) {
        var sent = body.find("thresholds");
        if (sent.isEmpty()) {
            return BudgetRule.THRESHOLDS;
        }
        Set<Integer> sorted = new TreeSet<>();
        for (var item : sent.get()) {
            if (!item.isIntegralNumber() || item.asLong() < 1 || item.asLong() > 1000) {
                throw Problems.badRequest("thresholds are whole percents from 1 to 1000");
            }
            sorted.add(item.asInt());
        }
        if (!sent.get().isArray() || sorted.size() > MOST_THRESHOLDS) {
            throw Problems.badRequest(
                    "thresholds is a list of at most " + MOST_THRESHOLDS + " percents");
        }
        return new ArrayList<>(sorted);
    }

    private static String required(Exchange exchange, String parameter) {
        return exchange.query(parameter)
                .orElseThrow(
                        () -> Problems.badRequest("the parameter " + parameter + " is missing"));
    }

    private static ObjectNode shown(BudgetState state) {
        var rule = state.rule();
        var shown =
                Json.object()
                        .put("scope", rule.scope().toString())
                        .put("window", rule.window().toString())
                        .put("budget", rule.limit() + " USD/" + rule.window())
                        .put("limit_micros", rule.limit().micros())
                        .put("hard", rule.hard());
        var thresholds = shown.putArray("thresholds");
        rule.thresholds().forEach(thresholds::add);
        shown.put("source", state.source() == BudgetRules.Source.API ? "set" : "remit.yaml")
                .put("spent_micros", state.spent().micros())
                .put("held_micros", state.held().micros())
                .put("left_micros", state.left().micros())
                .put("over_micros", state.over().micros())
                .put("zone", state.zone().getId());
        if (rule.window() != Window.TOTAL) {
            shown.put("starts", state.start().toString());
        }
        KeysApi.put(shown, "renews", state.renews());
        return shown;
    }
}
