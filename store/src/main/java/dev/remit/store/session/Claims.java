package dev.remit.store.session;

import dev.remit.core.identity.SessionId;
import dev.remit.core.session.SessionLog.Claim;
import dev.remit.core.session.SessionLog.Fence;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Taking a session over. A claim names the epoch and the owner that it saw: whether the owner
/// lives is decided by another row, which a statement that waited for this one does not look at
/// again.
final class Claims {
    private static final int ATTEMPTS = 3;

    private static final String SEEN =
            """
            SELECT s.epoch, s.owner, s.closed, n.name, s.lost
            FROM session s LEFT JOIN node n ON n.incarnation = s.owner AND NOT n.fenced
            WHERE s.id = ?
            """;
    private static final String CLAIM =
            """
            WITH me AS MATERIALIZED (SELECT FROM gate WHERE id = ? AND NOT fenced FOR SHARE)
            UPDATE session s SET
                epoch = s.epoch + 1, owner = ?, ready_at = NULL, due = NULL, waiting = NULL,
                lost = false,
                recoveries = s.recoveries + CASE WHEN s.owner IS NULL THEN 0 ELSE 1 END
            WHERE s.id = ? AND s.epoch = ? AND s.owner IS NOT DISTINCT FROM ?::uuid AND NOT s.closed
              AND EXISTS (SELECT FROM me)
              AND NOT EXISTS (SELECT FROM node n
                              WHERE n.incarnation = s.owner AND n.incarnation <> ? AND NOT n.fenced)
            RETURNING s.epoch, s.recoveries
            """;

    private Claims() {}

    private record Seen(
            long epoch,
            @Nullable UUID owner,
            boolean closed,
            @Nullable String livingOwner,
            boolean lost) {}

    /// Where no limit can be passed, nobody waits for anybody else's claim.
    static Claim claim(Writer writer, SessionId id) throws SQLException {
        var connection = writer.connection();
        if (!isLimited(connection, id)) {
            return free(writer, id);
        }
        connection.setAutoCommit(false);
        try (var lock = connection.prepareStatement(Queue.LOCK)) {
            lock.execute();
            var claim =
                    Queue.hasRoom(connection, id)
                            ? free(writer, id)
                            : new Claim.Refused(
                                    "as many sessions of its agent or its team are under way as"
                                            + " at_once lets them");
            connection.commit();
            return claim;
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static boolean isLimited(Connection connection, SessionId id) throws SQLException {
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT s.at_once IS NOT NULL
                            OR EXISTS (SELECT FROM team_limit m WHERE m.team = s.team)
                        FROM session s WHERE s.id = ?
                        """)) {
            select.setObject(1, id.uuid());
            var row = select.executeQuery();
            return row.next() && row.getBoolean(1);
        }
    }

    private static Claim free(Writer writer, SessionId id) throws SQLException {
        var connection = writer.connection();
        var node = writer.node();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            var seen = look(connection, id);
            if (seen == null) {
                return new Claim.Refused("there is no session " + id, true);
            }
            if (seen.closed()) {
                return new Claim.Refused("it is closed", true);
            }
            if (seen.livingOwner() != null && !Objects.equals(seen.owner(), node.incarnation())) {
                return new Claim.Refused("node " + seen.livingOwner() + " has it");
            }
            var claimed = claim(connection, writer, id, seen);
            if (claimed != null) {
                return claimed;
            }
            if (isFenced(connection, node)) {
                return new Claim.Refused("this node is fenced");
            }
        }
        return new Claim.Refused("others were faster");
    }

    private static Claim.@Nullable Claimed claim(
            Connection connection, Writer writer, SessionId id, Seen seen) throws SQLException {
        var node = writer.node();
        try (var update = connection.prepareStatement(CLAIM)) {
            new Parameters(update)
                    .set(writer.gate())
                    .set(node.incarnation())
                    .set(id.uuid())
                    .set(seen.epoch())
                    .set(seen.owner())
                    .set(node.incarnation());
            var row = update.executeQuery();
            if (!row.next()) {
                return null;
            }
            var fence = new Fence(id, row.getLong(1), node.name(), node.incarnation().toString());
            return new Claim.Claimed(fence, row.getInt(2), seen.owner() != null || seen.lost());
        }
    }

    /// The session has something to do, and nobody who does it.
    static boolean release(Connection connection, Fence fence) throws SQLException {
        try (var update =
                connection.prepareStatement(
                        """
                        UPDATE session SET owner = NULL, ready_at = clock_timestamp()
                        WHERE id = ? AND epoch = ? AND owner = ? AND NOT closed
                        """)) {
            new Parameters(update)
                    .set(fence.session().uuid())
                    .set(fence.epoch())
                    .set(UUID.fromString(fence.incarnation()));
            return update.executeUpdate() > 0;
        }
    }

    private static @Nullable Seen look(Connection connection, SessionId id) throws SQLException {
        try (var select = connection.prepareStatement(SEEN)) {
            select.setObject(1, id.uuid());
            var row = select.executeQuery();
            return row.next()
                    ? new Seen(
                            row.getLong(1),
                            Rows.uuid(row, 2),
                            row.getBoolean(3),
                            row.getString(4),
                            row.getBoolean(5))
                    : null;
        }
    }

    private static boolean isFenced(Connection connection, Node node) throws SQLException {
        try (var select =
                connection.prepareStatement(
                        "SELECT FROM node WHERE incarnation = ? AND NOT fenced")) {
            select.setObject(1, node.incarnation());
            return !select.executeQuery().next();
        }
    }
}
