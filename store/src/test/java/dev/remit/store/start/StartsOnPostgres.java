package dev.remit.store.start;

import dev.remit.store.TestDatabases;
import dev.remit.store.database.Database;
import dev.remit.store.session.PostgresSessionLog;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/// What starts sessions, in a real PostgreSQL, with the clock in the test's hand.
abstract class StartsOnPostgres {
    static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    static Database database;

    final String name = "s" + System.nanoTime();
    Instant now = NOON.plusSeconds(30);
    PostgresSessionLog log;
    PostgresSchedules schedules;
    PostgresTriggers triggers;

    @BeforeAll
    static void open() {
        database = TestDatabases.fresh();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void join() {
        log = PostgresSessionLog.join(database, "here", true);
        schedules = new PostgresSchedules(database, log.within());
        triggers = new PostgresTriggers(database, log.within());
    }

    @AfterEach
    void leave() {
        schedules.remove(name);
        triggers.remove(name);
        log.close();
    }

    void later(Duration time) {
        now = now.plus(time);
    }

    static int execute(String sql) {
        return database.with(connection -> {
            try (var statement = connection.createStatement()) {
                return statement.executeUpdate(sql);
            }
        });
    }
}
