package dev.remit.bench;

import dev.remit.store.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/// The baseline: a session in tables of the same form, appended to row by row as a plain JDBC loop
/// does it: a connection for each thread, each row fenced, in a statement and a commit of its own.
final class PlainLane implements Lane {
    private static final String TABLES =
            """
            CREATE TABLE IF NOT EXISTS plain_session (
                id uuid PRIMARY KEY, head bigint NOT NULL, epoch bigint NOT NULL
            ) WITH (fillfactor = 50);
            CREATE TABLE IF NOT EXISTS plain_event (
                session uuid NOT NULL, seq bigint NOT NULL, epoch bigint NOT NULL,
                at timestamptz NOT NULL, body text NOT NULL, PRIMARY KEY (session, seq));
            """;
    private static final String APPEND =
            """
            WITH moved AS (
                UPDATE plain_session SET head = head + 1
                WHERE id = ? AND epoch = ? AND head = ? RETURNING id, head, epoch)
            INSERT INTO plain_event (session, seq, epoch, at, body)
            SELECT id, head, epoch, clock_timestamp(), ? FROM moved
            """;

    private final Connection connection;
    private final PreparedStatement append;
    private final UUID id = UUID.randomUUID();
    private final int rows;
    private long head;

    /// @param rows in each step
    PlainLane(Database database, int rows) throws SQLException {
        this.rows = rows;
        connection = database.connect("bench", Map.of());
        try (var insert =
                connection.prepareStatement("INSERT INTO plain_session VALUES (?, 0, 1)")) {
            insert.setObject(1, id);
            insert.executeUpdate();
        }
        append = connection.prepareStatement(APPEND);
    }

    static void createTables(Database database) {
        database.with(connection -> {
            try (var statement = connection.createStatement()) {
                return statement.execute(TABLES);
            }
        });
    }

    @Override
    public void step() throws SQLException {
        for (int i = 0; i < rows; i++) {
            append.setObject(1, id);
            append.setLong(2, 1);
            append.setLong(3, head);
            append.setString(4, body());
            if (append.executeUpdate() != 1) {
                throw new IllegalStateException("not appended");
            }
            head++;
        }
    }

    private String body() {
        var text =
                "{\"type\":\"row\",\"n\":" + head + ",\"at\":\"" + Instant.now() + "\",\"text\":\"";
        return text + "x".repeat(Samples.EVENT_BYTES - text.length() - 2) + "\"}";
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
