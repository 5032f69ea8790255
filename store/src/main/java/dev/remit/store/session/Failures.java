package dev.remit.store.session;

import dev.remit.core.identity.SessionId;
import dev.remit.core.session.SessionLog.Failure;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/// Why drivers failed: the newest reason of each session.
final class Failures {
    private Failures() {}

    static void keep(Connection connection, Node node, SessionId id, String what)
            throws SQLException {
        try (var upsert =
                connection.prepareStatement(
                        """
                        INSERT INTO driver_failure (session, at, node, what, times)
                        VALUES (?, clock_timestamp(), ?, ?, 1)
                        ON CONFLICT (session) DO UPDATE
                        SET at = excluded.at, node = excluded.node, what = excluded.what,
                            times = driver_failure.times + 1
                        """)) {
            new Parameters(upsert).set(id.uuid()).text(node.name()).text(what);
            upsert.executeUpdate();
        }
    }

    static Optional<Failure> find(Connection connection, SessionId id) throws SQLException {
        try (var select =
                connection.prepareStatement(
                        "SELECT at, node, what, times FROM driver_failure WHERE session = ?")) {
            new Parameters(select).set(id.uuid());
            return Parameters.list(
                            select,
                            row ->
                                    new Failure(
                                            Rows.instant(row, 1),
                                            row.getString(2),
                                            row.getString(3),
                                            row.getInt(4)))
                    .stream()
                    .findFirst();
        }
    }
}
