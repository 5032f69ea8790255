package dev.remit.store.money;

import dev.remit.core.money.Attempt;
import dev.remit.core.money.Money;
import dev.remit.core.money.Scope;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A row of the ledger.
///
/// @param id time-ordered; rows are paged by it
/// @param attempt without what was said, see [LedgerQueries#exchange]
/// @param reserved absent: nothing was
/// @param budgets ids of the budgets that it was reserved in
/// @param scope of an unattributed row: whose money it was; the same money may stand in one row for
///   each scope that it was held in
public record LedgerRow(
        UUID id,
        Attempt attempt,
        @Nullable Money reserved,
        List<Long> budgets,
        @Nullable Scope scope) {
    public LedgerRow {
        budgets = List.copyOf(budgets);
    }

    /// Whether it came to more than was reserved.
    public boolean isOverrun() {
        return reserved != null && attempt.cost().isMoreThan(reserved);
    }
}
