package dev.remit.store.session;

import dev.remit.core.session.LogCodec;
import dev.remit.core.session.SessionLog.Accepted;
import dev.remit.core.session.SessionLog.IdempotencyKey;
import dev.remit.core.session.SessionLog.Opening;
import dev.remit.core.session.Standing;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Acceptance: a session's row, its first event, its key and its contents in one statement.
final class Openings {
    private static final String KEY =
            """
            WITH keyed AS (
                INSERT INTO idempotency (principal, key, request, session) VALUES (?, ?, ?, ?)
                ON CONFLICT DO NOTHING RETURNING session),
            """;
    private static final String NO_KEY =
            """
            WITH keyed AS (SELECT),
            """;
    private static final String BORN =
            """
            born AS (
                INSERT INTO session (id, head, ready_at, definition, definition_version,
                                     parent, parent_action, opened_at, updated_at,
                                     at_once, team, urgency)
                SELECT ?, 1, clock_timestamp(), ?, ?, ?::uuid, ?, ?, ?, ?::int,
                       coalesce(?, (SELECT p.team FROM session p WHERE p.id = ?::uuid), ''),
                       ? - coalesce(?::int, (SELECT (p.urgency + 50) / 100 * 100 - p.urgency
                                             FROM session p WHERE p.id = ?::uuid), 0)
                FROM keyed
                ON CONFLICT (id) DO NOTHING RETURNING id),
            put AS (
                INSERT INTO event (session, seq, epoch, at, version, body)
                SELECT id, 1, 0, ?, ?, ? FROM born),
            stored AS (
                INSERT INTO blob (session, hash, body)
                SELECT s.id, b.hash, b.body
                FROM born s, unnest(?::bytea[], ?::bytea[]) b(hash, body) ORDER BY b.hash)
            SELECT id FROM born
            """;

    private Openings() {}

    static Accepted open(Connection connection, Opening opening) throws SQLException {
        if (insert(connection, opening)) {
            return new Accepted.New(opening.id());
        }
        return earlier(connection, opening);
    }

    /// What there was instead of an opening that did nothing.
    static Accepted earlier(Connection connection, Opening opening) throws SQLException {
        var key = opening.key();
        return key == null ? new Accepted.Existing(opening.id()) : earlier(connection, key);
    }

    /// Of one without a parent.
    static int urgency(Standing standing) {
        var priority = standing.priority();
        return standing.lane().urgency() - (priority == null ? Standing.USUAL : priority);
    }

    /// @return false if the session, or one with the same key, is there already
    static boolean insert(Connection connection, Opening opening) throws SQLException {
        var key = opening.key();
        try (var statement =
                connection.prepareStatement(key == null ? NO_KEY + BORN : KEY + BORN)) {
            var parameters = new Parameters(statement);
            if (key != null) {
                parameters
                        .text(key.principal())
                        .text(key.key())
                        .text(key.request())
                        .set(opening.id().uuid());
            }
            fill(parameters, opening);
            return statement.executeQuery().next();
        }
    }

    private static void fill(Parameters parameters, Opening opening) throws SQLException {
        var opened = opening.opened();
        var parent = opened.parent();
        var parentId = parent == null ? null : parent.session().uuid();
        var standing = opening.standing();
        var encoded = LogCodec.encode(opened);
        parameters
                .set(opening.id().uuid())
                .text(opened.definition().name())
                .text(opened.definition().version().hex())
                .set(parentId)
                .text(parent == null ? null : parent.action().value())
                .set(opening.at())
                .set(opening.at())
                .set(standing.atOnce())
                .text(standing.team())
                .set(parentId)
                .set(standing.lane().urgency())
                .set(standing.priority())
                .set(parentId)
                .set(Request.nanos(opening.at()))
                .set(LogCodec.VERSION)
                .text(encoded.body())
                .blobs(encoded);
    }

    private static Accepted earlier(Connection connection, IdempotencyKey key) throws SQLException {
        var found = find(connection, key);
        if (found == null) {
            throw new IllegalStateException("an idempotency key was taken and is gone: " + key);
        }
        return found;
    }

    /// What was opened with a key before.
    static @Nullable Accepted find(Connection connection, IdempotencyKey key) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        """
                        SELECT session, request FROM idempotency WHERE principal = ? AND key = ?
                        """)) {
            new Parameters(select).text(key.principal()).text(key.key());
            return Parameters.list(
                            select,
                            row -> {
                                var id = Rows.session(row, 1);
                                return row.getString(2).equals(key.request())
                                        ? new Accepted.Existing(id)
                                        : (Accepted) new Accepted.Conflict(id);
                            })
                    .stream()
                    .findFirst()
                    .orElse(null);
        }
    }
}
