package dev.remit.store.session;

import dev.remit.core.json.Json;
import dev.remit.core.session.Event;
import dev.remit.core.session.LogCodec;
import dev.remit.core.session.SessionLog.Answer;
import dev.remit.core.session.SessionLog.Then;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// One append as one statement: the head moves where id, epoch, owner and head match, and the
/// events are made from the row that was moved. A join with a row that was only read let a zombie
/// write.
final class SingleAppend {
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
    private static final String WHERE =
            """
                WHERE id = ? AND epoch = ? AND owner = ? AND head = ?
                  AND EXISTS (SELECT FROM open WHERE rules = ?)
                RETURNING id, head, epoch, mail, owner IS NULL AS parted),
            put AS (
                INSERT INTO event (session, seq, epoch, at, version, body)
                SELECT m.id, e.seq, m.epoch, ?, ?, e.body
                FROM moved m, unnest(?::bigint[], ?::text[]) e(seq, body))
            """;
    private static final String BLOBS =
            """
            , stored AS (
                INSERT INTO blob (session, hash, body)
                SELECT m.id, b.hash, b.body
                FROM moved m, unnest(?::bytea[], ?::bytea[]) b(hash, body) ORDER BY b.hash
                ON CONFLICT DO NOTHING RETURNING octet_length(body) AS bytes)
            """;
    private static final String ANSWER =
            """
            SELECT o.rules, m.head, m.mail, m.parted, %s
            FROM (VALUES (1)) one LEFT JOIN open o ON true LEFT JOIN moved m ON true
            """;

    private SingleAppend() {}

    static Answer execute(Writer writer, Request request) throws SQLException {
        var connection = writer.connection();
        try (var statement = connection.prepareStatement(sql(request))) {
            fill(statement, writer, request);
            try (var row = statement.executeQuery()) {
                row.next();
                long rules = row.getLong(1);
                if (row.wasNull()) {
                    return new Answer.Stale();
                }
                if (rules != request.append().rules()) {
                    return new Answer.RulesChanged(rules);
                }
                long head = row.getLong(2);
                return row.wasNull()
                        ? new Answer.Stale()
                        : new Answer.Appended(
                                head,
                                row.getLong(3),
                                row.getBoolean(4),
                                request.bytes() + row.getLong(5));
            }
        }
    }

    private static String sql(Request request) {
        var then =
                switch (request.append().then()) {
                    case Then.Keep k -> KEEP;
                    case Then.Park p -> PARK;
                    case Then.End e -> END;
                };
        return request.blobs().isEmpty()
                ? BEGIN + then + WHERE + ANSWER.formatted("0")
                : BEGIN
                        + then
                        + WHERE
                        + BLOBS
                        + ANSWER.formatted("coalesce((SELECT sum(bytes) FROM stored), 0)");
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
            case Then.End e -> end(parameters, closed(request));
        }
        parameters
                .set(fence.session().uuid())
                .set(fence.epoch())
                .set(writer.node().incarnation())
                .set(append.head())
                .set(append.rules());
        var seqs = new long[request.count()];
        for (int i = 0; i < seqs.length; i++) {
            seqs[i] = append.head() + 1 + i;
        }
        parameters.set(request.at()).set(LogCodec.VERSION).longs(seqs).texts(request.bodies());
        if (!request.blobs().isEmpty()) {
            parameters.hashes(request.blobs().keySet()).bytes(request.blobs().values());
        }
    }

    private static void end(Parameters parameters, Event.Closed closed) throws SQLException {
        var cost = closed.cost();
        parameters
                .text(closed.reason().name())
                .text(Json.mapper().writeValueAsString(closed.outcome()))
                .text(closed.why())
                .text(Json.mapper().writeValueAsString(closed.usage()))
                .set(cost == null ? null : cost.micros());
    }

    private static Event.Closed closed(Request request) {
        @Nullable Event last =
                request.append().events().isEmpty() ? null : request.append().events().getLast();
        if (last instanceof Event.Closed closed) {
            return closed;
        }
        throw new IllegalArgumentException("a session ends with the event `closed`, not " + last);
    }
}
