package dev.remit.store.money;

import static java.util.Objects.requireNonNull;

import dev.remit.core.identity.Principal;
import dev.remit.core.json.Json;
import dev.remit.core.money.Attempt;
import dev.remit.core.money.Attempt.End;
import dev.remit.core.money.Attempt.Target;
import dev.remit.core.money.Attempt.Who;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reading the rows of the ledger.
final class AttemptRows {
    static final String SELECT =
            """
            SELECT id, call, number, at, cause, key, team, agent, session, parent, end_user,
                   tags::text AS tags, route, provider, model, answered, input, cache_read,
                   cache_write, output, reasoning, cost, certain, saved, reserved, budgets, scope,
                   wire, streamed, first_token, total, ending, why, prices, tool
            """;

    private AttemptRows() {}

    static LedgerRow read(ResultSet row) throws SQLException {
        var reserved = (Long) row.getObject("reserved");
        var scope = row.getString("scope");
        return new LedgerRow(
                row.getObject("id", UUID.class),
                attempt(row),
                reserved == null ? null : new Money(reserved),
                List.of((Long[]) row.getArray("budgets").getArray()),
                scope == null ? null : BudgetRules.scope(scope));
    }

    private static Attempt attempt(ResultSet row) throws SQLException {
        var first = (Long) row.getObject("first_token");
        return new Attempt(
                row.getObject("call", UUID.class),
                row.getInt("number"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                new Who(
                        causes(row.getString("cause")),
                        row.getString("key"),
                        row.getString("team"),
                        row.getString("agent"),
                        row.getString("session"),
                        row.getString("parent"),
                        row.getString("end_user"),
                        tags(row.getString("tags"))),
                new Target(
                        row.getString("route"),
                        row.getString("provider"),
                        row.getString("model"),
                        row.getString("answered"),
                        row.getString("tool")),
                new Usage(
                        row.getLong("input"),
                        row.getLong("cache_read"),
                        row.getLong("cache_write"),
                        row.getLong("output"),
                        row.getLong("reasoning")),
                new Money(row.getLong("cost")),
                row.getBoolean("certain"),
                new Money(row.getLong("saved")),
                row.getString("wire"),
                row.getBoolean("streamed"),
                first == null ? null : Duration.ofNanos(first * 1000),
                Duration.ofNanos(row.getLong("total") * 1000),
                End.valueOf(row.getString("ending")),
                row.getString("why"),
                row.getString("prices"),
                null);
    }

    static String causes(List<Principal> cause) {
        return cause.stream()
                .map(principal -> principal.toString().replace('\n', ' '))
                .collect(Collectors.joining("\n"));
    }

    private static List<Principal> causes(String column) {
        return column.lines().map(AttemptRows::principal).toList();
    }

    private static Principal principal(String text) {
        int colon = text.indexOf(':');
        return new Principal(
                Principal.Kind.valueOf(text.substring(0, colon).toUpperCase(Locale.ROOT)),
                text.substring(colon + 1));
    }

    static @Nullable String tags(Map<String, String> tags) {
        if (tags.isEmpty()) {
            return null;
        }
        var object = Json.object();
        tags.forEach(object::put);
        return Json.write(object);
    }

    private static Map<String, String> tags(@Nullable String column) {
        if (column == null) {
            return Map.of();
        }
        var tags = new HashMap<String, String>();
        Json.parse(column)
                .properties()
                .forEach(tag -> tags.put(tag.getKey(), tag.getValue().stringValue()));
        return tags;
    }

    static Instant instant(ResultSet row, int column) throws SQLException {
        return requireNonNull(row.getObject(column, OffsetDateTime.class)).toInstant();
    }
}
