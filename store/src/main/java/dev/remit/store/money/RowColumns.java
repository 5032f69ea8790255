package dev.remit.store.money;

import dev.remit.store.session.Parameters;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Rows of the ledger as one array a column.
final class RowColumns {
    /// To be followed by a condition.
    static final String INSERT =
            """
            INSERT INTO attempt (
                id, call, number, at, cause, principal, key, team, agent, session, parent, end_user,
                tags, route, provider, model, answered, input, cache_read, cache_write, output,
                reasoning, cost, certain, saved, reserved, budgets, wire, streamed, first_token,
                total, ending, why, prices, tool)
            SELECT id, call, number, 'epoch'::timestamptz + at * interval '1 microsecond', cause,
                   principal, key, team, agent, session, parent, end_user, tags::jsonb, route,
                   provider, model, answered, input, cache_read, cache_write, output, reasoning,
                   cost, certain, saved, nullif(reserved, -1), budgets::bigint[], wire, streamed,
                   nullif(first_token, -1), total, ending, why, prices, tool
            FROM unnest(
                ?::uuid[], ?::uuid[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::text[],
                ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                ?::text[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[],
                ?::bigint[], ?::bigint[], ?::bigint[], ?::boolean[], ?::bigint[], ?::bigint[],
                ?::text[], ?::text[], ?::boolean[], ?::bigint[], ?::bigint[], ?::text[],
                ?::text[], ?::text[], ?::text[])
            r(id, call, number, at, cause, principal, key, team, agent, session, parent, end_user,
              tags, route, provider, model, answered, input, cache_read, cache_write, output,
              reasoning, cost, certain, saved, reserved, budgets, wire, streamed, first_token,
              total, ending, why, prices, tool)
            """;

    private final Parameters parameters;
    private final List<Row> rows;

    private RowColumns(Parameters parameters, List<Row> rows) {
        this.parameters = parameters;
        this.rows = rows;
    }

    static void fill(Parameters parameters, List<Row> rows) throws SQLException {
        new RowColumns(parameters, rows).fill();
    }

    private void fill() throws SQLException {
        uuids(Row::id);
        uuids(row -> row.attempt().call());
        numbers(row -> row.attempt().number());
        numbers(row -> micros(row.attempt().at()));
        who();
        target();
        usage();
        numbers(Row::cost);
        truths(row -> row.attempt().certain());
        numbers(row -> row.attempt().saved().micros());
        numbers(Row::reserved);
        texts(RowColumns::budgets);
        texts(row -> row.required(row.attempt().wire()));
        truths(row -> row.attempt().streamed());
        numbers(row -> micros(row.attempt().firstToken()));
        numbers(row -> micros(row.attempt().total()));
        texts(row -> row.attempt().end().name());
        texts(row -> row.text(row.attempt().why()));
        texts(row -> row.text(row.attempt().prices()));
        texts(row -> row.text(row.attempt().target().tool()));
    }

    private void who() throws SQLException {
        texts(row -> row.required(AttemptRows.causes(row.attempt().who().cause())));
        texts(row -> {
            var cause = row.attempt().who().cause();
            return cause.isEmpty() ? null : row.text(cause.getFirst().toString());
        });
        texts(row -> row.text(row.attempt().who().key()));
        texts(row -> row.text(row.attempt().who().team()));
        texts(row -> row.text(row.attempt().who().agent()));
        texts(row -> row.text(row.attempt().who().session()));
        texts(row -> row.text(row.attempt().who().parent()));
        texts(row -> row.text(row.attempt().who().user()));
        texts(row -> row.bare() ? null : AttemptRows.tags(row.attempt().who().tags()));
    }

    private void target() throws SQLException {
        texts(row -> row.required(row.attempt().target().route()));
        texts(row -> row.required(row.attempt().target().provider()));
        texts(row -> row.required(row.attempt().target().model()));
        texts(row -> row.text(row.attempt().target().answered()));
    }

    private void usage() throws SQLException {
        numbers(row -> row.attempt().usage().input());
        numbers(row -> row.attempt().usage().cacheRead());
        numbers(row -> row.attempt().usage().cacheWrite());
        numbers(row -> row.attempt().usage().output());
        numbers(row -> row.attempt().usage().reasoning());
    }

    private static String budgets(Row row) {
        return row.accounts().stream()
                .map(account -> Long.toString(account.id))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static long micros(Instant instant) {
        return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1000);
    }

    private static long micros(@Nullable Duration duration) {
        return duration == null ? -1 : duration.toNanos() / 1000;
    }

    private void uuids(Function<Row, UUID> column) throws SQLException {
        parameters.uuids(rows.stream().map(column).toList());
    }

    private void numbers(ToLongFunction<Row> column) throws SQLException {
        parameters.longs(rows.stream().mapToLong(column).toArray());
    }

    private void truths(Function<Row, Boolean> column) throws SQLException {
        parameters.array("bool", rows.stream().map(column).toArray(Boolean[]::new));
    }

    private void texts(Function<Row, @Nullable String> column) throws SQLException {
        var all = new ArrayList<@Nullable String>(rows.size());
        for (var row : rows) {
            all.add(column.apply(row));
        }
        parameters.array("text", all.toArray(new @Nullable String[0]));
    }
}
