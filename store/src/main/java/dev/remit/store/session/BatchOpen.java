package dev.remit.store.session;

import dev.remit.core.session.LogCodec;
import dev.remit.core.session.Recorded;
import dev.remit.core.session.SessionLog.Accepted;
import dev.remit.core.session.SessionLog.Begun;
import dev.remit.core.session.SessionLog.Claim;
import dev.remit.core.session.SessionLog.Fence;
import dev.remit.core.session.SessionLog.Loaded;
import dev.remit.core.session.SessionLog.Mine;
import dev.remit.core.session.SessionLog.Opening;
import dev.remit.core.session.State;
import dev.remit.store.session.GroupOpen.Wanted;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Opens many sessions as one statement and one commit, and claims those that need not stand in the
/// queue: nobody else stands in it, neither their agent nor their team is limited, and this node
/// would drive them. A limit may be passed by none of them, for none has one.
final class BatchOpen {
    private static final String SQL =
            """
            WITH open AS MATERIALIZED (SELECT FROM gate WHERE id = ? AND NOT fenced FOR SHARE),
            quiet AS MATERIALIZED (
                SELECT EXISTS (SELECT FROM open)
                   AND NOT EXISTS (SELECT FROM session s WHERE s.ready_at IS NOT NULL) AS yes),
            given AS MATERIALIZED (
                SELECT g.*, g.drive AND (SELECT yes FROM quiet) AND g.at_once IS NULL
                            AND NOT EXISTS (SELECT FROM team_limit m WHERE m.team = g.team) AS mine
                FROM unnest(?::uuid[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::int[],
                            ?::text[], ?::int[], ?::boolean[], ?::text[], ?::text[], ?::text[])
                    WITH ORDINALITY
                    AS g(id, definition, version, at, body, at_once,
                         team, urgency, drive, principal, key, request, place)),
            keyed AS (
                INSERT INTO idempotency (principal, key, request, session)
                SELECT g.principal, g.key, g.request, g.id FROM given g
                WHERE g.key IS NOT NULL ORDER BY g.principal, g.key
                ON CONFLICT DO NOTHING RETURNING session),
            born AS (
                INSERT INTO session (id, head, epoch, owner, ready_at, definition,
                                     definition_version, opened_at, updated_at,
                                     at_once, team, urgency)
                SELECT g.id, 1, CASE WHEN g.mine THEN 1 ELSE 0 END,
                       CASE WHEN g.mine THEN ?::uuid END,
                       CASE WHEN g.mine THEN NULL ELSE clock_timestamp() END, g.definition,
                       g.version, to_timestamp(g.at / 1e9), to_timestamp(g.at / 1e9),
                       g.at_once, g.team, g.urgency
                FROM given g
                WHERE g.key IS NULL OR (g.id IN (SELECT session FROM keyed)) IS TRUE
                ON CONFLICT (id) DO NOTHING RETURNING id),
            put AS (
                INSERT INTO event (session, seq, epoch, at, version, body)
                SELECT g.id, 1, 0, g.at, ?, g.body FROM given g
                WHERE (g.id IN (SELECT id FROM born)) IS TRUE)
            """;
    private static final String STORE =
            """
            , stored AS (
                INSERT INTO blob (session, hash, body)
                SELECT b.session, b.hash, b.body
                FROM unnest(?::uuid[], ?::bytea[], ?::bytea[]) b(session, hash, body)
                WHERE (b.session IN (SELECT id FROM born)) IS TRUE)
            """;
    private static final String ANSWER =
            """
            SELECT g.place, g.mine FROM given g WHERE (g.id IN (SELECT id FROM born)) IS TRUE
            """;
    private static final String PLAIN_SQL = SQL + ANSWER;
    private static final String BLOB_SQL = SQL + STORE + ANSWER;

    /// The first epoch of a session that somebody drives.
    private static final long FIRST = 1;

    private BatchOpen() {}

    /// What became of each, in their order.
    static List<Begun> execute(Writer writer, List<Wanted> batch) throws SQLException {
        var connection = writer.connection();
        var begun = new Begun[batch.size()];
        boolean blobs = batch.stream().anyMatch(w -> !w.first().blobs().isEmpty());
        try (var statement = connection.prepareStatement(blobs ? BLOB_SQL : PLAIN_SQL)) {
            fill(statement, writer, batch, blobs);
            var row = statement.executeQuery();
            while (row.next()) {
                int place = row.getInt(1) - 1;
                begun[place] = begun(writer.node(), batch.get(place), row.getBoolean(2));
            }
        }
        for (int i = 0; i < begun.length; i++) {
            if (begun[i] == null) {
                begun[i] = new Begun(Openings.earlier(connection, batch.get(i).opening()), null);
            }
        }
        return List.of(begun);
    }

    private static Begun begun(Node node, Wanted wanted, boolean mine) {
        var opening = wanted.opening();
        return new Begun(new Accepted.New(opening.id()), mine ? mine(node, opening, wanted) : null);
    }

    private static Mine mine(Node node, Opening opening, Wanted wanted) {
        var fence = new Fence(opening.id(), FIRST, node.name(), node.incarnation().toString());
        var at = Request.instant(Request.nanos(opening.at()));
        var state = State.first(new Recorded(opening.id(), 1, 0, at, opening.opened()));
        return new Mine(
                new Claim.Claimed(fence, 0, false),
                new Loaded(state, 0, wanted.first().body().length()));
    }

    private static void fill(
            PreparedStatement statement, Writer writer, List<Wanted> batch, boolean blobs)
            throws SQLException {
        int size = batch.size();
        var ids = new ArrayList<UUID>(size);
        var definitions = new ArrayList<String>(size);
        var versions = new ArrayList<String>(size);
        var times = new long[size];
        var bodies = new ArrayList<String>(size);
        var atOnce = new @Nullable Integer[size];
        var teams = new ArrayList<String>(size);
        var urgencies = new Integer[size];
        var drive = new Boolean[size];
        var principals = new @Nullable String[size];
        var keys = new @Nullable String[size];
        var requests = new @Nullable String[size];
        for (int i = 0; i < size; i++) {
            var opening = batch.get(i).opening();
            var standing = opening.standing();
            ids.add(opening.id().uuid());
            definitions.add(opening.opened().definition().name());
            versions.add(opening.opened().definition().version().hex());
            times[i] = Request.nanos(opening.at());
            bodies.add(batch.get(i).first().body());
            atOnce[i] = standing.atOnce();
            teams.add(standing.team() == null ? "" : standing.team());
            urgencies[i] = Openings.urgency(standing);
            drive[i] = batch.get(i).drive();
            var key = opening.key();
            if (key != null) {
                principals[i] = key.principal();
                keys[i] = key.key();
                requests[i] = key.request();
            }
        }
        var parameters =
                new Parameters(statement)
                        .set(writer.gate())
                        .uuids(ids)
                        .texts(definitions)
                        .texts(versions)
                        .longs(times)
                        .texts(bodies)
                        .array("int4", atOnce)
                        .texts(teams)
                        .array("int4", urgencies)
                        .array("bool", drive)
                        .array("text", principals)
                        .array("text", keys)
                        .array("text", requests)
                        .set(writer.node().incarnation())
                        .set(LogCodec.VERSION);
        if (blobs) {
            var contents = new Contents();
            batch.forEach(w -> contents.add(w.opening().id(), w.first().blobs()));
            contents.fill(parameters);
        }
    }
}
