package dev.remit.store.money;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.function.LongSupplier;

/// The database's clock, as far as this node knows it between two looks at it.
///
/// It is never behind: what passed since the last look is taken by the larger of monotonic and wall
/// time, and from before the look. So a slice is not used after its window, though it may be given
/// up a moment too early.
final class DatabaseClock {
    /// How old a look may be before another one is needed.
    private static final Duration FRESH = Duration.ofSeconds(4);

    private final LongSupplier monotonic;
    private final InstantSource wall;
    private volatile Look look = new Look(Instant.EPOCH, 0, 0, false);

    private record Look(Instant database, long monotonic, long wall, boolean valid) {}

    DatabaseClock(LongSupplier monotonic, InstantSource wall) {
        this.monotonic = monotonic;
        this.wall = wall;
    }

    /// When a look begins; to be taken before the database is asked.
    record Asked(long monotonic, long wall) {}

    Asked ask() {
        return new Asked(monotonic.getAsLong(), wall.millis());
    }

    void learn(Asked asked, Instant database) {
        look = new Look(database, asked.monotonic(), asked.wall(), true);
    }

    /// In milliseconds since 1970, at the latest; [Long#MAX_VALUE] if it must be looked at first.
    long latestMillis() {
        var seen = look;
        long elapsed =
                Math.max(
                        (monotonic.getAsLong() - seen.monotonic()) / 1_000_000 + 1,
                        wall.millis() - seen.wall() + 1);
        return !seen.valid() || elapsed > FRESH.toMillis()
                ? Long.MAX_VALUE
                : seen.database().toEpochMilli() + elapsed;
    }

    static Instant read(Connection connection) throws SQLException {
        try (var select = connection.prepareStatement("SELECT clock_timestamp()")) {
            var row = select.executeQuery();
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }
}
