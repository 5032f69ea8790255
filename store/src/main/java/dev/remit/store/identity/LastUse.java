package dev.remit.store.identity;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// Writes down in which hour keys were last used: once an hour for each, whatever the traffic.
final class LastUse {
    private static final long HOUR = Duration.ofHours(1).toSeconds();

    private final KeyTable table;
    private final Map<String, Long> written = new LinkedHashMap<>();
    private long newest = 1;

    LastUse(KeyTable table) {
        this.table = table;
    }

    /// The number of an hour since 1970.
    static long hour(Instant at) {
        return at.getEpochSecond() / HOUR;
    }

    synchronized void write(Connection connection) throws SQLException {
        var used = new LinkedHashMap<String, Long>();
        for (var use : table.usedSince(newest).entrySet()) {
            if (!use.getValue().equals(written.get(use.getKey()))) {
                used.put(use.getKey(), use.getValue());
            }
        }
        for (var use : used.entrySet()) {
            Sql.update(
                    connection,
                    """
                    UPDATE access_key SET last_used = greatest(last_used, ?) WHERE id = ?
                    """,
                    Instant.ofEpochSecond(use.getValue() * HOUR),
                    use.getKey());
            note(use.getKey(), use.getValue());
        }
    }

    private void note(String id, long hour) {
        if (hour > newest) {
            newest = hour;
            written.clear();
        }
        written.put(id, hour);
    }
}
