package dev.remit.store.start;

import dev.remit.core.start.ScheduleSpec;
import dev.remit.store.start.Fire.Kind;
import dev.remit.store.start.Fire.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Times that came and started nothing, for a reason that they have in common: one row says how
/// many they were, and why. Nothing that was due goes by without a trace.
final class Passed {
    /// They are counted up to here.
    private static final int MOST = 100_000;

    private static final int AT_A_TIME = 1_000;

    private final Connection connection;
    private final Schedule schedule;
    private final ScheduleSpec spec;
    private final Instant now;

    Passed(Connection connection, Schedule schedule, Instant now) {
        this.connection = connection;
        this.schedule = schedule;
        this.spec = schedule.spec();
        this.now = now;
    }

    /// What a count came to.
    ///
    /// @param next the first time that is not among them; absent: there is none
    /// @param last the last of them; absent: there are none
    record Count(long times, @Nullable Instant last, @Nullable Instant next) {}

    /// Counts the times from the next one on, but for those that something became of before.
    ///
    /// @param gone whether a time is among them; it is over with the first that is not
    Count count(Predicate<Instant> gone) throws SQLException {
        long times = 0;
        long looked = 0;
        @Nullable Instant last = null;
        var next = schedule.nextAt();
        var decided = ScheduleRows.decided(connection, schedule.id(), next, now);
        while (next != null && looked < MOST && gone.test(next)) {
            if (++looked % AT_A_TIME == 0) {
                ScheduleRows.stillHere(connection);
            }
            if (!decided.contains(next)) {
                times++;
                last = next;
            }
            next = spec.when().next(next).orElse(null);
        }
        return new Count(times, last, next);
    }

    /// All that came by now.
    ///
    /// @param word what the row is called by
    /// @return the first time that is to come
    @Nullable Instant skip(String word, String why) throws SQLException {
        var count = count(time -> !time.isAfter(now));
        list(count, State.SKIPPED, word, why);
        var next = count.next();
        return next != null && !next.isAfter(now) ? spec.when().next(now).orElse(null) : next;
    }

    void list(Count count, State state, String word, String why) throws SQLException {
        var first = schedule.nextAt();
        if (count.times() == 0 || first == null) {
            return;
        }
        var id = word + " " + first + ", seen " + now;
        ScheduleRows.put(
                connection,
                schedule.id(),
                new Fire(id, Kind.TIME, first, state, now, null, count.times(), null, why));
    }
}
