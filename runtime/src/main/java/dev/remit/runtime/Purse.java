package dev.remit.runtime;

import dev.remit.core.money.InMemoryLedger;
import dev.remit.core.money.Ledger;
import dev.remit.core.tool.ToolPrices;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Supplier;

/// Where the money for tools comes from, and what they cost.
///
/// @param ledger the same that models are paid from
/// @param prices what the operator says now
public record Purse(Ledger ledger, Supplier<ToolPrices> prices) {
    /// Without budgets, and with a ledger that nobody reads: tools cost what their own files say,
    /// to the session alone.
    public static Purse ofNobody() {
        var ledger =
                new InMemoryLedger(
                        List.of(), ZoneOffset.UTC, InstantSource.system(), attempt -> {});
        return new Purse(ledger, () -> ToolPrices.NONE);
    }
}
