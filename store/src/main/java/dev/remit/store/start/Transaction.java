package dev.remit.store.start;

import dev.remit.store.database.Database;
import java.sql.Connection;
import java.sql.SQLException;

/// All of it or nothing.
final class Transaction {
    private Transaction() {}

    static <T> T of(Connection connection, Database.Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            var done = work.on(connection);
            connection.commit();
            return done;
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }
}
