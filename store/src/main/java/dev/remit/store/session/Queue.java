package dev.remit.store.session;

import dev.remit.core.identity.SessionId;
import dev.remit.core.session.SessionLog.Claim;
import dev.remit.core.session.SessionLog.Fence;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The queue of sessions that have something to do. The function `take_sessions`, in the
/// migrations, decides who is first; it is one statement, so a node that dies or is paused while it
/// takes holds up nobody.
final class Queue {
    /// Held while a session that may be limited is claimed; see `take_sessions`.
    static final String LOCK = "SELECT pg_advisory_xact_lock(1919249513, 0)";

    private Queue() {}

    static List<Claim.Claimed> take(Writer writer, Instant now, int most, Set<SessionId> without)
            throws SQLException {
        var node = writer.node();
        try (var select =
                writer.connection()
                        .prepareStatement("SELECT * FROM take_sessions(?, ?, ?, ?, ?)")) {
            new Parameters(select)
                    .set(writer.gate())
                    .set(node.incarnation())
                    .set(now)
                    .set(most)
                    .uuids(without.stream().map(SessionId::uuid).toList());
            return Parameters.list(
                    select,
                    row ->
                            new Claim.Claimed(
                                    new Fence(
                                            Rows.session(row, 1),
                                            row.getLong(2),
                                            node.name(),
                                            node.incarnation().toString()),
                                    row.getInt(3),
                                    row.getBoolean(4)));
        }
    }

    static List<SessionId> held(Connection connection, Node node) throws SQLException {
        try (var select = connection.prepareStatement("SELECT id FROM session WHERE owner = ?")) {
            select.setObject(1, node.incarnation());
            return Parameters.list(select, row -> Rows.session(row, 1));
        }
    }

    /// Whether the session may be claimed without passing a limit of its agent or its team.
    static boolean hasRoom(Connection connection, SessionId id) throws SQLException {
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT s.owner IS NOT NULL
                            OR (s.at_once IS NULL OR s.at_once > (
                                SELECT count(*) FROM (
                                    SELECT FROM session d
                                    WHERE d.owner IS NOT NULL AND d.definition = s.definition
                                    LIMIT s.at_once) driven))
                           AND (m.at_once IS NULL OR m.at_once > (
                                SELECT count(*) FROM (
                                    SELECT FROM session d
                                    WHERE d.owner IS NOT NULL AND d.team = s.team
                                    LIMIT m.at_once) driven))
                        FROM session s LEFT JOIN team_limit m ON m.team = s.team WHERE s.id = ?
                        """)) {
            select.setObject(1, id.uuid());
            var row = select.executeQuery();
            return !row.next() || row.getBoolean(1);
        }
    }

    /// Replaces the limits of teams.
    static void limit(Connection connection, Map<String, Integer> teams) throws SQLException {
        var sorted = new TreeMap<>(teams);
        try (var change =
                connection.prepareStatement(
                        """
                        WITH given AS MATERIALIZED (
                            SELECT * FROM unnest(?::text[], ?::int[]) g(team, at_once)),
                        gone AS (
                            DELETE FROM team_limit l
                            WHERE NOT EXISTS (SELECT FROM given g WHERE g.team = l.team))
                        INSERT INTO team_limit (team, at_once) SELECT team, at_once FROM given
                        ON CONFLICT (team) DO UPDATE SET at_once = excluded.at_once
                        WHERE team_limit.at_once <> excluded.at_once
                        """)) {
            new Parameters(change)
                    .texts(sorted.keySet())
                    .array("int4", sorted.values().toArray(Integer[]::new));
            change.executeUpdate();
        }
    }
}
