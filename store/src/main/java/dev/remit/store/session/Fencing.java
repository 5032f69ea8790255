package dev.remit.store.session;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/// Ending a dead node: whatever it still does has no effect on the log any more.
final class Fencing {
    private Fencing() {}

    /// Nodes whose lease is over and that nobody has fenced yet.
    static List<UUID> overdue(Connection connection) throws SQLException {
        try (var select =
                connection.prepareStatement(
                        "SELECT incarnation FROM node WHERE NOT fenced AND lease < clock_timestamp()")) {
            return Parameters.list(select, row -> row.getObject(1, UUID.class));
        }
    }

    /// Fences a node in one transaction: its connections are terminated, so that nothing of it is
    /// on the way any more, then its row and its gates are closed. Waits for what it has under way.
    ///
    /// @param anyway even if its lease is not over
    /// @return whether this call did it
    static boolean fence(Connection connection, UUID incarnation, boolean anyway)
            throws SQLException {
        connection.setAutoCommit(false);
        try {
            boolean due = isDue(connection, incarnation, anyway);
            if (due) {
                terminate(connection, incarnation);
                close(
                        connection,
                        "UPDATE node SET fenced = true WHERE incarnation = ?",
                        incarnation);
                close(
                        connection,
                        "UPDATE gate SET fenced = true WHERE incarnation = ?",
                        incarnation);
            }
            connection.commit();
            return due;
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static boolean isDue(Connection connection, UUID incarnation, boolean anyway)
            throws SQLException {
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT FROM node
                        WHERE incarnation = ? AND NOT fenced AND (? OR lease < clock_timestamp())
                        FOR UPDATE
                        """)) {
            new Parameters(select).set(incarnation).set(anyway);
            return select.executeQuery().next();
        }
    }

    private static void terminate(Connection connection, UUID incarnation) throws SQLException {
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE application_name = ? AND usename = current_user
                          AND pid <> pg_backend_pid()
                        """)) {
            select.setString(1, Node.applicationName(incarnation));
            select.execute();
        }
    }

    private static void close(Connection connection, String sql, UUID incarnation)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setObject(1, incarnation);
            update.executeUpdate();
        }
    }

    /// Forgets fenced nodes that own nothing any more.
    static void forget(Connection connection) throws SQLException {
        try (var delete =
                connection.prepareStatement(
                        """
                        DELETE FROM node n WHERE n.fenced
                          AND NOT EXISTS (SELECT FROM session s WHERE s.owner = n.incarnation)
                        """)) {
            delete.executeUpdate();
        }
    }
}
