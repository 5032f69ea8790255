package dev.remit.store.session;

import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.SessionId;
import dev.remit.core.session.SessionLog.Fence;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/// Places at tools that only so many may use at a time. Whoever wants one takes a ticket; the
/// oldest tickets of a tool have the places. Tickets of one tool get their numbers one after the
/// other, so none comes in late before another: whoever has a place cannot lose it.
final class Places {
    private static final String LOCK = "SELECT pg_advisory_xact_lock(1919249514, hashtext(?))";
    private static final String ASK =
            """
            WITH open AS MATERIALIZED (SELECT FROM gate WHERE id = ? AND NOT fenced FOR SHARE)
            INSERT INTO place (tool, at_once, session, action, incarnation)
            SELECT ?, ?, s.id, ?, s.owner FROM session s
            WHERE s.id = ? AND s.epoch = ? AND s.owner = ? AND EXISTS (SELECT FROM open)
            ON CONFLICT (session, action) DO UPDATE
            SET at_once = excluded.at_once, incarnation = excluded.incarnation
            """;
    private static final String HAS =
            """
            SELECT p.at_once > (
                SELECT count(*) FROM (
                    SELECT FROM place o WHERE o.tool = p.tool AND o.id < p.id LIMIT p.at_once) before)
            FROM place p WHERE p.session = ? AND p.action = ? AND p.incarnation = ?
            """;
    private static final String LEAVE =
            """
            DELETE FROM place WHERE session = ? AND action = ANY(?) RETURNING tool
            """;

    /// Who has the last of the places now is told, if it is not this node that drives it.
    private static final String CALL_NEXT =
            """
            SELECT p.session, p.incarnation, CASE WHEN p.incarnation <> ?
                THEN pg_notify('remit_wake', p.incarnation || ' ' || p.session) IS NULL END
            FROM (SELECT o.*, row_number() OVER (ORDER BY o.id) AS number
                  FROM place o WHERE o.tool = ? ORDER BY o.id LIMIT 1000) p
            WHERE p.number = p.at_once
            """;

    private Places() {}

    static boolean ask(Writer writer, Fence fence, ActionId action, String tool, int atOnce)
            throws SQLException {
        var connection = writer.connection();
        var me = writer.node().incarnation();
        if (has(connection, fence.session(), action, me)) {
            return true;
        }
        connection.setAutoCommit(false);
        try {
            try (var lock = connection.prepareStatement(LOCK)) {
                lock.setString(1, tool);
                lock.execute();
            }
            try (var insert = connection.prepareStatement(ASK)) {
                new Parameters(insert)
                        .set(writer.gate())
                        .text(tool)
                        .set(atOnce)
                        .text(action.value())
                        .set(fence.session().uuid())
                        .set(fence.epoch())
                        .set(me);
                insert.executeUpdate();
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
        return has(connection, fence.session(), action, me);
    }

    private static boolean has(Connection connection, SessionId session, ActionId action, UUID me)
            throws SQLException {
        try (var select = connection.prepareStatement(HAS)) {
            new Parameters(select).set(session.uuid()).text(action.value()).set(me);
            var row = select.executeQuery();
            return row.next() && row.getBoolean(1);
        }
    }

    /// @return sessions of this node that have a place now
    static List<SessionId> leave(
            Connection connection, Node node, SessionId session, List<ActionId> actions)
            throws SQLException {
        List<String> tools;
        try (var delete = connection.prepareStatement(LEAVE)) {
            new Parameters(delete)
                    .set(session.uuid())
                    .texts(actions.stream().map(ActionId::value).toList());
            tools = Parameters.list(delete, row -> row.getString(1));
        }
        var here = new java.util.ArrayList<SessionId>();
        for (var tool : tools.stream().distinct().toList()) {
            try (var select = connection.prepareStatement(CALL_NEXT)) {
                new Parameters(select).set(node.incarnation()).text(tool);
                Parameters.list(
                                select,
                                row ->
                                        row.getObject(2, UUID.class).equals(node.incarnation())
                                                ? List.of(Rows.session(row, 1))
                                                : List.<SessionId>of())
                        .forEach(here::addAll);
            }
        }
        return here;
    }
}
