package dev.remit.store.money;

import dev.remit.store.session.Parameters;
import dev.remit.store.session.Writer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The statements by which a node takes and gives back slices of budgets.
final class Slices {
    /// All budgets or none, in the order of their ids; below zero is given back. A number that was
    /// used before changes nothing: so what was lost on its way can do no harm when it arrives.
    private static final String MOVE =
            """
            WITH open AS MATERIALIZED (SELECT FROM gate WHERE id = ? AND NOT fenced FOR SHARE),
            turn AS MATERIALIZED (
                UPDATE teller SET seq = ? WHERE incarnation = ? AND lane = 'take' AND seq = ?
                AND EXISTS (SELECT FROM open) RETURNING seq),
            want AS MATERIALIZED (
                SELECT * FROM unnest(?::bigint[], ?::bigint[]) w(budget, amount)),
            held AS MATERIALIZED (
                SELECT b.id, b.cap, b.used, b.hard, b.tight, b.ends FROM budget b
                WHERE b.id = ANY(?::bigint[]) AND EXISTS (SELECT FROM turn)
                ORDER BY b.id FOR NO KEY UPDATE),
            fits AS MATERIALIZED (
                SELECT count(h.id) = count(*) AND bool_and(
                           w.amount <= 0 OR NOT h.hard
                           OR (h.used + w.amount <= h.cap AND h.ends > clock_timestamp())) AS yes
                FROM want w LEFT JOIN held h ON h.id = w.budget),
            took AS (
                UPDATE budget b SET used = h.used + w.amount
                FROM want w JOIN held h ON h.id = w.budget, fits
                WHERE b.id = h.id AND fits.yes RETURNING b.id, w.amount),
            put AS (
                UPDATE slice s SET taken = s.taken + t.amount FROM took t
                WHERE s.budget = t.id AND s.incarnation = ?)
            SELECT (SELECT count(*) FROM open) > 0, (SELECT count(*) FROM turn) > 0,
                   (SELECT yes FROM fits) IS TRUE, clock_timestamp(),
                   h.id, h.cap, h.used, h.tight
            FROM (VALUES (1)) one LEFT JOIN held h ON true
            """;

    private final Writer writer;
    private final UUID incarnation;

    Slices(Writer writer, UUID incarnation) {
        this.writer = writer;
        this.incarnation = incarnation;
    }

    /// A budget as the database has it.
    ///
    /// @param held by all nodes together, of that what is not settled
    record Seen(long id, long cap, long used, long held, boolean tight) {}

    /// What came of moving money.
    ///
    /// @param open false if this node is fenced
    /// @param turn false if the number was used before
    /// @param budgets as they were before
    record Moved(boolean open, boolean turn, boolean fits, Instant now, List<Seen> budgets) {}

    /// @param seq one more than the last one
    Moved move(long seq, Map<Long, Long> amounts) throws SQLException {
        var ids = new long[amounts.size()];
        var sums = new long[amounts.size()];
        int i = 0;
        for (var amount : amounts.entrySet()) {
            ids[i] = amount.getKey();
            sums[i++] = amount.getValue();
        }
        try (var statement = writer.connection().prepareStatement(MOVE)) {
            new Parameters(statement)
                    .set(writer.gate())
                    .set(seq)
                    .set(incarnation)
                    .set(seq - 1)
                    .longs(ids)
                    .longs(sums)
                    .longs(ids)
                    .set(incarnation);
            return moved(statement);
        }
    }

    private static Moved moved(PreparedStatement statement) throws SQLException {
        var budgets = new ArrayList<Seen>();
        try (var row = statement.executeQuery()) {
            row.next();
            boolean open = row.getBoolean(1);
            boolean turn = row.getBoolean(2);
            boolean fits = row.getBoolean(3);
            var now = AttemptRows.instant(row, 4);
            do {
                if (row.getObject(5) != null) {
                    budgets.add(
                            new Seen(
                                    row.getLong(5),
                                    row.getLong(6),
                                    row.getLong(7),
                                    0,
                                    row.getBoolean(8)));
                }
            } while (row.next());
            return new Moved(open, turn, fits, now, budgets);
        }
    }

    /// @param nodes that live
    record Look(Instant now, int nodes, List<Seen> budgets) {}

    Look look(Collection<Long> ids) throws SQLException {
        try (var select =
                writer.connection()
                        .prepareStatement(
                                """
                                SELECT clock_timestamp(),
                                       (SELECT count(*) FROM node WHERE NOT fenced),
                                       b.id, b.cap, b.used, b.tight,
                                       coalesce((SELECT sum(taken + grown - spent) FROM slice s
                                                 WHERE s.budget = b.id), 0)::bigint
                                FROM (VALUES (1)) one LEFT JOIN budget b ON b.id = ANY(?::bigint[])
                                """)) {
            new Parameters(select).longs(ids.stream().mapToLong(Long::longValue).toArray());
            var budgets = new ArrayList<Seen>();
            try (var row = select.executeQuery()) {
                row.next();
                var now = AttemptRows.instant(row, 1);
                int nodes = Math.max(1, row.getInt(2));
                do {
                    if (row.getObject(3) != null) {
                        budgets.add(seen(row));
                    }
                } while (row.next());
                return new Look(now, nodes, budgets);
            }
        }
    }

    private static Seen seen(ResultSet row) throws SQLException {
        return new Seen(
                row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(7), row.getBoolean(6));
    }

    /// Calls in what all nodes hold of these budgets.
    void callIn(Collection<Long> ids) throws SQLException {
        mark(
                ids,
                """
                WITH marked AS (
                    UPDATE budget SET tight = true WHERE id = ANY(?::bigint[]) AND NOT tight
                    RETURNING id)
                SELECT pg_notify('%s', 'tight ' || id) FROM marked
                """
                        .formatted(BudgetWatch.CHANNEL));
    }

    /// There is plenty again.
    void relax(Collection<Long> ids) throws SQLException {
        mark(
                ids,
                """
                WITH marked AS (
                    UPDATE budget SET tight = false WHERE id = ANY(?::bigint[]) AND tight
                    RETURNING id)
                SELECT count(*) FROM marked
                """);
    }

    private void mark(Collection<Long> ids, String sql) throws SQLException {
        try (var update = writer.connection().prepareStatement(sql)) {
            new Parameters(update).longs(ids.stream().mapToLong(Long::longValue).toArray());
            update.execute();
        }
    }

    /// What is in the way of opening an account.
    enum Hurdle {
        /// The rules have changed: read them first.
        OTHER_RULES,
        /// There is no such rule any more.
        NO_RULE
    }

    /// An account's row, or why there is none.
    record Opened(
            @Nullable Hurdle hurdle, Instant now, long id, long ends, Seen seen, long taken) {}

    /// Finds or makes the budget's row of the present window, and a slice of it for this node. The
    /// version is held so that the row follows every later change of the rules.
    Opened open(Budget budget, long version) throws SQLException {
        var connection = writer.connection();
        connection.setAutoCommit(false);
        try {
            var opened = openInTransaction(connection, budget, version);
            connection.commit();
            return opened;
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private Opened openInTransaction(Connection connection, Budget budget, long version)
            throws SQLException {
        var none = new Seen(0, 0, 0, 0, false);
        long current;
        try (var lock = connection.prepareStatement("SELECT version FROM budget_rules FOR SHARE")) {
            current = Parameters.list(lock, row -> row.getLong(1)).getFirst();
        }
        var now = DatabaseClock.read(connection);
        if (current != version) {
            return new Opened(Hurdle.OTHER_RULES, now, 0, 0, none, 0);
        }
        var rule = budget.rule();
        var starts = rule.window().start(now, budget.zone());
        var ends = rule.window().end(now, budget.zone()).orElse(null);
        try (var insert =
                connection.prepareStatement(
                        """
                        INSERT INTO budget (scope, span, starts, ends, cap, hard)
                        SELECT scope, span, ?, ?, cap, hard FROM budget_rule
                        WHERE scope = ? AND span = ? ORDER BY source LIMIT 1
                        ON CONFLICT (scope, span, starts) DO NOTHING
                        """)) {
            new Parameters(insert)
                    .set(starts)
                    .set(ends == null ? OffsetDateTime.MAX : ends)
                    .text(rule.scope().toString())
                    .text(rule.window().toString());
            insert.executeUpdate();
        }
        var seen = find(connection, budget, starts);
        if (seen == null) {
            return new Opened(Hurdle.NO_RULE, now, 0, 0, none, 0);
        }
        return new Opened(
                null,
                now,
                seen.id(),
                ends == null ? Long.MAX_VALUE : ends.toEpochMilli(),
                seen,
                slice(connection, seen.id()));
    }

    private static @Nullable Seen find(Connection connection, Budget budget, Instant starts)
            throws SQLException {
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT id, cap, used, tight FROM budget
                        WHERE scope = ? AND span = ? AND starts = ?
                        """)) {
            new Parameters(select)
                    .text(budget.rule().scope().toString())
                    .text(budget.rule().window().toString())
                    .set(starts);
            var found =
                    Parameters.list(
                            select,
                            row ->
                                    new Seen(
                                            row.getLong(1),
                                            row.getLong(2),
                                            row.getLong(3),
                                            0,
                                            row.getBoolean(4)));
            return found.isEmpty() ? null : found.getFirst();
        }
    }

    private long slice(Connection connection, long budget) throws SQLException {
        try (var insert =
                        connection.prepareStatement(
                                """
                                INSERT INTO slice (budget, incarnation) VALUES (?, ?)
                                ON CONFLICT DO NOTHING
                                """);
                var select =
                        connection.prepareStatement(
                                "SELECT taken FROM slice WHERE budget = ? AND incarnation = ?")) {
            new Parameters(insert).set(budget).set(incarnation);
            insert.executeUpdate();
            new Parameters(select).set(budget).set(incarnation);
            return Parameters.list(select, row -> row.getLong(1)).getFirst();
        }
    }

    /// The barrier after an answer was lost: what is on its way can change nothing any more. Then
    /// what the database says of the slices is the truth.
    ///
    /// @param taken by budget
    record Truth(long seq, Map<Long, Long> taken) {}

    Truth truth() throws SQLException {
        long seq;
        try (var update =
                writer.connection()
                        .prepareStatement(
                                """
                                UPDATE teller SET seq = seq + 1
                                WHERE incarnation = ? AND lane = 'take' RETURNING seq
                                """)) {
            update.setObject(1, incarnation);
            seq = Parameters.list(update, row -> row.getLong(1)).getFirst();
        }
        var taken = new HashMap<Long, Long>();
        try (var select =
                writer.connection()
                        .prepareStatement(
                                "SELECT budget, taken FROM slice WHERE incarnation = ?")) {
            select.setObject(1, incarnation);
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    taken.put(row.getLong(1), row.getLong(2));
                }
            }
        }
        return new Truth(seq, taken);
    }

    /// Forgets slices of which nothing is left.
    void drop(Collection<Long> ids) throws SQLException {
        try (var delete =
                writer.connection()
                        .prepareStatement(
                                """
                                DELETE FROM slice WHERE budget = ANY(?::bigint[])
                                  AND incarnation = ? AND taken + grown = spent
                                """)) {
            new Parameters(delete)
                    .longs(ids.stream().mapToLong(Long::longValue).toArray())
                    .set(incarnation);
            delete.executeUpdate();
        }
    }

    /// Tells those who change rules that this version holds here.
    void knows(long version) throws SQLException {
        try (var update =
                writer.connection()
                        .prepareStatement(
                                """
                                UPDATE teller SET seq = ? WHERE incarnation = ? AND lane = 'rules'
                                """)) {
            new Parameters(update).set(version).set(incarnation);
            update.executeUpdate();
        }
    }

    /// Makes the rows that number this node's statements.
    void enter(long version) throws SQLException {
        try (var insert =
                writer.connection()
                        .prepareStatement(
                                """
                                INSERT INTO teller (incarnation, lane, seq)
                                VALUES (?, 'take', 0), (?, 'write', 0), (?, 'rules', ?)
                                """)) {
            new Parameters(insert).set(incarnation).set(incarnation).set(incarnation).set(version);
            insert.executeUpdate();
        }
    }

    /// Leaves nothing behind but slices with money in them.
    void leave() throws SQLException {
        try (var delete =
                writer.connection()
                        .prepareStatement(
                                """
                                DELETE FROM slice
                                WHERE incarnation = ? AND taken + grown = spent
                                """)) {
            delete.setObject(1, incarnation);
            delete.executeUpdate();
        }
        try (var delete =
                writer.connection()
                        .prepareStatement(
                                """
                                DELETE FROM teller WHERE incarnation = ? AND NOT EXISTS (
                                    SELECT FROM slice s WHERE s.incarnation = teller.incarnation)
                                """)) {
            delete.setObject(1, incarnation);
            delete.executeUpdate();
        }
    }

    Connection connection() throws SQLException {
        return writer.connection();
    }

    void disconnect() {
        writer.drop();
    }
}
