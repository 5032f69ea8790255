package dev.remit.store.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.identity.SessionId;
import dev.remit.store.TestDatabases;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/// Databases of earlier versions, with what they hold.
class MigrationTest {
    private static Flyway flyway(DatabaseAddress address, String target) {
        return Flyway.configure(Database.class.getClassLoader())
                .dataSource(address.jdbcUrl(), address.user(), address.password())
                .schemas(Database.SCHEMA)
                .locations("classpath:dev/remit/store/migrations")
                .target(target)
                .load();
    }

    private static DatabaseAddress address() {
        return TestDatabases.server()
                .database("migrated_" + UUID.randomUUID().toString().replace("-", ""));
    }

    private static List<UUID> fill(DatabaseAddress address, List<Instant> times)
            throws SQLException {
        var ids = new ArrayList<UUID>();
        var random = new Random(5);
        try (var connection = Connections.open(address);
                var event =
                        connection.prepareStatement(
                                "INSERT INTO remit.event VALUES (?, ?, 0, 0, 1, ?)");
                var blob = connection.prepareStatement("INSERT INTO remit.blob VALUES (?, ?, ?)")) {
            for (var time : times) {
                var id = SessionId.random(time, random).uuid();
                ids.add(id);
                for (int seq = 1; seq <= 5; seq++) {
                    event.setObject(1, id);
                    event.setLong(2, seq);
                    event.setString(3, "{\"type\":\"timer_fired\",\"of\":\"" + id + "\"}");
                    event.execute();
                    blob.setObject(1, id);
                    blob.setBytes(2, new byte[] {(byte) seq});
                    blob.setBytes(
                            3, id.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
                    blob.execute();
                }
            }
        }
        return ids;
    }

    private static long count(Connection connection, String sql) throws SQLException {
        try (var select = connection.createStatement();
                var row = select.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void sessions_of_the_fourth_schema_are_all_there_in_the_eighth() throws Exception {
        var address = address();
        flyway(address, "4").migrate();
        var now = Instant.now();
        var ids =
                fill(address, List.of(now.minusSeconds(86_400L * 400), now.minusSeconds(60), now));
        try (var database = Database.open(address)) {
            long rows = database.with(c -> count(c, "SELECT count(*) FROM event"));
            long blobs = database.with(c -> count(c, "SELECT count(*) FROM blob"));
            assertThat(rows).isEqualTo(ids.size() * 5L);
            assertThat(blobs).isEqualTo(ids.size() * 5L);
            assertThat(
                            (long)
                                    database.with(c ->
                                            count(
                                                    c,
                                                    "SELECT count(*) FROM event WHERE body"
                                                            + " LIKE '%' || session || '%'")))
                    .as("each by its own")
                    .isEqualTo(rows);
            assertThat((long) database.with(c -> count(c, "SELECT count(*) FROM event_first")))
                    .as("nothing was copied")
                    .isEqualTo(rows);
        }
        Database.open(address).close(); // and it starts again
    }

    @Test
    void ids_from_a_clock_that_was_wrong_do_not_stop_it() throws Exception {
        var address = address();
        flyway(address, "4").migrate();
        fill(address, List.of(Instant.now(), Instant.parse("2199-01-01T00:00:00Z")));
        try (var database = Database.open(address)) {
            assertThat((long) database.with(c -> count(c, "SELECT count(*) FROM event")))
                    .isEqualTo(10);
        }
    }
}
