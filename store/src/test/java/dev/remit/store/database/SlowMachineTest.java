package dev.remit.store.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.store.TestDatabases;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// A machine that is so busy that the database gives up a transaction in the middle.
class SlowMachineTest {
    @Test
    void a_transaction_that_the_database_gave_up_is_done_again() {
        try (var database = TestDatabases.fresh()) {
            var attempts = new AtomicInteger();
            int found =
                    database.with(connection -> {
                        connection.setAutoCommit(false);
                        int first = select(connection, attempts.incrementAndGet());
                        if (first == 1) {
                            standStill(database, connection);
                        }
                        int second = select(connection, first);
                        connection.commit();
                        connection.setAutoCommit(true);
                        return second;
                    });
            assertThat(found).as("which attempt").isEqualTo(2);
        }
    }

    /// Until the database has given it up.
    private static void standStill(Database database, Connection connection) throws SQLException {
        int pid;
        try (var statement = connection.createStatement()) {
            var row = statement.executeQuery("SELECT pg_backend_pid()");
            row.next();
            pid = row.getInt(1);
            statement.execute("SET LOCAL idle_in_transaction_session_timeout = '1ms'");
        }
        while (lives(database, pid)) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static boolean lives(Database database, int pid) {
        return database.with(connection -> {
            try (var select =
                    connection.prepareStatement("SELECT FROM pg_stat_activity WHERE pid = ?")) {
                select.setInt(1, pid);
                return select.executeQuery().next();
            }
        });
    }

    private static int select(Connection connection, int number) throws SQLException {
        try (var select = connection.prepareStatement("SELECT ?::int")) {
            select.setInt(1, number);
            var row = select.executeQuery();
            row.next();
            return row.getInt(1);
        }
    }
}
