package dev.remit.store.money;

import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import java.util.List;
import java.util.Optional;

/// Rows of the ledger added up.
///
/// @param by the values that they share, in the order of the question; empty: they have none
/// @param attempts without unattributed rows, as all that follows but the last
/// @param uncertain how many of them have a bound in the place of what the provider counted
/// @param unattributed at most so much more went with dead nodes; money that was held in several
///   scopes counts once
public record LedgerSum(
        List<Optional<String>> by,
        long attempts,
        Usage usage,
        Money cost,
        Money saved,
        long uncertain,
        Money unattributed) {
    public LedgerSum {
        by = List.copyOf(by);
    }
}
