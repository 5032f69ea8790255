package dev.remit.store.session;

import dev.remit.store.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// A connection of a test, that holds locks as long as the test wants.
public final class Sql implements AutoCloseable {
    private final Connection connection;
    private final Connection observer; // a transaction sees one and the same activity all the time

    public Sql(Database database) throws SQLException {
        connection = database.connect("test", Map.of("idle_in_transaction_session_timeout", "60s"));
        observer = database.connect("observer", Map.of());
    }

    public Sql begin() throws SQLException {
        connection.setAutoCommit(false);
        return this;
    }

    public void commit() throws SQLException {
        connection.commit();
        connection.setAutoCommit(true);
    }

    public int update(String sql, Object... parameters) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return statement.executeUpdate();
        }
    }

    public List<String> column(String sql, Object... parameters) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            var all = new ArrayList<String>();
            try (var row = statement.executeQuery()) {
                while (row.next()) {
                    all.add(row.getString(1));
                }
            }
            return all;
        }
    }

    /// Waits until so many connections of this database wait for a lock.
    public void awaitBlocked(int count) {
        await(() -> {
            try (var statement = observer.createStatement()) {
                var row =
                        statement.executeQuery(
                                """
                                SELECT count(*) FROM pg_stat_activity
                                WHERE datname = current_database()
                                  AND wait_event_type = 'Lock'
                                """);
                row.next();
                return row.getInt(1) >= count;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    public static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not happen within a minute");
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
        observer.close();
    }
}
