package dev.remit.store.money;

import dev.remit.store.session.Parameters;
import dev.remit.store.session.Writer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Rows that are written together with what they spend of this node's slices: in one statement,
/// once. Its number makes it safe to send again when its answer was lost.
final class RowBatch {
    /// Budgets before slices, as in [Slices]: so the two cannot wait for each other.
    private static final String WRITE =
            """
            WITH open AS MATERIALIZED (SELECT FROM gate WHERE id = ? AND NOT fenced FOR SHARE),
            turn AS MATERIALIZED (
                UPDATE teller SET seq = ? WHERE incarnation = ? AND lane = 'write' AND seq = ?
                AND EXISTS (SELECT FROM open) RETURNING seq),
            over AS MATERIALIZED (
                SELECT b.id, d.grown FROM unnest(?::bigint[], ?::bigint[]) d(budget, grown)
                JOIN budget b ON b.id = d.budget WHERE EXISTS (SELECT FROM turn)
                ORDER BY b.id FOR NO KEY UPDATE OF b),
            grew AS (
                UPDATE budget b SET used = b.used + o.grown FROM over o WHERE b.id = o.id
                RETURNING b.id, b.used - b.cap AS beyond),
            spent AS (
                UPDATE slice s SET spent = s.spent + d.spent, grown = s.grown + d.grown
                FROM unnest(?::bigint[], ?::bigint[], ?::bigint[]) d(budget, spent, grown)
                WHERE s.budget = d.budget AND s.incarnation = ? AND EXISTS (SELECT FROM turn)
                  AND (SELECT count(*) FROM over) >= 0),
            put AS (
            """
                    + RowColumns.INSERT
                    + """
                                WHERE EXISTS (SELECT FROM turn))
                            SELECT (SELECT count(*) FROM open) > 0, (SELECT count(*) FROM turn) > 0, g.id, g.beyond
                    FROM (VALUES (1)) one LEFT JOIN grew g ON true
                    """;

    final long seq;
    final List<Row> rows;
    final Map<Account, Spent> spent = new HashMap<>();

    /// What a batch takes from an account.
    static final class Spent {
        long cost;
        long grown;
        long count;

        /// By how much the budget is beyond its cap now, if it grew; what is held of that is owed.
        long beyond = Long.MAX_VALUE;
    }

    /// What came of writing.
    enum Outcome {
        WRITTEN,
        /// It was written before, by a statement whose answer was lost.
        WRITTEN_BEFORE,
        /// This node is fenced.
        FENCED
    }

    /// To be made by the writer's thread, which makes good what is below zero.
    RowBatch(long seq, List<Row> rows) {
        this.seq = seq;
        this.rows = List.copyOf(rows);
        for (var row : rows) {
            for (var account : row.accounts()) {
                var sum = spent.computeIfAbsent(account, a -> new Spent());
                sum.cost = Math.addExact(sum.cost, row.cost());
                sum.count++;
            }
        }
    }

    /// What was billed beyond what is held has been spent all the same: the slice and the budget
    /// grow by it.
    void makeGood() {
        spent.forEach((account, sum) -> {
            sum.grown = Math.max(0, -account.free.get() - account.growing);
            account.growing += sum.grown;
        });
    }

    /// It will not be written as it is.
    void undo() {
        spent.forEach((account, sum) -> account.growing -= sum.grown);
    }

    /// @return whether a budget grew
    boolean done() {
        spent.forEach((account, sum) -> {
            account.growing -= sum.grown;
            if (sum.grown > 0) {
                account.grow(sum.grown, sum.beyond);
            }
            account.written = seq;
            account.pending.addAndGet(-sum.count);
        });
        return spent.values().stream().anyMatch(sum -> sum.grown > 0);
    }

    private Outcome outcome(ResultSet answer) throws SQLException {
        answer.next();
        if (!answer.getBoolean(1)) {
            return Outcome.FENCED;
        }
        var outcome = answer.getBoolean(2) ? Outcome.WRITTEN : Outcome.WRITTEN_BEFORE;
        var beyond = new HashMap<Long, Long>();
        do {
            beyond.put(answer.getLong(3), answer.getLong(4));
        } while (answer.next());
        spent.forEach(
                (account, sum) -> sum.beyond = beyond.getOrDefault(account.id, Long.MAX_VALUE));
        return outcome;
    }

    Outcome write(Writer writer, UUID incarnation) throws SQLException {
        var budgets = new long[spent.size()];
        var costs = new long[spent.size()];
        var grown = new long[spent.size()];
        int i = 0;
        for (var entry : spent.entrySet()) {
            budgets[i] = entry.getKey().id;
            costs[i] = entry.getValue().cost;
            grown[i++] = entry.getValue().grown;
        }
        var over = spent.entrySet().stream().filter(e -> e.getValue().grown > 0).toList();
        try (var statement = writer.connection().prepareStatement(WRITE)) {
            var parameters =
                    new Parameters(statement)
                            .set(writer.gate())
                            .set(seq)
                            .set(incarnation)
                            .set(seq - 1)
                            .longs(over.stream().mapToLong(e -> e.getKey().id).toArray())
                            .longs(over.stream().mapToLong(e -> e.getValue().grown).toArray())
                            .longs(budgets)
                            .longs(costs)
                            .longs(grown)
                            .set(incarnation);
            RowColumns.fill(parameters, rows);
            try (var answer = statement.executeQuery()) {
                return outcome(answer);
            }
        }
    }
}
