package dev.remit.runtime;

import dev.remit.core.money.Money;
import dev.remit.core.session.State;
import org.jspecify.annotations.Nullable;

/// A session's own budget: what is spent, what is promised to children, and what is left.
///
/// One writer a session and reservations in the log make this exact without any lock. Budgets over
/// teams and windows come with the ledger.
///
/// @param limit absent: none
/// @param committed spent, or reserved for actions under way or in doubt and for children that have
///   not ended
record Budget(@Nullable Money limit, Money committed) {
    static Budget of(State state) {
        return new Budget(state.budget(), state.committed());
    }

    boolean allows(Money bound) {
        return limit == null || !committed.plus(bound).isMoreThan(limit);
    }

    /// @param what such as `call`
    String refusal(String what, Money bound) {
        return "the next "
                + what
                + " may cost up to "
                + bound
                + ", and "
                + committed
                + " of "
                + limit
                + " are spent or reserved; raise the budget to go on";
    }

    /// What a child may spend, when `siblings` more are to come.
    ///
    /// @param wanted by its own definition; absent: its share of what is left
    @Nullable Money allot(@Nullable Money wanted, int siblings) {
        if (limit == null) {
            return wanted;
        }
        long left = Math.max(0, limit.micros() - committed.micros());
        long share = wanted != null ? Math.min(wanted.micros(), left) : left / (siblings + 1);
        return new Money(share);
    }
}
