package dev.remit.store.money;

import dev.remit.core.money.BudgetRule;
import dev.remit.core.money.Money;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/// A budget in its present window.
///
/// @param id of the budget in this window; 0 if nobody asked for any of it yet
/// @param start of the window; [Instant#EPOCH] of a total
/// @param renews when the window ends; absent: never
/// @param spent settled, and lost with dead nodes
/// @param held by nodes: reserved by calls under way, and taken ahead of need
/// @param tight whether so little is left that nobody takes ahead of need
public record BudgetState(
        long id,
        BudgetRule rule,
        ZoneId zone,
        BudgetRules.Source source,
        Instant start,
        @Nullable Instant renews,
        Money spent,
        Money held,
        boolean tight) {
    /// What nobody spent and nobody holds.
    public Money left() {
        return new Money(Math.max(0, rule.limit().micros() - spent.micros() - held.micros()));
    }

    /// By how much more is spent than the limit: only by what providers billed beyond what was
    /// reserved, by a limit that was lowered, or in a budget that does not refuse.
    public Money over() {
        return new Money(Math.max(0, spent.micros() - rule.limit().micros()));
    }
}
