package dev.remit.store.session;

import dev.remit.core.identity.SessionId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Which sessions have something to do: opened or sent mail, due, or left behind by a dead node.
final class Schedule {
    private Schedule() {}

    static List<SessionId> ready(Connection connection, Instant now, int limit)
            throws SQLException {
        try (var select =
                connection.prepareStatement(
                        """
                        (SELECT id FROM session WHERE ready_at IS NOT NULL ORDER BY ready_at LIMIT ?)
                        UNION
                        (SELECT id FROM session WHERE due <= ? ORDER BY due LIMIT ?)
                        UNION
                        (SELECT s.id FROM session s JOIN node n ON n.incarnation = s.owner
                         WHERE n.fenced LIMIT ?)
                        LIMIT ?
                        """)) {
            new Parameters(select).set(limit).set(now).set(limit).set(limit).set(limit);
            return Parameters.list(select, row -> Rows.session(row, 1));
        }
    }

    static Optional<Instant> nextDue(Connection connection) throws SQLException {
        try (var select =
                connection.prepareStatement(
                        "SELECT due FROM session WHERE due IS NOT NULL ORDER BY due LIMIT 1")) {
            return Parameters.list(select, row -> Rows.instant(row, 1)).stream().findFirst();
        }
    }
}
