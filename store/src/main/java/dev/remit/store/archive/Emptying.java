package dev.remit.store.archive;

import dev.remit.store.session.Parameters;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Takes the rows of archived sessions out of the tables, some sessions at a time, and each session
/// whole: whoever reads sees all of a log in the tables, or none of it.
record Emptying(Connection connection) {
    private static final List<String> TABLES =
            List.of("event", "blob", "inbox", "snapshot", "kept");
    private static final int SESSIONS = 100;
    private static final long EVENTS = 5_000;

    /// Whatever stands in a file and still in the tables.
    void all() throws SQLException {
        while (true) {
            var batch = next();
            if (batch.isEmpty()) {
                return;
            }
            connection.setAutoCommit(false);
            try {
                for (var table : TABLES) {
                    delete(table, "session", batch);
                }
                try (var update =
                        connection.prepareStatement(
                                "UPDATE archived SET emptied = true WHERE session = ANY(?)")) {
                    new Parameters(update).uuids(batch);
                    update.executeUpdate();
                }
                connection.commit();
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    private List<UUID> next() throws SQLException {
        var batch = new ArrayList<UUID>();
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT session, events FROM archived WHERE NOT emptied
                        ORDER BY session LIMIT ?
                        """)) {
            new Parameters(select).set(SESSIONS);
            var row = select.executeQuery();
            long events = 0;
            while (row.next() && (batch.isEmpty() || events + row.getLong(2) <= EVENTS)) {
                batch.add(row.getObject(1, UUID.class));
                events += row.getLong(2);
            }
        }
        return batch;
    }

    /// Deletes sessions for good. Their idempotency keys stay taken: a client that asks again must
    /// not have its work done twice.
    int forget(List<UUID> sessions) throws SQLException {
        connection.setAutoCommit(false);
        try {
            for (var table : TABLES) {
                delete(table, "session", sessions);
            }
            for (var table : List.of("fork", "driver_failure", "archive_hold", "archived")) {
                delete(table, "session", sessions);
            }
            delete("session", "id", sessions);
            connection.commit();
            return sessions.size();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private void delete(String table, String column, List<UUID> sessions) throws SQLException {
        try (var delete =
                connection.prepareStatement(
                        "DELETE FROM " + table + " WHERE " + column + " = ANY(?)")) {
            new Parameters(delete).uuids(sessions);
            delete.executeUpdate();
        }
    }
}
