package dev.remit.core.session;

import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import org.jspecify.annotations.Nullable;

/// What a session has used so far.
///
/// @param turns model calls that were answered
/// @param usage its own and that of its ended children
/// @param cost likewise; absent until something with a known price was used
public record Totals(int turns, Usage usage, @Nullable Money cost) {
    public static final Totals NONE = new Totals(0, Usage.NONE, null);

    Totals plus(int moreTurns, Usage more, @Nullable Money moreCost) {
        return new Totals(turns + moreTurns, usage.plus(more), sum(cost, moreCost));
    }

    private static @Nullable Money sum(@Nullable Money a, @Nullable Money b) {
        if (a == null) {
            return b;
        }
        return b == null ? a : a.plus(b);
    }
}
