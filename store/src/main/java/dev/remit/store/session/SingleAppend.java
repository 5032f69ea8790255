package dev.remit.store.session;

import static java.util.Objects.requireNonNull;

import dev.remit.core.json.Json;
import dev.remit.core.session.LogCodec;
import dev.remit.core.session.SessionLog.Answer;
import dev.remit.core.session.SessionLog.Then;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// One append as one statement: the head moves where id, epoch, owner and head match, and the
/// events are made from the row that was moved. A join with a row that was only read let a zombie
/// write.
final class SingleAppend {
    /// Statements with at most so many rows are kept.
    private static final int USUAL_ROWS = 16;

    private static final String BEGIN =
            """
            WITH open AS MATERIALIZED (
                SELECT rules FROM gate WHERE id = ? AND NOT fenced FOR SHARE),
            moved AS (
                UPDATE session SET head = head + ?, updated_at = ?
            """;
    private static final String KEEP =
            """
                    , recoveries = CASE WHEN ? THEN 0 ELSE recoveries END
            """;
    private static final String PARK =
            """
                    , recoveries = CASE WHEN ? OR mail <= ? THEN 0 ELSE recoveries END
                    , owner      = CASE WHEN mail <= ? THEN NULL ELSE owner END
                    , due        = CASE WHEN mail <= ? THEN ?::timestamptz END
                    , waiting    = CASE WHEN mail <= ? THEN ? END
            """;
    private static final String END =
            """
                    , recoveries = 0, owner = NULL, closed = true
                    , stop_reason = ?, outcome = ?, why = ?, usage = ?, cost_micros = ?
            """;

    /// What is under way goes before what has not begun: it stands where it stood when it was
    /// opened.
    private static final String YIELD =
            """
                    , recoveries = 0, owner = NULL, ready_at = opened_at
            """;

    private static final String WHERE =
            """
                WHERE id = ? AND epoch = ? AND owner = ? AND head = ? AND mail <= ?
                  AND EXISTS (SELECT FROM open WHERE rules = ?)
                RETURNING id, head, epoch, mail, owner IS NULL AS parted)
            """;
    private static final String PUT =
            """
            , put AS (
                INSERT INTO event (session, seq, epoch, at, version, body)
                SELECT m.id, e.seq, m.epoch, ?, ?, e.body FROM moved m, (VALUES ROWS) e(seq, body))
            """;
    private static final String STORE =
            """
            , stored AS (
                INSERT INTO blob (session, hash, body)
                SELECT m.id, b.hash, b.body FROM moved m, (VALUES ROWS) b(hash, body)
                ON CONFLICT DO NOTHING)
            """;
    private static final String ANSWER =
            """
            SELECT o.rules, m.head, m.mail, m.parted FROM open o LEFT JOIN moved m ON true
            """;

    /// The texts of the statements, which the driver keeps prepared by their text.
    private static final Map<Shape, String> SQL = new ConcurrentHashMap<>();

    /// What the text of a statement depends on.
    private record Shape(Class<? extends Then> then, int events, int blobs) {
        static Shape of(Request request) {
            return new Shape(
                    request.append().then().getClass(), request.count(), request.blobs().size());
        }

        String sql() {
            return BEGIN
                    + release()
                    + WHERE
                    + repeat(PUT, events, "(?::bigint, ?::text)")
                    + repeat(STORE, blobs, "(?::bytea, ?::bytea)")
                    + ANSWER;
        }

        private String release() {
            if (then == Then.Keep.class) {
                return KEEP;
            }
            if (then == Then.Park.class) {
                return PARK;
            }
            return then == Then.Yield.class ? YIELD : END;
        }

        private static String repeat(String part, int count, String row) {
            var rows = String.join(", ", Collections.nCopies(count, row));
            return count == 0 ? "" : part.replace("ROWS", rows);
        }
    }

    private SingleAppend() {}

    static Answer execute(Writer writer, Request request) throws SQLException {
        var connection = writer.connection();
        var shape = Shape.of(request);
        var sql =
                shape.events() + shape.blobs() <= USUAL_ROWS
                        ? SQL.computeIfAbsent(shape, Shape::sql)
                        : shape.sql();
        try (var statement = connection.prepareStatement(sql)) {
            fill(statement, writer, request);
            try (var row = statement.executeQuery()) {
                if (!row.next()) {
                    return new Answer.Stale();
                }
                long rules = row.getLong(1);
                if (rules != request.append().rules()) {
                    return new Answer.RulesChanged(rules);
                }
                long head = row.getLong(2);
                if (!row.wasNull()) {
                    return new Answer.Appended(
                            head, row.getLong(3), row.getBoolean(4), request.bytes());
                }
            }
        }
        var end = request.end();
        return end == null ? new Answer.Stale() : notEnded(connection, request, end);
    }

    /// Mail may have come, or another writer. If both, the driver learns of the other one with its
    /// next append.
    private static Answer notEnded(Connection connection, Request request, End end)
            throws SQLException {
        try (var select =
                connection.prepareStatement("SELECT mail FROM session WHERE id = ? AND mail > ?")) {
            new Parameters(select).set(request.append().fence().session().uuid()).set(end.seen());
            var row = select.executeQuery();
            return row.next() ? new Answer.MailCame(row.getLong(1)) : new Answer.Stale();
        }
    }

    private static void fill(PreparedStatement statement, Writer writer, Request request)
            throws SQLException {
        var append = request.append();
        var fence = append.fence();
        var parameters = new Parameters(statement);
        parameters.set(writer.gate()).set(request.count()).set(append.at());
        switch (append.then()) {
            case Then.Keep k -> parameters.set(append.progress());
            case Then.Park park ->
                    parameters
                            .set(append.progress())
                            .set(park.seen())
                            .set(park.seen())
                            .set(park.seen())
                            .set(park.due() == null ? null : Parameters.utc(park.due()))
                            .set(park.seen())
                            .text(Json.mapper().writeValueAsString(park.waiting()));
            case Then.End e -> end(parameters, requireNonNull(request.end()));
            case Then.Yield y -> {}
        }
        parameters
                .set(fence.session().uuid())
                .set(fence.epoch())
                .set(writer.node().incarnation())
                .set(append.head())
                .set(request.end() == null ? Long.MAX_VALUE : request.end().seen())
                .set(append.rules());
        if (request.count() > 0) {
            parameters.set(request.at()).set(LogCodec.VERSION);
        }
        long seq = append.head();
        for (var body : request.bodies()) {
            parameters.set(++seq).text(body);
        }
        for (var blob : request.blobs().entrySet()) {
            parameters.set(blob.getKey().bytes()).set(blob.getValue());
        }
    }

    private static void end(Parameters parameters, End end) throws SQLException {
        parameters
                .text(end.reason())
                .text(end.outcome())
                .text(end.why())
                .text(end.usage())
                .set(end.micros());
    }
}
