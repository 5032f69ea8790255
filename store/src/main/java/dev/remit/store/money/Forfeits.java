package dev.remit.store.money;

import dev.remit.core.identity.SessionId;
import dev.remit.core.money.Scope;
import dev.remit.store.session.Parameters;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Slices of dead nodes. What they were used for was only in a memory that is gone, and the
/// provider may bill all of it: so they stay used, and the ledger gets a row for each.
final class Forfeits {
    private Forfeits() {}

    private record Lost(
            long budget, Scope scope, Instant now, Instant ends, boolean ended, long amount) {}

    /// Whoever comes first does it; done twice, it is done once.
    ///
    /// @return ids of the budgets that lost money
    static List<Long> sweep(Connection connection) throws SQLException {
        var budgets = new ArrayList<Long>();
        for (var incarnation : dead(connection)) {
            budgets.addAll(forfeit(connection, incarnation));
        }
        return budgets;
    }

    private static List<UUID> dead(Connection connection) throws SQLException {
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT DISTINCT s.incarnation FROM slice s
                        WHERE NOT EXISTS (SELECT FROM node n
                                          WHERE n.incarnation = s.incarnation AND NOT n.fenced)
                        """)) {
            return Parameters.list(select, row -> row.getObject(1, UUID.class));
        }
    }

    private static List<Long> forfeit(Connection connection, UUID incarnation) throws SQLException {
        connection.setAutoCommit(false);
        try {
            var budgets = new ArrayList<Long>();
            for (var lost : lock(connection, incarnation)) {
                if (lost.amount() > 0) {
                    insert(connection, incarnation, lost);
                    budgets.add(lost.budget());
                }
            }
            try (var delete =
                    connection.prepareStatement("DELETE FROM slice WHERE incarnation = ?")) {
                delete.setObject(1, incarnation);
                delete.executeUpdate();
            }
            connection.commit();
            return budgets;
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static List<Lost> lock(Connection connection, UUID incarnation) throws SQLException {
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT b.id, b.scope, clock_timestamp(),
                               least(b.ends, clock_timestamp()), b.ends <= clock_timestamp(),
                               s.taken + s.grown - s.spent
                        FROM slice s JOIN budget b ON b.id = s.budget
                        WHERE s.incarnation = ? ORDER BY s.budget FOR UPDATE OF s
                        """)) {
            select.setObject(1, incarnation);
            return Parameters.list(select, Forfeits::lost);
        }
    }

    private static Lost lost(ResultSet row) throws SQLException {
        return new Lost(
                row.getLong(1),
                BudgetRules.scope(row.getString(2)),
                AttemptRows.instant(row, 3),
                AttemptRows.instant(row, 4),
                row.getBoolean(5),
                row.getLong(6));
    }

    /// The row stands in the window that the money was reserved in.
    private static void insert(Connection connection, UUID incarnation, Lost lost)
            throws SQLException {
        var scope = lost.scope();
        var at = lost.ended() ? lost.ends().minusNanos(1000) : lost.now();
        try (var insert =
                connection.prepareStatement(
                        """
                        INSERT INTO attempt (
                            id, call, number, at, cause, team, agent, session, key, tool, route, provider,
                            model, input, cache_read, cache_write, output, reasoning, cost, certain,
                            saved, budgets, scope, wire, streamed, total, ending, why)
                        VALUES (
                            ?, ?, 1, ?, '', ?, ?, ?, ?, ?, '', '', '', 0, 0, 0, 0, 0, ?, false, 0,
                            ARRAY[?::bigint], ?, '', false, 0, 'UNATTRIBUTED', ?)
                        """)) {
            new Parameters(insert)
                    .set(SessionId.random(lost.now(), ThreadLocalRandom.current()).uuid())
                    .set(incarnation)
                    .set(at)
                    .text(name(scope, Scope.Kind.TEAM))
                    .text(name(scope, Scope.Kind.AGENT))
                    .text(name(scope, Scope.Kind.SESSION))
                    .text(name(scope, Scope.Kind.KEY))
                    .text(name(scope, Scope.Kind.TOOL))
                    .set(lost.amount())
                    .set(lost.budget())
                    .text(scope.toString())
                    .text("a server died with this money in its hands; at most so much was spent");
            insert.executeUpdate();
        }
    }

    private static @Nullable String name(Scope scope, Scope.Kind kind) {
        return scope.kind() == kind ? scope.name() : null;
    }

    /// Forgets the numbers of nodes that are long dead.
    static void forget(Connection connection) throws SQLException {
        try (var delete =
                connection.prepareStatement(
                        """
                        DELETE FROM teller t
                        WHERE t.made_at < clock_timestamp() - interval '7 days'
                          AND NOT EXISTS (SELECT FROM node n WHERE n.incarnation = t.incarnation)
                          AND NOT EXISTS (SELECT FROM slice s WHERE s.incarnation = t.incarnation)
                        """)) {
            delete.executeUpdate();
        }
    }
}
