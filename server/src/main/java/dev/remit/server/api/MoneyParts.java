package dev.remit.server.api;

import dev.remit.core.settings.Settings;
import dev.remit.gateway.price.PriceBook;
import dev.remit.store.money.BudgetRules;
import dev.remit.store.money.LedgerQueries;
import java.util.function.Supplier;

/// What the API shows and changes of money and models.
///
/// @param settings those in force
public record MoneyParts(
        BudgetRules rules, LedgerQueries ledger, PriceBook prices, Supplier<Settings> settings) {}
