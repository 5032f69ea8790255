package dev.remit.store.money;

import dev.remit.store.session.Parameters;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// Rows of a node that was fenced but lives, and knows what its money was spent for. What was
/// written down as unattributed becomes less by what they account for.
final class LateRows {
    private LateRows() {}

    static void write(Connection connection, RowBatch batch, UUID incarnation) throws SQLException {
        connection.setAutoCommit(false);
        try {
            if (takeTurn(connection, batch.seq, incarnation)) {
                insert(connection, batch);
                attribute(connection, batch, incarnation);
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static boolean takeTurn(Connection connection, long seq, UUID incarnation)
            throws SQLException {
        try (var insert =
                        connection.prepareStatement(
                                """
                                INSERT INTO teller (incarnation, lane, seq) VALUES (?, 'write', ?)
                                ON CONFLICT DO NOTHING
                                """);
                var update =
                        connection.prepareStatement(
                                """
                                UPDATE teller SET seq = ?
                                WHERE incarnation = ? AND lane = 'write' AND seq = ?
                                """)) {
            new Parameters(insert).set(incarnation).set(seq - 1); // a node that left has none
            insert.executeUpdate();
            new Parameters(update).set(seq).set(incarnation).set(seq - 1);
            return update.executeUpdate() > 0;
        }
    }

    private static void insert(Connection connection, RowBatch batch) throws SQLException {
        try (var insert = connection.prepareStatement(RowColumns.INSERT)) {
            RowColumns.fill(new Parameters(insert), batch.rows);
            insert.executeUpdate();
        }
    }

    /// Slices that nobody forfeited yet pay themselves; for the others, what stands as unattributed
    /// becomes less. What neither has is spent beyond.
    private static void attribute(Connection connection, RowBatch batch, UUID incarnation)
            throws SQLException {
        var costs = new TreeMap<Long, Long>();
        batch.spent.forEach((account, sum) -> costs.put(account.id, sum.cost));
        var held = slices(connection, costs, incarnation);
        for (var cost : costs.entrySet()) {
            long budget = cost.getKey();
            long there = held.getOrDefault(budget, -1L);
            long beyond =
                    there >= 0
                            ? spend(connection, budget, incarnation, cost.getValue(), there)
                            : explain(connection, budget, incarnation, cost.getValue());
            if (beyond > 0) {
                grow(connection, budget, beyond);
            }
        }
    }

    /// What is left of each slice, which is locked.
    private static Map<Long, Long> slices(
            Connection connection, Map<Long, Long> costs, UUID incarnation) throws SQLException {
        var held = new HashMap<Long, Long>();
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT budget, taken + grown - spent FROM slice
                        WHERE incarnation = ? AND budget = ANY(?::bigint[])
                        ORDER BY budget FOR UPDATE
                        """)) {
            new Parameters(select)
                    .set(incarnation)
                    .longs(costs.keySet().stream().mapToLong(Long::longValue).toArray());
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    held.put(row.getLong(1), row.getLong(2));
                }
            }
        }
        return held;
    }

    private static long spend(
            Connection connection, long budget, UUID incarnation, long cost, long there)
            throws SQLException {
        long beyond = Math.max(0, cost - there);
        try (var update =
                connection.prepareStatement(
                        """
                        UPDATE slice SET spent = spent + ?, grown = grown + ?
                        WHERE budget = ? AND incarnation = ?
                        """)) {
            new Parameters(update).set(cost).set(beyond).set(budget).set(incarnation);
            update.executeUpdate();
        }
        return beyond;
    }

    private static long explain(Connection connection, long budget, UUID incarnation, long cost)
            throws SQLException {
        long unknown = 0;
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT cost FROM attempt
                        WHERE call = ? AND scope IS NOT NULL AND budgets = ARRAY[?::bigint]
                        FOR UPDATE
                        """)) {
            new Parameters(select).set(incarnation).set(budget);
            for (long found : Parameters.list(select, row -> row.getLong(1))) {
                unknown += found;
            }
        }
        long explained = Math.min(unknown, cost);
        if (explained > 0) {
            try (var update =
                    connection.prepareStatement(
                            """
                            UPDATE attempt SET cost = cost - ?
                            WHERE call = ? AND scope IS NOT NULL AND budgets = ARRAY[?::bigint]
                            """)) {
                new Parameters(update).set(explained).set(incarnation).set(budget);
                update.executeUpdate();
            }
        }
        return cost - explained;
    }

    private static void grow(Connection connection, long budget, long beyond) throws SQLException {
        try (var update =
                connection.prepareStatement("UPDATE budget SET used = used + ? WHERE id = ?")) {
            new Parameters(update).set(beyond).set(budget);
            update.executeUpdate();
        }
    }
}
