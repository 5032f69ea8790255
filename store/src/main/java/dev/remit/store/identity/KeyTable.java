package dev.remit.store.identity;

import dev.remit.core.identity.Presented.Why;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The keys that this node knows: all that are live, in memory. What is not among them costs one
/// look into the database; how often that is done is bounded, whatever is tried.
final class KeyTable {
    private static final int LOOKUPS_AT_ONCE = 2;
    private static final int WAIT_SECONDS = 2;
    private static final int MOST_ABSENT = 10_000;
    private static final long ABSENT_NANOS = TimeUnit.SECONDS.toNanos(10);

    /// Looks for keys that turn out unknown, a second.
    private static final int UNKNOWN_A_SECOND = 100;

    private final Function<String, Optional<KeyRows.Row>> database;
    private final LongSupplier nanos;
    private final ConcurrentMap<String, KeyState> live = new ConcurrentHashMap<>();
    private final Semaphore turns = new Semaphore(LOOKUPS_AT_ONCE, true);
    private final Map<String, Absent> absent = new LinkedHashMap<>();
    private long rules;
    private long second;
    private int unknownThisSecond;

    /// What is known not to be a live key.
    ///
    /// @param revoked one that was; absent: it never was one
    private record Absent(@Nullable KeyState revoked, long until) {}

    /// A key, live or revoked, or why there is none.
    sealed interface Found {
        record State(KeyState state) implements Found {}

        record None(Why why) implements Found {}
    }

    /// @param database finds a key by its id
    /// @param nanos monotonic time
    KeyTable(Function<String, Optional<KeyRows.Row>> database, LongSupplier nanos) {
        this.database = database;
        this.nanos = nanos;
    }

    Found find(String id) {
        var known = live.get(id);
        return known != null ? new Found.State(known) : findAbsent(id);
    }

    private Found findAbsent(String id) {
        synchronized (absent) {
            var remembered = absent.get(id);
            if (remembered != null && remembered.until() - nanos.getAsLong() > 0) {
                return shown(remembered);
            }
            if (isFlooded()) {
                return new Found.None(Why.BUSY);
            }
        }
        boolean turn = false;
        try {
            turn = turns.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS);
            return turn ? lookUp(id) : new Found.None(Why.BUSY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Found.None(Why.BUSY);
        } finally {
            if (turn) {
                turns.release();
            }
        }
    }

    private static Found shown(Absent remembered) {
        var revoked = remembered.revoked();
        return revoked != null ? new Found.State(revoked) : new Found.None(Why.UNKNOWN);
    }

    private boolean isFlooded() {
        long now = TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong());
        if (now != second) {
            second = now;
            unknownThisSecond = 0;
        }
        return unknownThisSecond >= UNKNOWN_A_SECOND;
    }

    /// A row that was read before a revocation may not be put behind it: so the rules must be the
    /// same before and after.
    private Found lookUp(String id) {
        while (true) {
            long before = rules();
            var row = database.apply(id);
            synchronized (this) {
                if (before == rules) {
                    return put(id, row);
                }
            }
        }
    }

    private Found put(String id, Optional<KeyRows.Row> row) {
        if (row.isPresent() && row.get().stored().revokedAt() == null) {
            return new Found.State(add(row.get()));
        }
        synchronized (absent) {
            if (row.isEmpty()) {
                unknownThisSecond++;
            }
            var remembered =
                    new Absent(
                            row.map(found ->
                                            new KeyState(
                                                    found.stored().key(),
                                                    found.hash().bytes(),
                                                    true))
                                    .orElse(null),
                            nanos.getAsLong() + ABSENT_NANOS);
            remember(id, remembered);
            return shown(remembered);
        }
    }

    private void remember(String id, Absent state) {
        absent.remove(id);
        absent.put(id, state);
        if (absent.size() > MOST_ABSENT) {
            absent.remove(absent.keySet().iterator().next());
        }
    }

    /// The state that is in the table stays: somebody may be watching it.
    synchronized KeyState add(KeyRows.Row row) {
        var key = row.stored().key();
        return live.computeIfAbsent(key.id(), id -> new KeyState(key, row.hash().bytes(), false));
    }

    synchronized long rules() {
        return rules;
    }

    /// Takes in what changed.
    ///
    /// @param version of the rules that say so
    /// @return what has to be cut
    synchronized List<Runnable> revoke(Collection<String> ids, long version) {
        rules = Math.max(rules, version);
        var cuts = new ArrayList<Runnable>();
        for (var id : ids) {
            var state = live.remove(id);
            if (state != null) {
                cuts.addAll(state.revoke());
                synchronized (absent) {
                    remember(id, new Absent(state, nanos.getAsLong() + ABSENT_NANOS));
                }
            }
        }
        return cuts;
    }

    /// The hour of the newest use by id, of all that were used at or after that hour.
    ///
    /// @param hour above 0
    Map<String, Long> usedSince(long hour) {
        var used = new LinkedHashMap<String, Long>();
        live.forEach((id, state) -> {
            if (state.usedHour() >= hour) {
                used.put(id, state.usedHour());
            }
        });
        return used;
    }
}
