package dev.remit.store.start;

import dev.remit.store.database.Database;
import java.sql.Connection;
import java.sql.SQLException;

/// All of it or nothing.
final class Transaction {
    private Transaction() {}

    static <T> T of(Connection connection, Database.Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        T done;
        try {
            done = work.on(connection);
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            undo(connection, e);
            throw e;
        }
        connection.setAutoCommit(true);
        return done;
    }

    /// Of a connection that is lost nothing is to be undone; what matters is how it was lost.
    private static void undo(Connection connection, Exception cause) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }
}
