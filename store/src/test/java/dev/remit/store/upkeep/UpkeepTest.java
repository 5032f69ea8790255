package dev.remit.store.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.identity.SessionId;
import dev.remit.store.TestDatabases;
import dev.remit.store.database.Database;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpkeepTest {
    private final Database database = TestDatabases.fresh();
    private final Partitions partitions = new Partitions(database);

    @AfterEach
    void close() {
        database.close();
    }

    private void put(Instant time) {
        database.with(connection -> {
            try (var insert =
                    connection.prepareStatement("INSERT INTO event VALUES (?, 1, 0, 0, 1, '{}')")) {
                insert.setObject(1, SessionId.random(time, new Random(time.toEpochMilli())).uuid());
                return insert.executeUpdate();
            }
        });
    }

    private long rows(String table) {
        return database.with(connection -> {
            try (var select = connection.createStatement();
                    var row = select.executeQuery("SELECT count(*) FROM " + table)) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    private static Instant month(int ahead) {
        return YearMonth.from(Instant.now().atOffset(ZoneOffset.UTC))
                .plusMonths(ahead)
                .atDay(10)
                .atStartOfDay()
                .toInstant(ZoneOffset.UTC);
    }

    @Test
    void partitions_are_made_ahead_and_each_event_lies_in_that_of_its_month() {
        var done = partitions.keep(Instant.now());
        assertThat(done.made()).as("three months of two tables").hasSize(6);
        assertThat(partitions.keep(Instant.now()).made()).as("once").isEmpty();
        put(Instant.now());
        put(month(1));
        put(month(2));
        assertThat(rows("event_first")).isEqualTo(1);
        assertThat(rows(done.made().getFirst())).isEqualTo(1);
        assertThat(rows("event_rest")).as("nothing falls beside").isZero();
        put(month(40));
        assertThat(rows("event_rest")).as("but what nobody reckoned with").isEqualTo(1);
        assertThat(rows("event")).isEqualTo(4);
    }

    @Test
    void a_partition_that_is_over_is_dropped_when_it_is_empty_and_not_before() {
        partitions.keep(Instant.now());
        put(month(1));
        var later = month(3);
        assertThat(partitions.keep(later).dropped()).contains("event_first").hasSize(5);
        assertThat(rows("event")).as("nothing was lost").isEqualTo(1);
        database.with(connection -> {
            try (var delete = connection.createStatement()) {
                return delete.executeUpdate("DELETE FROM event");
            }
        });
        assertThat(partitions.keep(later).dropped()).hasSize(1);
        put(later);
        assertThat(rows("event_rest")).isZero();
    }

    @Test
    void a_lock_that_somebody_holds_is_not_waited_for() throws Exception {
        try (var other = database.connect("a dump", Map.of());
                var statement = other.createStatement()) {
            statement.execute("SET idle_in_transaction_session_timeout = 0");
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE event IN ACCESS EXCLUSIVE MODE");
            var done = new Partitions(database).keep(Instant.now());
            assertThat(done.made()).noneMatch(name -> name.startsWith("event"));
            other.rollback();
        }
        assertThat(partitions.keep(Instant.now()).made()).hasSize(3);
    }

    @Test
    void whoever_holds_old_rows_is_named() throws Exception {
        try (var other = database.connect("a long report", Map.of());
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SET idle_in_transaction_session_timeout = 0");
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            statement.executeQuery("SELECT count(*) FROM session").close();
            var report = new Vitals(database).look();
            assertThat(report.holders()).anyMatch(h -> h.who().contains("a long report"));
            assertThat(report.alarming()).as("not for long yet").isEmpty();
            other.rollback();
        }
        var held =
                new Vitals.Holder(
                        "somebody",
                        java.util.Optional.of(Vitals.LONG.plus(1, ChronoUnit.SECONDS)),
                        1);
        assertThat(held.isAlarming()).isTrue();
        assertThat(
                        new Vitals.Holder("slot", java.util.Optional.empty(), Vitals.MANY + 1)
                                .isAlarming())
                .isTrue();
    }
}
