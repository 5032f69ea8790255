package dev.remit.store.upkeep;

import dev.remit.store.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What holds vacuum up. A snapshot that is held open for long makes every append slower, for the
/// dead versions of hot rows cannot go: seen from 54 to 440 microseconds.
public final class Vitals {
    /// Longer than this, and somebody should look.
    static final Duration LONG = Duration.ofMinutes(5);

    /// Transactions that have begun since.
    static final long MANY = 10_000_000;

    private final Database database;

    public Vitals(Database database) {
        this.database = database;
    }

    /// One of those who keep old rows alive.
    ///
    /// @param who process and application, replication slot, or prepared transaction
    /// @param open how long; empty where PostgreSQL does not say
    /// @param transactions that have begun since its snapshot
    public record Holder(String who, Optional<Duration> open, long transactions) {
        /// Whether a person should look.
        public boolean isAlarming() {
            return transactions > MANY || open.filter(o -> o.compareTo(LONG) > 0).isPresent();
        }
    }

    /// @param oldestXmin age of the oldest snapshot, in transactions
    /// @param longest how long the oldest transaction is open
    /// @param holders those who hold longest
    public record Report(long oldestXmin, Duration longest, List<Holder> holders) {
        public List<Holder> alarming() {
            return holders.stream().filter(Holder::isAlarming).toList();
        }
    }

    public Report look() {
        return database.with(connection -> {
            var holders = new ArrayList<Holder>();
            try (var select =
                            connection.prepareStatement(
                                    """
                                    SELECT 'process ' || pid || ' (' || coalesce(nullif(application_name, ''), backend_type)
                                               || ', ' || coalesce(state, 'unknown') || ')',
                                           extract(epoch FROM clock_timestamp() - xact_start),
                                           coalesce(age(backend_xmin), 0)
                                    FROM pg_stat_activity
                                    WHERE pid <> pg_backend_pid()
                                      AND datname IS NOT DISTINCT FROM current_database()
                                      AND (backend_xmin IS NOT NULL OR xact_start IS NOT NULL)
                                    UNION ALL
                                    SELECT 'replication slot ' || slot_name, NULL, age(xmin)
                                    FROM pg_replication_slots WHERE xmin IS NOT NULL
                                    UNION ALL
                                    SELECT 'prepared transaction ' || gid,
                                           extract(epoch FROM clock_timestamp() - prepared), age(transaction)
                                    FROM pg_prepared_xacts
                                    ORDER BY 3 DESC LIMIT 20
                                    """);
                    var row = select.executeQuery()) {
                while (row.next()) {
                    holders.add(holder(row));
                }
            }
            long oldest = holders.stream().mapToLong(Holder::transactions).max().orElse(0);
            var longest =
                    holders.stream()
                            .flatMap(h -> h.open().stream())
                            .max(Duration::compareTo)
                            .orElse(Duration.ZERO);
            return new Report(oldest, longest, List.copyOf(holders));
        });
    }

    private static Holder holder(ResultSet row) throws SQLException {
        double seconds = row.getDouble(2);
        Optional<Duration> open =
                row.wasNull()
                        ? Optional.empty()
                        : Optional.of(Duration.ofMillis((long) (seconds * 1000)));
        return new Holder(row.getString(1), open, row.getLong(3));
    }
}
