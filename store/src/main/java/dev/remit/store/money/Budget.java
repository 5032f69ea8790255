package dev.remit.store.money;

import dev.remit.core.money.BudgetRule;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/// A rule as this node knows it, with what the node holds in its present window.
final class Budget {
    private volatile BudgetRule rule;
    private final ZoneId zone;
    private volatile @Nullable Account account;

    Budget(BudgetRule rule, ZoneId zone) {
        this.rule = rule;
        this.zone = zone;
    }

    BudgetRule rule() {
        return rule;
    }

    ZoneId zone() {
        return zone;
    }

    /// The same scope, window and zone, with another limit.
    void change(BudgetRule changed) {
        rule = changed;
        var open = account;
        if (open != null) {
            open.hard = changed.hard();
        }
    }

    @Nullable Account account() {
        return account;
    }

    /// The account, if it may still be used.
    ///
    /// @param now the latest it can be by the database's clock
    @Nullable Account account(long now) {
        var open = account;
        return open == null || open.retired || now >= open.ends ? null : open;
    }

    void open(@Nullable Account opened) {
        account = opened;
    }
}
