package dev.remit.store.session;

import dev.remit.store.database.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The nodes on a database, and the orders to them.
public final class NodeQueries {
    private final Database database;

    NodeQueries(Database database) {
        this.database = database;
    }

    /// A run of a server, as it showed itself when it last renewed its lease.
    ///
    /// @param connected whether a peer would notice at once if it died
    /// @param sessions that it has claimed, counted now
    /// @param load of its processors, from 0 to 1
    public record Listed(
            UUID incarnation,
            String name,
            @Nullable String version,
            @Nullable String url,
            Instant since,
            Instant lease,
            boolean alive,
            boolean connected,
            int places,
            int sessions,
            double load,
            boolean draining,
            boolean fenced) {}

    /// Oldest first.
    public List<Listed> list() {
        return database.with(connection -> {
            try (var select =
                    connection.prepareStatement(
                            """
                            SELECT n.incarnation, n.name, n.version, n.url, n.since, n.lease,
                                   NOT n.fenced AND n.lease > clock_timestamp(), n.held IS NOT NULL,
                                   n.places, n.load, n.draining, n.fenced,
                                   (SELECT count(*) FROM session s WHERE s.owner = n.incarnation)
                            FROM node n ORDER BY n.since, n.incarnation
                            """)) {
                return Parameters.list(select, NodeQueries::listed);
            }
        });
    }

    private static Listed listed(ResultSet row) throws SQLException {
        return new Listed(
                row.getObject(1, UUID.class),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                Rows.instant(row, 5),
                Rows.instant(row, 6),
                row.getBoolean(7),
                row.getBoolean(8),
                row.getInt(9),
                row.getInt(13),
                row.getDouble(10),
                row.getBoolean(11),
                row.getBoolean(12));
    }

    /// Orders a node to hand its sessions over and to take no more, or to take them again. It hears
    /// of it when it next renews its lease.
    ///
    /// @return false if there is no such node, or it is fenced
    public boolean drain(UUID incarnation, boolean wanted) {
        return database.with(connection -> drain(connection, incarnation, wanted));
    }

    private static boolean drain(Connection connection, UUID incarnation, boolean wanted)
            throws SQLException {
        try (var update =
                connection.prepareStatement(
                        """
                        UPDATE node SET draining = ? WHERE incarnation = ? AND NOT fenced
                        """)) {
            new Parameters(update).set(wanted).set(incarnation);
            return update.executeUpdate() == 1;
        }
    }
}
