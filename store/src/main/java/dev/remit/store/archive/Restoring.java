package dev.remit.store.archive;

import dev.remit.core.identity.SessionId;
import dev.remit.store.session.Parameters;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/// Puts archived sessions back into the tables, as they were.
record Restoring(Connection connection, Reader reader) {
    /// Reads one session of a file.
    interface Reader {
        Entry read(String file, long place, long length);
    }

    private record Member(UUID session, String file, long place, long length, boolean emptied) {}

    int family(SessionId id) throws SQLException {
        var members = members(id);
        for (var member : members) {
            restore(member);
        }
        return members.size();
    }

    /// All of the family that are archived, from whichever of them it is asked for.
    private List<Member> members(SessionId id) throws SQLException {
        try (var select =
                connection.prepareStatement(
                        """
                        WITH RECURSIVE up AS (
                            SELECT id, parent FROM session WHERE id = ?
                            UNION ALL
                            SELECT s.id, s.parent FROM session s JOIN up u ON s.id = u.parent),
                        family AS (
                            SELECT id FROM up WHERE parent IS NULL
                            UNION ALL
                            SELECT s.id FROM session s JOIN family f ON s.parent = f.id)
                        SELECT a.session, a.file, a.place, a.length, a.emptied
                        FROM archived a JOIN family f ON f.id = a.session
                        """)) {
            new Parameters(select).set(id.uuid());
            return Parameters.list(
                    select,
                    row ->
                            new Member(
                                    row.getObject(1, UUID.class),
                                    row.getString(2),
                                    row.getLong(3),
                                    row.getLong(4),
                                    row.getBoolean(5)));
        }
    }

    private void restore(Member member) throws SQLException {
        var entry = reader.read(member.file(), member.place(), member.length());
        connection.setAutoCommit(false);
        try {
            put(member.session(), entry);
            try (var delete =
                            connection.prepareStatement("DELETE FROM archived WHERE session = ?");
                    var hold =
                            connection.prepareStatement(
                                    """
                                    INSERT INTO archive_hold (session) VALUES (?)
                                    ON CONFLICT (session)
                                    DO UPDATE SET since = clock_timestamp()
                                    """)) {
                new Parameters(delete).set(member.session());
                delete.executeUpdate();
                new Parameters(hold).set(member.session());
                hold.executeUpdate();
            }
            connection.commit();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private void put(UUID session, Entry entry) throws SQLException {
        try (var events =
                        connection.prepareStatement(
                                """
                                INSERT INTO event (session, seq, epoch, at, version, body)
                                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                                """);
                var blobs =
                        connection.prepareStatement(
                                """
                                INSERT INTO blob (session, hash, body) VALUES (?, ?, ?)
                                ON CONFLICT DO NOTHING
                                """);
                var inbox =
                        connection.prepareStatement(
                                """
                                INSERT INTO inbox (session, position, body) VALUES (?, ?, ?)
                                ON CONFLICT DO NOTHING
                                """);
                var kept =
                        connection.prepareStatement(
                                """
                                INSERT INTO kept (session, action, attempt, version, body)
                                VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                                """)) {
            for (var row : entry.rows()) {
                new Parameters(events)
                        .set(session)
                        .set(row.required("seq").asLong())
                        .set(row.required("epoch").asLong())
                        .set(row.required("at").asLong())
                        .set(row.required("version").asInt())
                        .text(row.required("body").asString());
                events.addBatch();
            }
            events.executeBatch();
            for (var blob : entry.blobs().entrySet()) {
                new Parameters(blobs)
                        .set(session)
                        .set(blob.getKey().bytes())
                        .set(blob.getValue().getBytes(StandardCharsets.UTF_8));
                blobs.addBatch();
            }
            blobs.executeBatch();
            for (var mail : entry.inbox()) {
                new Parameters(inbox)
                        .set(session)
                        .set(mail.required("position").asLong())
                        .text(mail.required("body").asString());
                inbox.addBatch();
            }
            inbox.executeBatch();
            for (var end : entry.kept()) {
                new Parameters(kept)
                        .set(session)
                        .text(end.required("action").asString())
                        .set(end.required("attempt").asInt())
                        .set(end.required("version").asInt())
                        .text(end.required("body").asString());
                kept.addBatch();
            }
            kept.executeBatch();
        }
    }
}
