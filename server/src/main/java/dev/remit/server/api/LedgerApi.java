package dev.remit.server.api;

import dev.remit.core.identity.Permission;
import dev.remit.core.json.Json;
import dev.remit.core.text.Quantities;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Reply;
import dev.remit.store.money.Dimension;
import dev.remit.store.money.Dimension.Field;
import dev.remit.store.money.LedgerFilter;
import dev.remit.store.money.LedgerQueries;
import dev.remit.store.money.LedgerRow;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/ledger`: every attempt to use a model, one by one or added up.
final class LedgerApi {
    private static final int MOST_DIMENSIONS = 5;
    private static final int MOST_SUMS = 1000;

    private final ApiParts parts;

    LedgerApi(ApiParts parts) {
        this.parts = parts;
    }

    private LedgerQueries ledger() {
        return parts.money().ledger();
    }

    /// Rows, the newest first.
    Reply list(Exchange exchange) {
        int limit = (int) exchange.query("limit", Page.LIMIT, 1, Page.MOST);
        var page =
                ledger().page(
                                filter(exchange),
                                exchange.query("cursor").map(LedgerApi::id).orElse(null),
                                limit);
        var shown = Json.object();
        var items = shown.putArray("items");
        page.rows().forEach(row -> items.add(LedgerJson.of(row)));
        KeysApi.put(shown, "next", page.next());
        return Reply.ok(shown);
    }

    /// Rows added up, by what was asked for, and all of them together.
    Reply sums(Exchange exchange) {
        var by = by(exchange.query("by").orElse(""));
        int limit = (int) exchange.query("limit", 100, 1, MOST_SUMS);
        var filter = filter(exchange);
        var shown = Json.object();
        KeysApi.put(shown, "since", filter.from());
        KeysApi.put(shown, "until", filter.to());
        var items = shown.putArray("items");
        ledger().sums(filter, by, limit).forEach(sum -> items.add(LedgerJson.of(sum, by)));
        var total = ledger().sums(filter, List.of(), 1);
        if (!total.isEmpty()) {
            shown.set("total", LedgerJson.of(total.getFirst(), List.of()));
        }
        return Reply.ok(shown);
    }

    /// All attempts of one call; what was said only to those who may look into everything.
    Reply call(Exchange exchange) {
        var caller = Caller.of(exchange);
        var call = id(exchange.parameter("call"));
        var rows =
                ledger().call(call).stream()
                        .filter(row ->
                                caller.sees(
                                        row.attempt().who().team(), row.attempt().who().agent()))
                        .toList();
        if (rows.isEmpty()) {
            throw Problems.unknown("call", call.toString());
        }
        var shown = Json.object().put("call", call.toString());
        var attempts = shown.putArray("attempts");
        for (var row : rows) {
            var attempt = LedgerJson.of(row);
            if (caller.may(Permission.AUDIT_READ)) {
                said(attempt, row);
            }
            attempts.add(attempt);
        }
        return Reply.ok(shown);
    }

    private void said(ObjectNode shown, LedgerRow row) {
        ledger().exchange(row.id())
                .ifPresent(said -> {
                    shown.set("request", said.request().value());
                    var answer = said.answer();
                    if (answer != null) {
                        shown.set("answer", answer.value());
                    }
                });
    }

    // ---- what was asked for

    private LedgerFilter filter(Exchange exchange) {
        var caller = Caller.of(exchange);
        var zone =
                exchange.query("zone")
                        .map(LedgerApi::zone)
                        .orElseGet(() -> parts.money().settings().get().zone());
        var now = parts.clock().instant();
        Map<Dimension, String> where = new HashMap<>();
        for (var field : Field.values()) {
            if (field != Field.DAY && field != Field.HOUR) {
                exchange.query(field.toString()).ifPresent(value -> where.put(field, value));
            }
        }
        exchange.query("tag").ifPresent(tag -> tag(tag, where));
        caller.team(Optional.ofNullable(where.get(Field.TEAM)))
                .ifPresent(team -> where.put(Field.TEAM, team));
        caller.agent(Optional.ofNullable(where.get(Field.AGENT)))
                .ifPresent(agent -> where.put(Field.AGENT, agent));
        return new LedgerFilter(
                exchange.query("since").map(text -> time("since", text, now)).orElse(null),
                exchange.query("until").map(text -> time("until", text, now)).orElse(null),
                zone,
                where,
                null,
                exchange.query("overruns").filter("true"::equals).isPresent());
    }

    /// @param text such as `project=search`
    private static void tag(String text, Map<Dimension, String> where) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw Problems.badRequest("tag is expected as name=value");
        }
        where.put(new Dimension.Tag(text.substring(0, equals)), text.substring(equals + 1));
    }

    static List<Dimension> by(String text) {
        var by = new ArrayList<Dimension>();
        if (text.isEmpty()) {
            return by;
        }
        for (var word : text.split(",", -1)) {
            by.add(
                    Dimension.parse(word.strip())
                            .orElseThrow(() ->
                                    Problems.badRequest(
                                            "by takes "
                                                    + String.join(", ", fields())
                                                    + " and tag:NAME, with commas between")));
        }
        if (by.size() > MOST_DIMENSIONS) {
            throw Problems.badRequest("by takes at most " + MOST_DIMENSIONS);
        }
        return by;
    }

    private static List<String> fields() {
        return Arrays.stream(Field.values()).map(Field::toString).toList();
    }

    private static Instant time(String parameter, String text, Instant now) {
        var span = Quantities.duration(text);
        if (span.isPresent()) {
            return now.minus(span.get());
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw Problems.badRequest(
                    parameter + " is a time such as 2026-11-21T00:00:00Z, or how long ago: 1d, 6h");
        }
    }

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw Problems.badRequest("zone is a time zone such as Europe/Berlin");
        }
    }

    private static UUID id(String text) {
        try {
            if (text.length() == 36) {
                return UUID.fromString(text);
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw Problems.badRequest("the id of a call or row is expected, a UUID");
    }
}
