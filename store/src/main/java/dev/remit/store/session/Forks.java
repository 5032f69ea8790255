package dev.remit.store.session;

import dev.remit.core.identity.SessionId;
import dev.remit.core.session.LogCodec;
import dev.remit.core.session.SessionLog.Accepted;
import dev.remit.core.session.SessionLog.Forking;
import dev.remit.core.session.SessionLog.IdempotencyKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.NoSuchElementException;

/// Sessions that begin as another one did. Events never change, so what is copied needs no lock,
/// and the other session may go on meanwhile.
final class Forks {
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

    /// The blobs are those that the copied bodies name; a text that looks like a name costs a blob
    /// too many.
    private static final String COPY =
            """
            source AS MATERIALIZED (
                SELECT seq, at, version, body FROM event WHERE session = ? AND seq <= ?),
            born AS (
                INSERT INTO session (id, head, ready_at, definition, definition_version,
                                     opened_at, updated_at, team, urgency, at_once)
                SELECT ?, ?, clock_timestamp(), ?, ?, ?, ?, o.team, o.urgency, o.at_once
                FROM keyed, session o
                WHERE o.id = ? AND (SELECT count(*) FROM source) = ?
                ON CONFLICT (id) DO NOTHING RETURNING id),
            put AS (
                INSERT INTO event (session, seq, epoch, at, version, body)
                SELECT b.id, s.seq, 0, s.at, s.version, s.body FROM born b, source s
                UNION ALL SELECT id, ?, 0, ?, ?, ? FROM born),
            named AS (
                SELECT DISTINCT decode(m[1], 'hex') AS hash
                FROM source, regexp_matches(body, '"\\$blob":"([0-9a-f]{64})"', 'g') m),
            contents AS (
                SELECT o.hash, o.body FROM blob o JOIN named n ON n.hash = o.hash
                WHERE o.session = ?
                UNION SELECT * FROM unnest(?::bytea[], ?::bytea[])),
            stored AS (
                INSERT INTO blob (session, hash, body)
                SELECT DISTINCT ON (c.hash) b.id, c.hash, c.body
                FROM born b, contents c ORDER BY c.hash),
            marked AS (
                INSERT INTO fork (session, origin, at, forked_at, forked_by, rewind)
                SELECT id, ?, ?, ?, ?, ? FROM born)
            SELECT id FROM born
            """;

    private Forks() {}

    static Accepted fork(Connection connection, Inbox inbox, Forking forking) throws SQLException {
        connection.setAutoCommit(false);
        try {
            boolean born = copy(connection, forking);
            if (born && forking.forked().rewind()) {
                inbox.put(connection, forking.from(), forking.cancel());
            }
            connection.commit();
            if (born) {
                return new Accepted.New(forking.id());
            }
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
        return existing(connection, forking);
    }

    private static boolean copy(Connection connection, Forking forking) throws SQLException {
        var key = forking.key();
        try (var statement =
                connection.prepareStatement(key == null ? NO_KEY + COPY : KEY + COPY)) {
            var parameters = new Parameters(statement);
            if (key != null) {
                parameters
                        .text(key.principal())
                        .text(key.key())
                        .text(key.request())
                        .set(forking.id().uuid());
            }
            fill(parameters, forking);
            return statement.executeQuery().next();
        }
    }

    private static void fill(Parameters parameters, Forking forking) throws SQLException {
        var encoded = LogCodec.encode(forking.forked());
        parameters
                .set(forking.from().uuid())
                .set(forking.at())
                .set(forking.id().uuid())
                .set(forking.at() + 1)
                .text(forking.definition().name())
                .text(forking.definition().version().hex())
                .set(forking.when())
                .set(forking.when())
                .set(forking.from().uuid())
                .set(forking.at())
                .set(forking.at() + 1)
                .set(Request.nanos(forking.when()))
                .set(LogCodec.VERSION)
                .text(encoded.body())
                .set(forking.from().uuid())
                .blobs(encoded)
                .set(forking.from().uuid())
                .set(forking.at())
                .set(forking.when())
                .text(forking.forked().cause().getFirst().toString())
                .set(forking.forked().rewind());
    }

    private static Accepted existing(Connection connection, Forking forking) throws SQLException {
        IdempotencyKey key = forking.key();
        if (key != null) {
            var earlier = Openings.find(connection, key);
            if (earlier != null) {
                return earlier;
            }
        }
        try (var select = connection.prepareStatement("SELECT FROM session WHERE id = ?")) {
            new Parameters(select).set(forking.id().uuid());
            if (select.executeQuery().next()) {
                return new Accepted.Existing(forking.id());
            }
        }
        throw new NoSuchElementException(
                "session " + forking.from() + " has no event " + forking.at());
    }

    /// What was made of a session, the oldest first.
    static List<Fork> of(Connection connection, SessionId origin, int limit) throws SQLException {
        return list(connection, "WHERE origin = ? ORDER BY session LIMIT " + limit, origin);
    }

    /// What a session was made of; none if it began by itself.
    static List<Fork> origin(Connection connection, SessionId session) throws SQLException {
        return list(connection, "WHERE session = ?", session);
    }

    private static List<Fork> list(Connection connection, String where, SessionId id)
            throws SQLException {
        try (var select =
                connection.prepareStatement(
                        "SELECT session, origin, at, forked_at, forked_by, rewind FROM fork "
                                + where)) {
            new Parameters(select).set(id.uuid());
            return Parameters.list(
                    select,
                    row ->
                            new Fork(
                                    Rows.session(row, 1),
                                    Rows.session(row, 2),
                                    row.getLong(3),
                                    Rows.instant(row, 4),
                                    row.getString(5),
                                    row.getBoolean(6)));
        }
    }
}
