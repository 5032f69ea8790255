package dev.remit.store.money;

import dev.remit.core.money.BudgetRule;
import dev.remit.core.money.Money;
import dev.remit.core.money.Scope;
import dev.remit.core.money.Window;
import dev.remit.store.database.Database;
import dev.remit.store.session.Parameters;
import dev.remit.store.session.WaitingForMoney;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// The rules that budgets are made of. A change holds for the window under way, on all nodes.
public final class BudgetRules {
    /// How long a change waits for the nodes to know of it.
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final String COLUMNS =
            """
            SELECT r.scope, r.span, r.source, r.cap, r.hard, r.thresholds, r.zone,
                   r.source = 'api' OR NOT EXISTS (
                       SELECT FROM budget_rule o
                       WHERE o.scope = r.scope AND o.span = r.span AND o.source = 'api') AS in_force
            FROM budget_rule r
            """;

    private final Database database;

    public BudgetRules(Database database) {
        this.database = database;
    }

    /// Where a rule comes from.
    public enum Source {
        /// Set by somebody at run time. Takes the place of one that is configured.
        API,
        CONFIG;

        String column() {
            return this == API ? "api" : "config";
        }
    }

    /// A rule and what is known of it.
    ///
    /// @param zone in which its windows begin
    /// @param inForce false for a configured one while one set at run time takes its place
    public record Entry(BudgetRule rule, ZoneId zone, Source source, boolean inForce) {}

    /// All rules, those that are not in force included, by scope and window.
    public List<Entry> list() {
        return database.with(BudgetRules::all);
    }

    /// The rules for a scope and window: none, one, or two, of which the first is in force.
    public List<Entry> get(Scope scope, Window window) {
        return list().stream()
                .filter(e -> e.rule().scope().equals(scope) && e.rule().window() == window)
                .toList();
    }

    /// Sets a rule at run time, in the place of one that was set before. When this returns, it is
    /// in force on every node that lives and can reach the database; a limit below what is used
    /// refuses from now on.
    ///
    /// @return the configured rule that it overrides, if there is one
    public Optional<BudgetRule> set(BudgetRule rule, ZoneId zone) {
        change(connection -> put(connection, rule, zone, Source.API));
        return get(rule.scope(), rule.window()).stream()
                .filter(e -> e.source() == Source.CONFIG)
                .map(Entry::rule)
                .findFirst();
    }

    /// Deletes what was set at run time. A configured rule for the same scope and window is in
    /// force again.
    ///
    /// @return false if there was none
    public boolean delete(Scope scope, Window window) {
        return change(connection -> {
            try (var delete =
                    connection.prepareStatement(
                            """
                            DELETE FROM budget_rule
                            WHERE scope = ? AND span = ? AND source = 'api'
                            """)) {
                new Parameters(delete).text(scope.toString()).text(window.toString());
                return delete.executeUpdate() > 0;
            }
        });
    }

    /// Makes these the configured rules, all of them; what was set at run time stays. Does nothing
    /// if they are that already.
    public void replaceConfigured(List<BudgetRule> rules, ZoneId zone) {
        var now =
                list().stream()
                        .filter(e -> e.source() == Source.CONFIG)
                        .map(e -> new Configured(e.rule(), e.zone()))
                        .collect(java.util.stream.Collectors.toSet());
        var wanted =
                rules.stream()
                        .map(rule -> new Configured(rule, zone))
                        .collect(java.util.stream.Collectors.toSet());
        if (now.equals(wanted)) {
            return;
        }
        change(connection -> {
            try (var statement = connection.createStatement()) {
                statement.execute("DELETE FROM budget_rule WHERE source = 'config'");
            }
            for (var rule : rules) {
                put(connection, rule, zone, Source.CONFIG);
            }
            return true;
        });
    }

    private record Configured(BudgetRule rule, ZoneId zone) {}

    /// One transaction of separate statements: the version, the rules, then the budgets of windows
    /// under way. What is in force from now on is called in from all nodes.
    private <T> T change(Database.Work<T> work) {
        long[] version = {0};
        T result =
                database.with(connection -> {
                    connection.setAutoCommit(false);
                    try {
                        version[0] = raise(connection);
                        T done = work.on(connection);
                        follow(connection);
                        connection.commit();
                        return done;
                    } catch (SQLException | RuntimeException e) {
                        connection.rollback();
                        throw e;
                    } finally {
                        connection.setAutoCommit(true);
                    }
                });
        awaitNodes(version[0]);
        database.with(connection -> {
            WaitingForMoney.hurry(connection);
            return true;
        });
        return result;
    }

    private static long raise(Connection connection) throws SQLException {
        try (var update =
                connection.prepareStatement(
                        "UPDATE budget_rules SET version = version + 1 RETURNING version")) {
            var row = update.executeQuery();
            row.next();
            return row.getLong(1);
        }
    }

    private static boolean put(Connection connection, BudgetRule rule, ZoneId zone, Source source)
            throws SQLException {
        try (var upsert =
                connection.prepareStatement(
                        """
                        INSERT INTO budget_rule (scope, span, source, cap, hard, thresholds, zone)
                        VALUES (?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT (scope, span, source) DO UPDATE
                        SET cap = excluded.cap, hard = excluded.hard, zone = excluded.zone,
                            thresholds = excluded.thresholds, changed_at = clock_timestamp()
                        """)) {
            new Parameters(upsert)
                    .text(rule.scope().toString())
                    .text(rule.window().toString())
                    .text(source.column())
                    .set(rule.limit().micros())
                    .set(rule.hard())
                    .array("int4", rule.thresholds().toArray())
                    .text(zone.getId());
            upsert.executeUpdate();
        }
        return true;
    }

    /// Budgets under way follow their rules. Less is left than before, so what is held comes in;
    /// nodes hold slices again when they find that there is plenty.
    private static void follow(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(
                    """
                    UPDATE budget b
                    SET cap = r.cap, hard = r.hard, tight = b.tight OR r.cap < b.cap
                    FROM (SELECT DISTINCT ON (scope, span) scope, span, cap, hard
                          FROM budget_rule ORDER BY scope, span, source) r
                    WHERE b.scope = r.scope AND b.span = r.span AND b.ends > clock_timestamp()
                      AND (b.cap, b.hard) IS DISTINCT FROM (r.cap, r.hard)
                    """);
            statement.execute("NOTIFY " + BudgetWatch.CHANNEL);
        }
    }

    /// Waits until living nodes know the rules of this version; not for ever, for one may be about
    /// to be found dead.
    private void awaitNodes(long version) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!everyNodeKnows(version) && System.nanoTime() < end) {
            LockSupport.parkNanos(2_000_000);
        }
    }

    private boolean everyNodeKnows(long version) {
        return database.with(connection -> {
            try (var select =
                    connection.prepareStatement(
                            """
                            SELECT FROM teller t JOIN node n USING (incarnation)
                            WHERE t.lane = 'rules' AND t.seq < ? AND NOT n.fenced
                              AND n.lease > clock_timestamp() LIMIT 1
                            """)) {
                select.setLong(1, version);
                return !select.executeQuery().next();
            }
        });
    }

    static List<Entry> all(Connection connection) throws SQLException {
        try (var select =
                connection.prepareStatement(COLUMNS + "ORDER BY r.scope, r.span, r.source")) {
            return Parameters.list(select, BudgetRules::entry);
        }
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                new BudgetRule(
                        scope(row.getString(1)),
                        window(row.getString(2)),
                        new Money(row.getLong(4)),
                        row.getBoolean(5),
                        Arrays.asList((Integer[]) row.getArray(6).getArray())),
                ZoneId.of(row.getString(7)),
                row.getString(3).equals("api") ? Source.API : Source.CONFIG,
                row.getBoolean(8));
    }

    static Scope scope(String column) {
        var scope = Scope.parse(column);
        if (scope == null) {
            throw new IllegalStateException("not a scope: " + column);
        }
        return scope;
    }

    static Window window(String column) {
        return Window.find(column)
                .orElseThrow(() -> new IllegalStateException("not a window: " + column));
    }
}
