package dev.remit.store.session;

import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Json;
import dev.remit.core.session.LogCodec;
import dev.remit.core.session.Mail;
import dev.remit.core.session.SessionLog.Delivered;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/// Mail for sessions: insert-only, numbered without gaps by a counter in the session's row. The
/// same row is what a driver locks to park, so it cannot fall asleep on mail.
final class Inbox {
    /// Mail that is read at once; a driver comes back for the rest before it can park.
    private static final int PAGE = 1000;

    private static final String PUT =
            """
            WITH target AS (
                UPDATE session SET
                    mail = mail + 1,
                    ready_at = CASE WHEN owner IS NULL THEN coalesce(ready_at, clock_timestamp()) END
                WHERE id = ? AND NOT closed RETURNING id, mail, owner),
            put AS (
                INSERT INTO inbox (session, position, body) SELECT id, mail, ? FROM target),
            stored AS (
                INSERT INTO blob (session, hash, body)
                SELECT t.id, b.hash, b.body
                FROM target t, unnest(?::bytea[], ?::bytea[]) b(hash, body) ORDER BY b.hash
                ON CONFLICT DO NOTHING)
            SELECT CASE WHEN owner <> ?
                THEN pg_notify('remit_wake', owner || ' ' || id) IS NULL ELSE true END
            FROM target
            """;

    private final Node node;

    Inbox(Node node) {
        this.node = node;
    }

    /// What became of a piece of mail.
    enum Put {
        /// No such session, or it is closed.
        REFUSED,
        /// Stored; another node drives the session and is told.
        ELSEWHERE,
        /// Stored; this node's dispatcher should hear of it.
        HINT
    }

    Put put(Connection connection, SessionId to, Mail mail) throws SQLException {
        var encoded = LogCodec.encode(mail);
        try (var statement = connection.prepareStatement(PUT)) {
            new Parameters(statement)
                    .set(to.uuid())
                    .text(encoded.body())
                    .blobs(encoded)
                    .set(node.incarnation());
            var row = statement.executeQuery();
            if (!row.next()) {
                return Put.REFUSED;
            }
            return row.getBoolean(1) ? Put.HINT : Put.ELSEWHERE;
        }
    }

    List<Delivered> after(Connection connection, SessionId id, long position) throws SQLException {
        record Row(long position, String body) {}
        List<Row> rows;
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT position, body FROM inbox
                        WHERE session = ? AND position > ? ORDER BY position LIMIT ?
                        """)) {
            new Parameters(select).set(id.uuid()).set(position).set(PAGE);
            rows = Parameters.list(select, row -> new Row(row.getLong(1), row.getString(2)));
        }
        var blobs = Blobs.named(connection, id, rows.stream().map(Row::body).map(Json::parse));
        return rows.stream()
                .map(row ->
                        new Delivered(row.position(), LogCodec.mail(Json.parse(row.body()), blobs)))
                .toList();
    }

    /// Names the session of a wake-up that was meant for a node.
    static SessionId wokenBy(String payload) {
        return new SessionId(UUID.fromString(payload.substring(payload.indexOf(' ') + 1)));
    }

    static boolean isFor(String payload, UUID incarnation) {
        return payload.startsWith(incarnation + " ");
    }
}
