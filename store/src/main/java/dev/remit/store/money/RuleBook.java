package dev.remit.store.money;

import dev.remit.core.money.Scope;
import dev.remit.core.money.Window;
import dev.remit.store.session.Parameters;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rules in force, as this node knows them.
final class RuleBook {
    private volatile Page page = new Page(0, Map.of(), Map.of());

    private record Key(Scope scope, Window window, ZoneId zone) {}

    private record Page(long version, Map<Key, Budget> all, Map<Scope, List<Budget>> byScope) {}

    long version() {
        return page.version();
    }

    /// Of all budgets for these scopes, each once.
    List<Budget> of(List<Scope> scopes) {
        var byScope = page.byScope();
        if (byScope.isEmpty()) {
            return List.of();
        }
        List<Budget> found = List.of();
        for (int i = 0; i < scopes.size(); i++) {
            var here = byScope.get(scopes.get(i));
            if (here != null && scopes.indexOf(scopes.get(i)) == i) {
                found = found.isEmpty() ? here : joined(found, here);
            }
        }
        return found;
    }

    private static List<Budget> joined(List<Budget> some, List<Budget> more) {
        var all = new ArrayList<Budget>(some.size() + more.size());
        all.addAll(some);
        all.addAll(more);
        return all;
    }

    Collection<Budget> all() {
        return page.all().values();
    }

    /// @return nothing if no rule in force has this scope and window
    @Nullable Budget find(Scope scope, Window window) {
        for (var budget : page.byScope().getOrDefault(scope, List.of())) {
            if (budget.rule().window() == window) {
                return budget;
            }
        }
        return null;
    }

    /// Reads them anew if they have changed.
    ///
    /// @return the budgets that are no more; absent: nothing changed
    synchronized @Nullable List<Budget> refresh(Connection connection) throws SQLException {
        long version = version(connection);
        if (version == page.version()) {
            return null;
        }
        var before = new HashMap<>(page.all());
        var all = new HashMap<Key, Budget>();
        var byScope = new HashMap<Scope, List<Budget>>();
        for (var entry : BudgetRules.all(connection)) {
            if (entry.inForce()) {
                var rule = entry.rule();
                var key = new Key(rule.scope(), rule.window(), entry.zone());
                var known = before.remove(key);
                if (known != null) {
                    known.change(rule);
                }
                var budget = known != null ? known : new Budget(rule, entry.zone());
                all.put(key, budget);
                byScope.computeIfAbsent(rule.scope(), s -> new ArrayList<>()).add(budget);
            }
        }
        page = new Page(version, all, byScope);
        return List.copyOf(before.values());
    }

    /// Read before the rules, so that rules newer than it are only read again.
    private static long version(Connection connection) throws SQLException {
        try (var select = connection.prepareStatement("SELECT version FROM budget_rules")) {
            return Parameters.list(select, row -> row.getLong(1)).getFirst();
        }
    }
}
