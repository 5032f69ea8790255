package dev.remit.store.money;

import dev.remit.core.json.Content;
import dev.remit.core.money.Money;
import dev.remit.core.money.Scope;
import dev.remit.core.money.Usage;
import dev.remit.core.money.Window;
import dev.remit.store.database.Database;
import dev.remit.store.session.Parameters;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What can be read about money from outside. Rows are written behind: the newest are a few
/// milliseconds late.
public final class LedgerQueries {
    private final Database database;

    public LedgerQueries(Database database) {
        this.database = database;
    }

    /// Adds up rows.
    ///
    /// @param by what they are told apart by; empty: one sum of all
    /// @param limit how many sums at most, those with the highest cost first
    public List<LedgerSum> sums(LedgerFilter filter, List<Dimension> by, int limit) {
        var question = new Question(filter);
        var groups = new ArrayList<String>();
        for (int i = 0; i < by.size(); i++) {
            groups.add(question.column(by.get(i)) + " AS g" + i);
        }
        var selected = String.join(", ", groups) + (groups.isEmpty() ? "" : ",");
        var places = new ArrayList<String>();
        for (int i = 1; i <= by.size(); i++) {
            places.add(Integer.toString(i));
        }
        var sql =
                "SELECT "
                        + selected
                        + SUMS
                        + question.from()
                        + (places.isEmpty()
                                ? ""
                                : " GROUP BY " + String.join(", ", places) + HAVING_ANY)
                        + " ORDER BY cost DESC"
                        + (places.isEmpty() ? "" : ", " + String.join(", ", places))
                        + " LIMIT ?";
        return database.with(connection -> {
            try (var select = connection.prepareStatement(sql)) {
                question.fill(select).set(limit);
                return Parameters.list(select, row -> sum(row, by.size()));
            }
        });
    }

    private static final String HAVING_ANY = " HAVING count(*) > 0";

    /// Unattributed money stands in a row for each scope that it was held in, so that of all kinds
    /// of scope only the one with the most is counted.
    private static final String SUMS =
            """
             count(*) FILTER (WHERE scope IS NULL) AS attempts,
             coalesce(sum(input)       FILTER (WHERE scope IS NULL), 0)::bigint AS input,
             coalesce(sum(cache_read)  FILTER (WHERE scope IS NULL), 0)::bigint AS cache_read,
             coalesce(sum(cache_write) FILTER (WHERE scope IS NULL), 0)::bigint AS cache_write,
             coalesce(sum(output)      FILTER (WHERE scope IS NULL), 0)::bigint AS output,
             coalesce(sum(reasoning)   FILTER (WHERE scope IS NULL), 0)::bigint AS reasoning,
             coalesce(sum(cost)        FILTER (WHERE scope IS NULL), 0)::bigint AS cost,
             coalesce(sum(saved)       FILTER (WHERE scope IS NULL), 0)::bigint AS saved,
             count(*) FILTER (WHERE scope IS NULL AND NOT certain) AS uncertain,
             coalesce(greatest(
                 sum(cost) FILTER (WHERE scope = 'organisation'),
                 sum(cost) FILTER (WHERE scope LIKE 'team:%'),
                 sum(cost) FILTER (WHERE scope LIKE 'agent:%'),
                 sum(cost) FILTER (WHERE scope LIKE 'session:%'),
                 sum(cost) FILTER (WHERE scope LIKE 'key:%'),
                 sum(cost) FILTER (WHERE scope LIKE 'tool:%')), 0)::bigint AS unattributed
            """;

    private static LedgerSum sum(ResultSet row, int groups) throws SQLException {
        var by = new ArrayList<Optional<String>>();
        for (int i = 0; i < groups; i++) {
            by.add(Optional.ofNullable(row.getString("g" + i)));
        }
        return new LedgerSum(
                by,
                row.getLong("attempts"),
                new Usage(
                        row.getLong("input"),
                        row.getLong("cache_read"),
                        row.getLong("cache_write"),
                        row.getLong("output"),
                        row.getLong("reasoning")),
                new Money(row.getLong("cost")),
                new Money(row.getLong("saved")),
                row.getLong("uncertain"),
                new Money(row.getLong("unattributed")));
    }

    /// Rows, newest first.
    ///
    /// @param next what the page after this one begins after; absent: this is the last
    public record Page(List<LedgerRow> rows, @Nullable UUID next) {
        public Page {
            rows = List.copyOf(rows);
        }
    }

    /// @param after from the page before; absent: the first page
    public Page page(LedgerFilter filter, @Nullable UUID after, int limit) {
        var question = new Question(filter);
        if (after != null) {
            question.and("id < ?", after);
        }
        var sql = AttemptRows.SELECT + question.from() + " ORDER BY id DESC LIMIT ?";
        return database.with(connection -> {
            try (var select = connection.prepareStatement(sql)) {
                question.fill(select).set(limit);
                var rows = Parameters.list(select, AttemptRows::read);
                return new Page(rows, rows.size() < limit ? null : rows.getLast().id());
            }
        });
    }

    /// Rows that came to more than was reserved for them.
    public Page overruns(LedgerFilter filter, @Nullable UUID after, int limit) {
        return page(filter.onlyOverruns(), after, limit);
    }

    public Optional<LedgerRow> find(UUID id) {
        return rows("id = ?", id).stream().findFirst();
    }

    /// All attempts that one request led to, in their order.
    public List<LedgerRow> call(UUID call) {
        return rows("call = ?", call);
    }

    private List<LedgerRow> rows(String condition, UUID value) {
        return database.with(connection -> {
            try (var select =
                    connection.prepareStatement(
                            AttemptRows.SELECT
                                    + "FROM attempt WHERE "
                                    + condition
                                    + " ORDER BY number, id")) {
                select.setObject(1, value);
                return Parameters.list(select, AttemptRows::read);
            }
        });
    }

    /// What was said in an attempt, as far as it was kept.
    ///
    /// @param answer absent if there was none
    public record Exchange(Content request, @Nullable Content answer) {}

    /// @param id of the row
    /// @return nothing if it was not kept, or is forgotten
    public Optional<Exchange> exchange(UUID id) {
        return database.with(connection -> Exchanges.find(connection, id));
    }

    /// Compares the ledger with what a provider says, on the days that it speaks of.
    ///
    /// @param provider name of the configured provider; absent: of all
    public Reconciliation reconcile(UsageExport export, @Nullable String provider) {
        var days = export.lines().stream().map(UsageExport.Line::day).sorted().toList();
        if (days.isEmpty()) {
            return new Reconciliation(List.of(), List.of());
        }
        var from = days.getFirst().atStartOfDay(ZoneOffset.UTC).toInstant();
        var to = days.getLast().plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        var all = LedgerFilter.between(from, to);
        var filter = provider == null ? all : all.with(Dimension.Field.PROVIDER, provider);
        var lost = sums(all, List.of(Dimension.Field.DAY), Integer.MAX_VALUE);
        return Reconciliation.of(export, used(filter), Reconciliation.byDay(lost));
    }

    /// What providers were asked for, by day and model.
    private List<Reconciliation.Here> used(LedgerFilter filter) {
        var question = new Question(filter);
        question.conditions.add("scope IS NULL AND provider <> '' AND ending <> 'CACHED'");
        var sql =
                """
                SELECT local::date::text, model, coalesce(answered, ''),
                       sum(input + cache_read + cache_write)::bigint, sum(cache_read)::bigint,
                       sum(output)::bigint, sum(cost)::bigint
                """
                        + question.from()
                        + " GROUP BY 1, 2, 3 HAVING sum(cost) > 0 OR sum(input + output) > 0";
        return database.with(connection -> {
            try (var select = connection.prepareStatement(sql)) {
                question.fill(select);
                return Parameters.list(select, LedgerQueries::here);
            }
        });
    }

    private static Reconciliation.Here here(ResultSet row) throws SQLException {
        return new Reconciliation.Here(
                LocalDate.parse(row.getString(1)),
                row.getString(2),
                row.getString(3),
                new Reconciliation.Side(
                        row.getLong(4), row.getLong(5), row.getLong(6), new Money(row.getLong(7))));
    }

    /// All budgets that are in force, in their present windows, those with the largest part spent
    /// first.
    public List<BudgetState> budgets() {
        return database.with(LedgerQueries::budgets);
    }

    /// Who spent most of a budget in its present window.
    public List<LedgerSum> spenders(BudgetState budget, List<Dimension> by, int limit) {
        if (budget.id() == 0) {
            return List.of();
        }
        // attempts that began before the window may belong to it by clocks that differ a little
        var from = budget.start().equals(Instant.EPOCH) ? null : budget.start().minusSeconds(60);
        return sums(
                new LedgerFilter(from, null, budget.zone(), Map.of(), budget.id(), false),
                by,
                limit);
    }

    private static List<BudgetState> budgets(Connection connection) throws SQLException {
        var now = DatabaseClock.read(connection);
        var open = new HashMap<String, Open>();
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT b.id, b.scope, b.span, b.starts, b.used, b.tight,
                               coalesce((SELECT sum(taken + grown - spent) FROM slice s
                                         WHERE s.budget = b.id), 0)::bigint
                        FROM budget b WHERE b.ends > ?
                        """)) {
            new Parameters(select).set(now);
            for (var budget : Parameters.list(select, LedgerQueries::open)) {
                open.put(budget.key(), budget);
            }
        }
        var states = new ArrayList<BudgetState>();
        for (var entry : BudgetRules.all(connection)) {
            if (entry.inForce()) {
                var start = entry.rule().window().start(now, entry.zone());
                var key = key(entry.rule().scope(), entry.rule().window(), start);
                states.add(state(entry, now, start, open.get(key)));
            }
        }
        states.sort((a, b) -> Double.compare(part(b), part(a)));
        return states;
    }

    private record Open(String key, long id, long used, long held, boolean tight) {}

    private static Open open(ResultSet row) throws SQLException {
        return new Open(
                key(
                        BudgetRules.scope(row.getString(2)),
                        BudgetRules.window(row.getString(3)),
                        AttemptRows.instant(row, 4)),
                row.getLong(1),
                row.getLong(5),
                row.getLong(7),
                row.getBoolean(6));
    }

    private static String key(Scope scope, Window window, Instant start) {
        return window + " " + start + " " + scope;
    }

    private static BudgetState state(
            BudgetRules.Entry entry, Instant now, Instant start, @Nullable Open open) {
        return new BudgetState(
                open == null ? 0 : open.id(),
                entry.rule(),
                entry.zone(),
                entry.source(),
                start,
                entry.rule().window().end(now, entry.zone()).orElse(null),
                new Money(open == null ? 0 : Math.max(0, open.used() - open.held())),
                new Money(open == null ? 0 : Math.max(0, open.held())),
                open != null && open.tight());
    }

    private static double part(BudgetState state) {
        return (double) state.spent().micros() / Math.max(1, state.rule().limit().micros());
    }

    /// A filter as SQL, with its parameters in their order.
    private static final class Question {
        private final LedgerFilter filter;
        private final List<Object> columnValues = new ArrayList<>();
        private final List<String> conditions = new ArrayList<>();
        private final List<Object> values = new ArrayList<>();

        Question(LedgerFilter filter) {
            this.filter = filter;
            and("at >= ?", filter.from());
            and("at < ?", filter.to());
            and("budgets @> ARRAY[?::bigint]", filter.budget());
            if (filter.overruns()) {
                conditions.add("cost > reserved");
            }
            filter.where()
                    .forEach((dimension, value) -> {
                        if (dimension instanceof Dimension.Tag tag) {
                            values.add(tag.name());
                        }
                        and(dimension.sql() + " = ?", value);
                    });
        }

        void and(String condition, @Nullable Object value) {
            if (value != null) {
                conditions.add(condition);
                values.add(value);
            }
        }

        String column(Dimension dimension) {
            if (dimension instanceof Dimension.Tag tag) {
                columnValues.add(tag.name());
            }
            return dimension.sql();
        }

        String from() {
            var where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
            return " FROM (SELECT *, at AT TIME ZONE ?::"
                    + zoneType()
                    + " AS local FROM attempt) a"
                    + where;
        }

        /// An offset as text would be read the other way round.
        private String zoneType() {
            return filter.zone() instanceof ZoneOffset ? "interval" : "text";
        }

        private String zone() {
            ZoneId zone = filter.zone();
            return zone instanceof ZoneOffset offset
                    ? offset.getTotalSeconds() + " seconds"
                    : zone.getId();
        }

        Parameters fill(PreparedStatement select) throws SQLException {
            var parameters = new Parameters(select);
            for (var value : columnValues) {
                parameters.set(value);
            }
            parameters.text(zone());
            for (var value : values) {
                parameters.set(value);
            }
            return parameters;
        }
    }
}
