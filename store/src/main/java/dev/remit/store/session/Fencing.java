package dev.remit.store.session;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/// Ending a dead node: whatever it still does has no effect on the log any more.
final class Fencing {
    private Fencing() {}

    /// Why a node is to be fenced. Looked at again once its row is locked.
    enum Why {
        /// Whoever asks knows that it is dead, or is the node itself.
        KNOWN("NOT fenced"),
        /// Its lease is over.
        OVERDUE("NOT fenced AND lease < clock_timestamp()"),
        /// Its lock is free: its connection broke. While we hold the lock it cannot come back.
        GONE("NOT fenced AND pg_try_advisory_xact_lock(" + Node.LOCK_SPACE + ", lock_key)");

        private final String condition;

        Why(String condition) {
            this.condition = condition;
        }
    }

    /// Fences a node in one transaction: its connections are terminated, so that nothing of it is
    /// on the way any more, then its row and its gates are closed, and its places at tools are
    /// free. Waits for what it has under way. All other nodes hear that there is a queue.
    ///
    /// @return whether this call did it
    static boolean fence(Connection connection, UUID incarnation, Why why) throws SQLException {
        connection.setAutoCommit(false);
        try {
            boolean due = isDue(connection, incarnation, why);
            if (due) {
                terminate(connection, incarnation);
                change(
                        connection,
                        "UPDATE node SET fenced = true WHERE incarnation = ?",
                        incarnation);
                change(
                        connection,
                        "UPDATE gate SET fenced = true WHERE incarnation = ?",
                        incarnation);
                change(connection, "DELETE FROM place WHERE incarnation = ?", incarnation);
                call(connection);
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

    private static boolean isDue(Connection connection, UUID incarnation, Why why)
            throws SQLException {
        try (var select =
                connection.prepareStatement(
                        "SELECT "
                                + why.condition
                                + " FROM (SELECT * FROM node WHERE incarnation = ? FOR UPDATE) n")) {
            select.setObject(1, incarnation);
            var row = select.executeQuery();
            return row.next() && row.getBoolean(1);
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

    private static void change(Connection connection, String sql, UUID incarnation)
            throws SQLException {
        try (var update = connection.prepareStatement(sql)) {
            update.setObject(1, incarnation);
            update.executeUpdate();
        }
    }

    /// Tells every node that there may be something in the queue for it.
    static void call(Connection connection) throws SQLException {
        try (var select =
                connection.prepareStatement(
                        "SELECT pg_notify('remit_wake', '" + Heartbeat.QUEUED + "')")) {
            select.execute();
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
