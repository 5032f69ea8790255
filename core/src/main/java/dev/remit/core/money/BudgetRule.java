package dev.remit.core.money;

import java.util.List;

/// A limit on the money of a scope in each window of time. There is at most one rule for a scope
/// and window.
///
/// @param hard refuse what does not fit; otherwise only tell
/// @param thresholds tell when so many percent are spent, in rising order
public record BudgetRule(
        Scope scope, Window window, Money limit, boolean hard, List<Integer> thresholds) {
    public static final List<Integer> THRESHOLDS = List.of(50, 80, 100);

    public BudgetRule {
        thresholds = List.copyOf(thresholds);
    }

    /// Such as `20.00 USD/day for team:growth`.
    @Override
    public String toString() {
        var each = window == Window.TOTAL ? " in all" : "/" + window;
        return limit + " USD" + each + " for " + scope;
    }
}
