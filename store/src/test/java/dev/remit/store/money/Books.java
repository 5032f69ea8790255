package dev.remit.store.money;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.money.Scope;
import dev.remit.store.session.Sql;
import java.sql.SQLException;

/// What the tables say, reckoned by a test in its own words.
final class Books {
    private final Sql sql;

    Books(Sql sql) {
        this.sql = sql;
    }

    /// A database without money.
    static Books empty(Sql sql) throws SQLException {
        sql.update(
                """
                TRUNCATE budget_rule, budget, slice, attempt, exchange, exchange_blob, budget_notice,
                         teller
                """);
        return new Books(sql);
    }

    long used(Scope scope) throws SQLException {
        return number("SELECT coalesce(sum(used), 0) FROM budget WHERE scope = ?", scope);
    }

    /// Held and not settled, by all nodes.
    long held(Scope scope) throws SQLException {
        return number(
                """
                SELECT coalesce(sum(taken + grown - spent), 0)
                FROM slice s JOIN budget b ON b.id = s.budget WHERE b.scope = ?
                """,
                scope);
    }

    /// Of rows that were reserved in budgets of this scope, those for dead nodes included.
    long rows(Scope scope) throws SQLException {
        return number(
                """
                SELECT coalesce(sum(a.cost), 0) FROM attempt a
                JOIN budget b ON a.budgets @> ARRAY[b.id] WHERE b.scope = ?
                """,
                scope);
    }

    long unattributed(Scope scope) throws SQLException {
        return number(
                "SELECT count(*) FROM attempt WHERE scope = ? AND ending = 'UNATTRIBUTED'", scope);
    }

    private long number(String query, Scope scope) throws SQLException {
        return Long.parseLong(sql.column(query, scope.toString()).getFirst());
    }

    /// Once everything is closed: what was used is what the rows say, and nobody holds anything.
    void close(Scope scope) throws SQLException {
        assertThat(held(scope)).as("held of %s", scope).isZero();
        assertThat(used(scope))
                .as("used of %s is the sum of its rows", scope)
                .isEqualTo(rows(scope));
    }
}
