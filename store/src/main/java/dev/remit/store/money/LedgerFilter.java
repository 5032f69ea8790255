package dev.remit.store.money;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which rows of the ledger.
///
/// @param from when they began, at the earliest; absent: no matter
/// @param to before which they began; absent: no matter
/// @param zone in which days and hours are meant
/// @param where values that they have, by dimension
/// @param budget id of a budget that they were reserved in, see [BudgetState]; absent: no matter
/// @param overruns only those that came to more than was reserved
public record LedgerFilter(
        @Nullable Instant from,
        @Nullable Instant to,
        ZoneId zone,
        Map<Dimension, String> where,
        @Nullable Long budget,
        boolean overruns) {
    public static final LedgerFilter ALL =
            new LedgerFilter(null, null, ZoneOffset.UTC, Map.of(), null, false);

    public LedgerFilter {
        where = Map.copyOf(where);
    }

    public static LedgerFilter between(Instant from, Instant to) {
        return new LedgerFilter(from, to, ZoneOffset.UTC, Map.of(), null, false);
    }

    public LedgerFilter in(ZoneId other) {
        return new LedgerFilter(from, to, other, where, budget, overruns);
    }

    public LedgerFilter with(Dimension dimension, String value) {
        var more = new java.util.HashMap<>(where);
        more.put(dimension, value);
        return new LedgerFilter(from, to, zone, more, budget, overruns);
    }

    LedgerFilter onlyOverruns() {
        return new LedgerFilter(from, to, zone, where, budget, true);
    }
}
