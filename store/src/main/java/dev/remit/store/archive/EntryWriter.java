package dev.remit.store.archive;

import dev.remit.core.json.Json;
import dev.remit.store.session.Parameters;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.node.ObjectNode;

/// Writes sessions as they lie in the tables, a bounded number of rows at a time.
final class EntryWriter {
    private static final int ROWS = 500;

    private final Connection connection;
    private final UUID session;
    private final OutputStream out;

    private EntryWriter(Connection connection, UUID session, OutputStream out) {
        this.connection = connection;
        this.session = session;
        this.out = out;
    }

    /// A row as a line of JSON.
    private interface Line {
        ObjectNode of(ResultSet row) throws SQLException;
    }

    /// @return how many events it has
    static long write(Connection connection, UUID session, OutputStream file)
            throws SQLException, IOException {
        var gzip = new GZIPOutputStream(file, 1 << 16);
        long events = new EntryWriter(connection, session, gzip).write();
        gzip.finish();
        return events;
    }

    private long write() throws SQLException, IOException {
        line(Json.object().put("remit", Entry.FORMAT).put("session", session.toString()));
        long events = events();
        long blobs = blobs();
        long inbox =
                all(
                        "SELECT position, body FROM inbox WHERE session = ? ORDER BY position",
                        row ->
                                Json.object()
                                        .put("position", row.getLong(1))
                                        .put("body", row.getString(2)));
        long kept =
                all(
                        """
                        SELECT action, attempt, version, body FROM kept
                        WHERE session = ? ORDER BY action, attempt
                        """,
                        row ->
                                Json.object()
                                        .put("action", row.getString(1))
                                        .put("attempt", row.getInt(2))
                                        .put("version", row.getInt(3))
                                        .put("body", row.getString(4)));
        var end = Json.object();
        end.putObject("end")
                .put("events", events)
                .put("blobs", blobs)
                .put("inbox", inbox)
                .put("kept", kept);
        line(end);
        return events;
    }

    private long events() throws SQLException, IOException {
        long last = 0;
        while (true) {
            long before = last;
            try (var select =
                    connection.prepareStatement(
                            """
                            SELECT seq, epoch, at, version, body FROM event
                            WHERE session = ? AND seq > ? ORDER BY seq LIMIT ?
                            """)) {
                new Parameters(select).set(session).set(last).set(ROWS);
                var row = select.executeQuery();
                while (row.next()) {
                    last = row.getLong(1);
                    line(
                            Json.object()
                                    .put("seq", last)
                                    .put("epoch", row.getLong(2))
                                    .put("at", row.getLong(3))
                                    .put("version", row.getInt(4))
                                    .put("body", row.getString(5)));
                }
            }
            if (last == before) {
                return last;
            }
        }
    }

    private long blobs() throws SQLException, IOException {
        byte[] last = new byte[0];
        long count = 0;
        while (true) {
            int found = 0;
            try (var select =
                    connection.prepareStatement(
                            """
                            SELECT hash, body FROM blob
                            WHERE session = ? AND hash > ? ORDER BY hash LIMIT ?
                            """)) {
                new Parameters(select).set(session).set(last).set(ROWS);
                var row = select.executeQuery();
                while (row.next()) {
                    last = row.getBytes(1);
                    found++;
                    line(
                            Json.object()
                                    .put("blob", HexFormat.of().formatHex(last))
                                    .put(
                                            "body",
                                            new String(row.getBytes(2), StandardCharsets.UTF_8)));
                }
            }
            count += found;
            if (found < ROWS) {
                return count;
            }
        }
    }

    private long all(String sql, Line line) throws SQLException, IOException {
        long count = 0;
        try (var select = connection.prepareStatement(sql)) {
            new Parameters(select).set(session);
            var row = select.executeQuery();
            while (row.next()) {
                line(line.of(row));
                count++;
            }
        }
        return count;
    }

    private void line(ObjectNode json) throws IOException {
        out.write(Json.mapper().writeValueAsBytes(json));
        out.write('\n');
    }
}
