package dev.remit.store.money;

import dev.remit.core.money.Ledger;
import dev.remit.store.session.Parameters;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/// Rows that were settled without being certain, and of which somebody learnt later what they came
/// to. The difference goes back to the budgets that they were reserved in, whichever node did it.
final class Revisions {
    private Revisions() {}

    private record Settled(UUID id, long cost, List<Long> budgets) {}

    static void write(Connection connection, Ledger.Revision revision) throws SQLException {
        connection.setAutoCommit(false);
        try {
            for (var settled : lock(connection, revision)) {
                long cost = Math.min(settled.cost(), revision.cost().micros());
                giveBack(connection, settled, settled.cost() - cost);
                update(connection, settled, cost, revision);
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static List<Settled> lock(Connection connection, Ledger.Revision revision)
            throws SQLException {
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT id, cost, budgets FROM attempt
                        WHERE call = ? AND number = ? AND NOT certain AND scope IS NULL
                        FOR UPDATE
                        """)) {
            new Parameters(select).set(revision.call()).set(revision.number());
            return Parameters.list(
                    select,
                    row ->
                            new Settled(
                                    row.getObject(1, UUID.class),
                                    row.getLong(2),
                                    List.of((Long[]) row.getArray(3).getArray())));
        }
    }

    /// In the order in which everybody locks them.
    private static void giveBack(Connection connection, Settled settled, long rest)
            throws SQLException {
        if (rest == 0) {
            return;
        }
        for (long budget : settled.budgets().stream().sorted().toList()) {
            try (var update =
                    connection.prepareStatement("UPDATE budget SET used = used - ? WHERE id = ?")) {
                new Parameters(update).set(rest).set(budget);
                update.executeUpdate();
            }
        }
    }

    private static void update(
            Connection connection, Settled settled, long cost, Ledger.Revision revision)
            throws SQLException {
        try (var update =
                connection.prepareStatement(
                        """
                        UPDATE attempt SET cost = ?, certain = true, ending = ?, why = ? WHERE id = ?
                        """)) {
            new Parameters(update)
                    .set(cost)
                    .text(revision.end().name())
                    .text(revision.why())
                    .set(settled.id());
            update.executeUpdate();
        }
    }
}
