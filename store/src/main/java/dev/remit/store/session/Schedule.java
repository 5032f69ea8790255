package dev.remit.store.session;

import dev.remit.core.identity.SessionId;
import dev.remit.core.session.SessionLog.Outlook;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

    private static @Nullable Instant at(ResultSet row) throws SQLException {
        return row.getObject(1) == null ? null : Rows.instant(row, 1);
    }

    static Outlook outlook(Connection connection) throws SQLException {
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT (SELECT due FROM session WHERE due IS NOT NULL ORDER BY due LIMIT 1),
                               EXISTS (SELECT FROM session WHERE ready_at IS NOT NULL)
                        """)) {
            var row = select.executeQuery();
            row.next();
            return new Outlook(Optional.ofNullable(at(row)), row.getBoolean(2));
        }
    }
}
