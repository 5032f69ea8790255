package dev.remit.store.money;

import dev.remit.core.money.BudgetRule;
import dev.remit.core.money.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Is told when a threshold of a budget is passed: once for each threshold and window, on the one
/// node that saw it first. What was told is in the table `budget_notice` as well.
@FunctionalInterface
public interface BudgetListener {
    /// Runs on a thread that has other things to do: hand over what takes long.
    void passed(Notice notice);

    /// @param threshold in percent of the limit
    /// @param spent settled so far in this window; what is reserved does not count
    /// @param renews when the window ends; absent: never
    record Notice(
            BudgetRule rule, int threshold, Money spent, Money limit, @Nullable Instant renews) {}
}
