package dev.remit.store.session;

import static java.util.Collections.nCopies;

import dev.remit.core.session.LogCodec;
import dev.remit.core.session.SessionLog.Answer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Appends to many sessions as one statement and one commit. The sessions are distinct; their rows
/// are locked in order, and those that somebody else holds are left out. Its cost grows with the
/// number of events, not with its square: no two lists are joined by comparing all pairs.
final class BatchAppend {
    private static final String MOVE =
            """
            WITH open AS MATERIALIZED (
                SELECT rules FROM gate WHERE id = ? AND NOT fenced FOR SHARE),
            locked AS MATERIALIZED (
                SELECT r.*, s.mail, s.epoch = r.epoch AND s.head = r.head AND s.owner = ?ENDING_FITS AS fits
                FROM unnest(?::uuid[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                            ?::boolean[]ENDING_ARRAYS)
                    WITH ORDINALITY AS r(id, epoch, head, rules, count, at, progress, ENDING_NAMESplace)
                JOIN session s ON s.id = r.id AND EXISTS (SELECT FROM open)
                ORDER BY s.id FOR NO KEY UPDATE OF s SKIP LOCKED),
            moved AS (
                UPDATE session s
                SET head = l.head + l.count, updated_at = to_timestamp(l.at / 1e9),
                    recoveries = CASE WHEN l.progress THEN 0 ELSE s.recoveries ENDENDING
                FROM locked l
                WHERE s.id = l.id AND l.fits AND l.rules = (SELECT rules FROM open)
                RETURNING s.id),
            put AS (
                INSERT INTO event (session, seq, epoch, at, version, body)
                SELECT e.session, e.seq, e.epoch, e.at, ?, e.body
                FROM unnest(?::uuid[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[])
                    e(session, seq, epoch, at, body)
                WHERE (e.session IN (SELECT id FROM moved)) IS TRUE)
            """;
    private static final String STORE =
            """
            , stored AS (
                INSERT INTO blob (session, hash, body)
                SELECT b.session, b.hash, b.body
                FROM unnest(?::uuid[], ?::bytea[], ?::bytea[]) b(session, hash, body)
                WHERE (b.session IN (SELECT id FROM moved)) IS TRUE
                ON CONFLICT DO NOTHING)
            """;
    private static final String ANSWER =
            """
            SELECT o.rules, l.place, (l.id IN (SELECT id FROM moved)) IS TRUE, l.mail
            FROM open o LEFT JOIN locked l ON true
            """;

    /// Of a batch in which sessions end, too.
    private static final String ENDING_ARRAYS =
            ", ?::boolean[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::bigint[]";

    private static final String ENDING_NAMES =
            "ends, stop_reason, outcome, why, usage, cost, seen, ";

    /// Nobody's mail is left unread.
    private static final String ENDING_FITS = " AND s.mail <= r.seen";

    private static final String ENDING =
            """
            ,
                    owner       = CASE WHEN l.ends THEN NULL ELSE s.owner END,
                    closed      = l.ends,
                    stop_reason = l.stop_reason, outcome = l.outcome, why = l.why,
                    usage       = l.usage, cost_micros = l.cost\
            """;

    // The texts of the statement, which the driver keeps prepared by their text.
    private static final String PLAIN_SQL = sql(false, false);
    private static final String BLOB_SQL = sql(true, false);
    private static final String ENDING_SQL = sql(false, true);
    private static final String BLOB_ENDING_SQL = sql(true, true);

    private BatchAppend() {}

    private static String sql(boolean blobs, boolean ends) {
        return (MOVE + (blobs ? STORE : "") + ANSWER)
                .replace("ENDING_ARRAYS", ends ? ENDING_ARRAYS : "")
                .replace("ENDING_NAMES", ends ? ENDING_NAMES : "")
                .replace("ENDING_FITS", ends ? ENDING_FITS : "")
                .replace("ENDENDING", ends ? "END" + ENDING : "END");
    }

    private static String sql(List<Request> requests) {
        boolean blobs = requests.stream().anyMatch(r -> !r.blobs().isEmpty());
        boolean ends = requests.stream().anyMatch(Request::ends);
        if (ends) {
            return blobs ? BLOB_ENDING_SQL : ENDING_SQL;
        }
        return blobs ? BLOB_SQL : PLAIN_SQL;
    }

    /// @return an answer for each request, in their order
    static List<Answer> execute(Writer writer, List<Request> requests) throws SQLException {
        var connection = writer.connection();
        try (var statement = connection.prepareStatement(sql(requests))) {
            fill(statement, writer, requests);
            var answers = new ArrayList<Answer>(nCopies(requests.size(), new Answer.Stale()));
            try (var row = statement.executeQuery()) {
                boolean first = true;
                while (row.next()) {
                    if (first) { // the gate is open: who is not in the answer was left out
                        Collections.fill(answers, new Answer.Busy());
                        first = false;
                    }
                    int place = row.getInt(2) - 1;
                    if (place >= 0) {
                        answers.set(place, answer(row, requests.get(place)));
                    }
                }
            }
            return answers;
        }
    }

    private static Answer answer(ResultSet row, Request request) throws SQLException {
        long rules = row.getLong(1);
        if (rules != request.append().rules()) {
            return new Answer.RulesChanged(rules);
        }
        long mail = row.getLong(4);
        if (row.getBoolean(3)) {
            return new Answer.Appended(
                    request.append().head() + request.count(),
                    mail,
                    request.ends(),
                    request.bytes());
        }
        var end = request.end();
        return end != null && mail > end.seen() ? new Answer.MailCame(mail) : new Answer.Stale();
    }

    private static void fill(PreparedStatement statement, Writer writer, List<Request> requests)
            throws SQLException {
        int size = requests.size();
        var ids = new ArrayList<UUID>(size);
        var epochs = new long[size];
        var heads = new long[size];
        var rules = new long[size];
        var counts = new long[size];
        var times = new long[size];
        var progress = new Boolean[size];
        var events = new Events(requests.stream().mapToInt(Request::count).sum());
        for (int i = 0; i < size; i++) {
            var append = requests.get(i).append();
            ids.add(append.fence().session().uuid());
            epochs[i] = append.fence().epoch();
            heads[i] = append.head();
            rules[i] = append.rules();
            counts[i] = requests.get(i).count();
            times[i] = requests.get(i).at();
            progress[i] = append.progress();
            events.add(requests.get(i));
        }
        var parameters =
                new Parameters(statement)
                        .set(writer.gate())
                        .set(writer.node().incarnation())
                        .uuids(ids)
                        .longs(epochs)
                        .longs(heads)
                        .longs(rules)
                        .longs(counts)
                        .longs(times)
                        .array("bool", progress);
        if (requests.stream().anyMatch(Request::ends)) {
            ends(parameters, requests);
        }
        parameters.set(LogCodec.VERSION);
        events.fill(parameters);
        if (requests.stream().anyMatch(r -> !r.blobs().isEmpty())) {
            var contents = new Contents();
            requests.forEach(r -> contents.add(r.append().fence().session(), r.blobs()));
            contents.fill(parameters);
        }
    }

    /// The events of all requests, by column.
    private static final class Events {
        private final List<UUID> sessions;
        private final long[] seqs;
        private final long[] epochs;
        private final long[] times;
        private final List<String> bodies;

        Events(int size) {
            sessions = new ArrayList<>(size);
            seqs = new long[size];
            epochs = new long[size];
            times = new long[size];
            bodies = new ArrayList<>(size);
        }

        void add(Request request) {
            var append = request.append();
            long seq = append.head();
            for (var body : request.bodies()) {
                seqs[bodies.size()] = ++seq;
                epochs[bodies.size()] = append.fence().epoch();
                times[bodies.size()] = request.at();
                sessions.add(append.fence().session().uuid());
                bodies.add(body);
            }
        }

        void fill(Parameters parameters) throws SQLException {
            parameters.uuids(sessions).longs(seqs).longs(epochs).longs(times).texts(bodies);
        }
    }

    private static void ends(Parameters parameters, List<Request> requests) throws SQLException {
        int size = requests.size();
        var ends = new Boolean[size];
        var reasons = new @Nullable String[size];
        var outcomes = new @Nullable String[size];
        var whys = new @Nullable String[size];
        var usages = new @Nullable String[size];
        var costs = new @Nullable Long[size];
        var seen = new Long[size];
        for (int i = 0; i < size; i++) {
            var end = requests.get(i).end();
            ends[i] = end != null;
            seen[i] = end == null ? Long.MAX_VALUE : end.seen();
            if (end != null) {
                reasons[i] = end.reason();
                outcomes[i] = end.outcome();
                whys[i] = end.why();
                usages[i] = end.usage();
                costs[i] = end.micros();
            }
        }
        parameters
                .array("bool", ends)
                .array("text", reasons)
                .array("text", outcomes)
                .array("text", whys)
                .array("text", usages)
                .array("int8", costs)
                .array("int8", seen);
    }
}
