package dev.remit.store.session;

import dev.remit.core.session.LogCodec;
import dev.remit.core.session.SessionLog.Answer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Appends to many sessions as one statement and one commit. The sessions are distinct; their rows
/// are locked in order, and those that somebody else holds are left out.
final class BatchAppend {
    private static final String SQL =
            """
            WITH open AS MATERIALIZED (
                SELECT rules FROM gate WHERE id = ? AND NOT fenced FOR SHARE),
            request AS MATERIALIZED (
                SELECT * FROM unnest(?::uuid[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                                     ?::timestamptz[], ?::boolean[])
                    WITH ORDINALITY AS r(id, epoch, head, rules, count, at, progress, place)),
            locked AS MATERIALIZED (
                SELECT s.id, s.epoch, s.head FROM session s
                WHERE s.id IN (SELECT id FROM request) AND EXISTS (SELECT FROM open)
                ORDER BY s.id FOR NO KEY UPDATE SKIP LOCKED),
            moved AS (
                UPDATE session s
                SET head = r.head + r.count, updated_at = r.at,
                    recoveries = CASE WHEN r.progress THEN 0 ELSE s.recoveries END
                FROM locked l JOIN request r ON r.id = l.id AND r.epoch = l.epoch AND r.head = l.head
                WHERE s.id = l.id AND s.owner = ? AND r.rules = (SELECT rules FROM open)
                RETURNING s.id, s.head, s.epoch, s.mail),
            put AS (
                INSERT INTO event (session, seq, epoch, at, version, body)
                SELECT e.session, e.seq, m.epoch, e.at, ?, e.body
                FROM unnest(?::uuid[], ?::bigint[], ?::bigint[], ?::text[]) e(session, seq, at, body)
                JOIN moved m ON m.id = e.session)
            %s
            SELECT (SELECT rules FROM open), l.id IS NULL, m.head, m.mail, %s
            FROM request r LEFT JOIN locked l USING (id) LEFT JOIN moved m USING (id)
            ORDER BY r.place
            """;
    private static final String BLOBS =
            """
            , stored AS (
                INSERT INTO blob (session, hash, body)
                SELECT b.session, b.hash, b.body
                FROM unnest(?::uuid[], ?::bytea[], ?::bytea[]) b(session, hash, body)
                JOIN moved m ON m.id = b.session
                ORDER BY b.session, b.hash
                ON CONFLICT DO NOTHING RETURNING session, octet_length(body) AS bytes)
            """;
    private static final String BYTES =
            "coalesce((SELECT sum(bytes) FROM stored WHERE session = r.id), 0)";
    private static final String PLAIN_SQL = SQL.formatted("", "0");
    private static final String BLOB_SQL = SQL.formatted(BLOBS, BYTES);

    private BatchAppend() {}

    /// @return an answer for each request, in their order
    static List<Answer> execute(Writer writer, List<Request> requests) throws SQLException {
        boolean blobs = requests.stream().anyMatch(r -> !r.blobs().isEmpty());
        var connection = writer.connection();
        try (var statement = connection.prepareStatement(blobs ? BLOB_SQL : PLAIN_SQL)) {
            fill(statement, writer, requests, blobs);
            var answers = new ArrayList<Answer>(requests.size());
            try (var row = statement.executeQuery()) {
                for (var request : requests) {
                    row.next();
                    answers.add(answer(row, request));
                }
            }
            return answers;
        }
    }

    private static Answer answer(ResultSet row, Request request) throws SQLException {
        long rules = row.getLong(1);
        if (row.wasNull()) {
            return new Answer.Stale();
        }
        if (rules != request.append().rules()) {
            return new Answer.RulesChanged(rules);
        }
        long head = row.getLong(3);
        if (!row.wasNull()) {
            return new Answer.Appended(
                    head, row.getLong(4), false, request.bytes() + row.getLong(5));
        }
        return row.getBoolean(2) ? new Answer.Busy() : new Answer.Stale();
    }

    private static void fill(
            PreparedStatement statement, Writer writer, List<Request> requests, boolean blobs)
            throws SQLException {
        int size = requests.size();
        var ids = new ArrayList<UUID>(size);
        var epochs = new long[size];
        var heads = new long[size];
        var rules = new long[size];
        var counts = new long[size];
        var times = new ArrayList<String>(size);
        var progress = new Boolean[size];
        var events = new Events(requests.stream().mapToInt(Request::count).sum());
        for (int i = 0; i < size; i++) {
            var append = requests.get(i).append();
            ids.add(append.fence().session().uuid());
            epochs[i] = append.fence().epoch();
            heads[i] = append.head();
            rules[i] = append.rules();
            counts[i] = requests.get(i).count();
            times.add(append.at().toString());
            progress[i] = append.progress();
            events.add(requests.get(i));
        }
        var parameters =
                new Parameters(statement)
                        .set(writer.gate())
                        .uuids(ids)
                        .longs(epochs)
                        .longs(heads)
                        .longs(rules)
                        .longs(counts)
                        .texts(times)
                        .array("bool", progress)
                        .set(writer.node().incarnation())
                        .set(LogCodec.VERSION);
        events.fill(parameters);
        if (blobs) {
            blobs(parameters, requests);
        }
    }

    /// The events of all requests, by column.
    private static final class Events {
        private final List<UUID> sessions;
        private final long[] seqs;
        private final long[] times;
        private final List<String> bodies;

        Events(int size) {
            sessions = new ArrayList<>(size);
            seqs = new long[size];
            times = new long[size];
            bodies = new ArrayList<>(size);
        }

        void add(Request request) {
            var append = request.append();
            long seq = append.head();
            for (var body : request.bodies()) {
                seqs[bodies.size()] = ++seq;
                times[bodies.size()] = request.at();
                sessions.add(append.fence().session().uuid());
                bodies.add(body);
            }
        }

        void fill(Parameters parameters) throws SQLException {
            parameters.uuids(sessions).longs(seqs).longs(times).texts(bodies);
        }
    }

    private static void blobs(Parameters parameters, List<Request> requests) throws SQLException {
        var sessions = new ArrayList<UUID>();
        var hashes = new ArrayList<byte[]>();
        var contents = new ArrayList<byte[]>();
        for (var request : requests) {
            request.blobs()
                    .forEach((hash, content) -> {
                        sessions.add(request.append().fence().session().uuid());
                        hashes.add(hash.bytes());
                        contents.add(content);
                    });
        }
        parameters.uuids(sessions).bytes(hashes).bytes(contents);
    }
}
