package dev.remit.store.money;

/// Hears of changes to budgets that other nodes make.
final class BudgetWatch {
    static final String CHANNEL = "remit_budget";

    private BudgetWatch() {}
}
