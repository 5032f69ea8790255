package dev.remit.server.api;

import dev.remit.core.identity.Key;
import dev.remit.core.json.Json;
import dev.remit.core.money.BudgetRule;
import dev.remit.core.money.Scope;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Reply;
import dev.remit.store.identity.NewKey;
import dev.remit.store.identity.PostgresKeys;
import dev.remit.store.identity.StoredKey;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/keys`: made, listed, taken back. The key itself is in the answer to its making, once.
final class KeysApi {
    private final ApiParts parts;

    KeysApi(ApiParts parts) {
        this.parts = parts;
    }

    Reply create(Exchange exchange) {
        var caller = Caller.of(exchange);
        var body = Body.of(exchange, KeyWish.FIELDS);
        var wanted =
                new KeyWish(caller.key(), body, parts.directory(), parts.clock().instant()).read();
        var budget = body.findText("budget");
        budget.ifPresent(BudgetsApi::limit); // before there is a key
        var made = made(wanted, caller);
        var shown = shown(made.key()).put("key", made.text());
        if (budget.isPresent()) {
            limit(made, budget.get(), caller);
            shown.put("budget", budget.get());
        }
        return new Reply.Json(201, Map.of("Location", "/v1/keys/" + made.key().key().id()), shown);
    }

    /// A key that was to have a limit is not given out without it.
    private void limit(PostgresKeys.Made made, String budget, Caller caller) {
        var id = made.key().key().id();
        boolean limited = false;
        try {
            new BudgetsApi(parts)
                    .set(new Scope(Scope.Kind.KEY, id), budget, true, BudgetRule.THRESHOLDS);
            limited = true;
        } finally {
            if (!limited) {
                parts.keys().revoke(id, caller.principal());
            }
        }
    }

    private PostgresKeys.Made made(NewKey wanted, Caller caller) {
        try {
            return parts.keys().create(wanted, caller.principal());
        } catch (PostgresKeys.TooManyKeys e) {
            throw Problems.conflict(String.valueOf(e.getMessage()));
        }
    }

    Reply list(Exchange exchange) {
        var caller = Caller.of(exchange);
        int limit = (int) exchange.query("limit", Page.LIMIT, 1, Page.MOST);
        var filter =
                new PostgresKeys.Filter(
                        caller.team(exchange.query("team")).orElse(null),
                        caller.agent(exchange.query("agent")).orElse(null),
                        exchange.query("revoked").filter("true"::equals).isPresent(),
                        exchange.query("cursor", Long.MAX_VALUE, 1, Long.MAX_VALUE));
        return Page.reply(
                parts.keys().list(filter, limit + 1),
                limit,
                this::shown,
                last -> Long.toString(last.place()));
    }

    Reply get(Exchange exchange) {
        return Reply.ok(shown(existing(exchange)));
    }

    /// Answers when no node accepts the key any more.
    Reply revoke(Exchange exchange) {
        Body.optional(exchange);
        var id = existing(exchange).key().id();
        return parts.keys()
                .revoke(id, Caller.of(exchange).principal())
                .map(revoked -> Reply.ok(shown(revoked)))
                .orElseThrow(() -> Problems.unknown("key", id));
    }

    /// Another team's key is no key at all.
    private StoredKey existing(Exchange exchange) {
        var id = exchange.parameter("id");
        if (!id.matches("[a-z0-9]{1,32}")) {
            throw Problems.unknown("key", "of that name; it is named by what stands after rmt_");
        }
        var caller = Caller.of(exchange);
        return parts.keys()
                .get(id)
                .filter(stored -> caller.sees(stored.key().team(), stored.key().agent()))
                .orElseThrow(() -> Problems.unknown("key", id));
    }

    private ObjectNode shown(StoredKey stored) {
        var key = stored.key();
        var shown =
                Json.object()
                        .put("id", key.id())
                        .put("name", key.name())
                        .put("status", status(stored))
                        .put("principal", key.principal().toString());
        put(shown, "team", key.team());
        put(shown, "agent", key.agent());
        shown.set("routes", sorted(key.routes()));
        shown.set("permissions", sorted(key.permissions()));
        shown.set("limits", limits(key.limits()));
        put(shown, "expires_at", key.expires());
        shown.put("created_at", stored.createdAt().toString());
        shown.put("created_by", stored.createdBy());
        put(shown, "last_used", stored.lastUsed());
        put(shown, "revoked_at", stored.revokedAt());
        put(shown, "revoked_by", stored.revokedBy());
        return shown;
    }

    private String status(StoredKey stored) {
        if (stored.revokedAt() != null) {
            return "revoked";
        }
        return stored.key().isExpired(parts.clock().instant()) ? "expired" : "live";
    }

    /// Those that there are; a limit that is absent is none.
    private static ObjectNode limits(Key.Limits limits) {
        var shown = Json.object();
        putAboveZero(shown, "requests", limits.requests());
        putAboveZero(shown, "tokens", limits.tokens());
        putAboveZero(shown, "at_once", limits.atOnce());
        return shown;
    }

    private static void putAboveZero(ObjectNode shown, String field, long value) {
        if (value > 0) {
            shown.put(field, value);
        }
    }

    private static ArrayNode sorted(Collection<?> values) {
        var list = Json.array();
        values.stream().map(Object::toString).sorted().forEach(list::add);
        return list;
    }

    static void put(ObjectNode shown, String field, @Nullable Object value) {
        switch (value) {
            case null -> {}
            case Instant at -> shown.put(field, at.toString());
            default -> shown.put(field, value.toString());
        }
    }
}
