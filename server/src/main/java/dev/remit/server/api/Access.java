package dev.remit.server.api;

import dev.remit.core.identity.Permission;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Handler;
import dev.remit.http.server.Routes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Who may use which route: the one table. A route that is not in it cannot be served.
final class Access {
    /// Whom a route concerns.
    enum Reach {
        /// All of it: keys that are bound to a team or an agent are refused.
        ORGANISATION,
        /// The handler shows and changes only what is the caller's.
        OWN
    }

    /// What a route demands.
    ///
    /// @param anyOf one of these is enough; empty: any key will do
    record Demand(Set<Permission> anyOf, Reach reach) {}

    /// Paths that need no key.
    private static final Set<String> OPEN = Set.of("/health");

    private static final Map<String, Demand> TABLE = table();

    private Access() {}

    private static Map<String, Demand> table() {
        var table = new LinkedHashMap<String, Demand>();
        own(table, "GET /v1/openapi.json");

        all(table, "POST /v1/agents", Permission.AGENTS_APPLY);
        all(table, "GET /v1/agents", Permission.SESSIONS_READ);
        all(table, "GET /v1/agents/{name}", Permission.SESSIONS_READ);
        all(table, "GET /v1/agents/{name}/versions", Permission.SESSIONS_READ);
        all(table, "GET /v1/agents/{name}/drawing", Permission.SESSIONS_READ);

        own(table, "POST /v1/sessions", Permission.SESSIONS_RUN);
        own(table, "GET /v1/sessions", Permission.SESSIONS_READ);
        own(table, "GET /v1/sessions/{id}", Permission.SESSIONS_READ);
        own(table, "GET /v1/sessions/{id}/events", Permission.SESSIONS_READ);
        own(table, "POST /v1/sessions/{id}/events", Permission.SESSIONS_RUN);
        own(table, "POST /v1/sessions/{id}:cancel", Permission.SESSIONS_RUN);
        own(table, "POST /v1/sessions/{id}:resolve", Permission.OPERATIONS_RUN);
        own(table, "POST /v1/sessions/{id}:raise", Permission.OPERATIONS_RUN);
        own(table, "POST /v1/sessions/{id}:interrupt", Permission.SESSIONS_RUN);
        own(table, "POST /v1/sessions/{id}:fork", Permission.SESSIONS_RUN);
        own(table, "POST /v1/sessions/{id}:rewind", Permission.SESSIONS_RUN);
        own(table, "POST /v1/sessions/{id}:move", Permission.OPERATIONS_RUN);
        own(table, "POST /v1/sessions/{id}:redrive", Permission.OPERATIONS_RUN);
        all(table, "POST /v1/agents/{name}:move", Permission.OPERATIONS_RUN);
        all(table, "GET /v1/trouble", Permission.SESSIONS_READ);
        all(table, "POST /v1/trouble:redrive", Permission.OPERATIONS_RUN);
        all(table, "GET /v1/schedules", Permission.SESSIONS_READ);
        all(table, "GET /v1/schedules/{name}", Permission.SESSIONS_READ);
        all(table, "PUT /v1/schedules/{name}", Permission.AGENTS_APPLY);
        all(table, "DELETE /v1/schedules/{name}", Permission.AGENTS_APPLY);
        all(table, "GET /v1/schedules/{name}/next", Permission.SESSIONS_READ);
        all(table, "POST /v1/schedules/{name}:pause", Permission.OPERATIONS_RUN);
        all(table, "POST /v1/schedules/{name}:resume", Permission.OPERATIONS_RUN);
        all(table, "POST /v1/schedules/{name}:trigger", Permission.SESSIONS_RUN);
        all(table, "POST /v1/schedules/{name}:backfill", Permission.OPERATIONS_RUN);
        all(table, "GET /v1/triggers", Permission.SESSIONS_READ);
        all(table, "GET /v1/triggers/{name}", Permission.SESSIONS_READ);
        all(table, "PUT /v1/triggers/{name}", Permission.AGENTS_APPLY);
        all(table, "DELETE /v1/triggers/{name}", Permission.AGENTS_APPLY);
        all(table, "POST /v1/events/{name}", Permission.EVENTS_SEND, Permission.SESSIONS_RUN);
        own(table, "GET /v1/sessions/{id}/recording", Permission.SESSIONS_READ);
        own(table, "GET /v1/sessions/{id}/prompts/{turn}", Permission.SESSIONS_READ);

        all(table, "GET /v1/approvals", Permission.SESSIONS_READ, Permission.APPROVALS_ANSWER);
        all(table, "POST /v1/approvals/{id}:approve", Permission.APPROVALS_ANSWER);
        all(table, "POST /v1/approvals/{id}:reject", Permission.APPROVALS_ANSWER);

        own(table, "POST /v1/keys", Permission.KEYS_MANAGE);
        own(table, "GET /v1/keys", Permission.KEYS_MANAGE, Permission.AUDIT_READ);
        own(table, "GET /v1/keys/{id}", Permission.KEYS_MANAGE, Permission.AUDIT_READ);
        own(table, "POST /v1/keys/{id}:revoke", Permission.KEYS_MANAGE);
        all(table, "GET /v1/teams", Permission.KEYS_MANAGE, Permission.MONEY_READ);
        all(table, "PUT /v1/teams/{name}", Permission.KEYS_MANAGE);
        all(table, "GET /v1/principals", Permission.KEYS_MANAGE, Permission.AUDIT_READ);
        all(
                table,
                "GET /v1/principals/{kind}/{name}",
                Permission.KEYS_MANAGE,
                Permission.AUDIT_READ);
        all(table, "PUT /v1/principals/{kind}/{name}", Permission.KEYS_MANAGE);
        all(table, "POST /v1/principals/{kind}/{name}:revoke", Permission.KEYS_MANAGE);

        all(
                table,
                "GET /v1/settings",
                Permission.SERVER_MANAGE,
                Permission.OPERATIONS_RUN,
                Permission.AUDIT_READ);

        all(
                table,
                "GET /v1/nodes",
                Permission.SERVER_MANAGE,
                Permission.OPERATIONS_RUN,
                Permission.AUDIT_READ);
        all(table, "POST /v1/nodes/{id}:drain", Permission.SERVER_MANAGE);
        all(table, "POST /v1/nodes/{id}:resume", Permission.SERVER_MANAGE);

        own(table, "GET /v1/budgets", Permission.MONEY_READ);
        own(table, "PUT /v1/budgets", Permission.MONEY_SET);
        own(table, "DELETE /v1/budgets", Permission.MONEY_SET);
        own(table, "GET /v1/budgets:top", Permission.MONEY_READ);
        own(table, "GET /v1/ledger", Permission.MONEY_READ);
        own(table, "GET /v1/ledger:sums", Permission.MONEY_READ);
        all(table, "POST /v1/ledger:reconcile", Permission.MONEY_SET);
        own(table, "GET /v1/ledger/{call}", Permission.MONEY_READ);

        own(table, "GET /v1/models", Permission.MODELS_USE, Permission.MONEY_READ);
        own(table, "GET /v1/routes", Permission.MODELS_USE, Permission.MONEY_READ);
        own(table, "GET /v1/prices", Permission.MODELS_USE, Permission.MONEY_READ);
        all(table, "POST /v1/prices", Permission.MONEY_SET);

        all(table, "PUT /v1/credentials/{name}", Permission.CREDENTIALS_PUT);
        all(table, "GET /v1/archives", Permission.SESSIONS_READ);
        all(table, "POST /v1/archives:run", Permission.SERVER_MANAGE);
        all(table, "POST /v1/archives:verify", Permission.SERVER_MANAGE, Permission.AUDIT_READ);
        all(table, "POST /v1/sessions/{id}:restore", Permission.SERVER_MANAGE);
        all(table, "GET /v1/health", Permission.OPERATIONS_RUN, Permission.SERVER_MANAGE);
        all(table, "POST /v1/server:stop", Permission.SERVER_MANAGE);
        return Map.copyOf(table);
    }

    private static void all(Map<String, Demand> table, String route, Permission... anyOf) {
        table.put(route, new Demand(Set.of(anyOf), Reach.ORGANISATION));
    }

    private static void own(Map<String, Demand> table, String route, Permission... anyOf) {
        table.put(route, new Demand(Set.of(anyOf), Reach.OWN));
    }

    static boolean isOpen(String path) {
        return OPEN.contains(path);
    }

    static Map<String, Demand> demands() {
        return TABLE;
    }

    /// The same routes, each of which first looks at what the key may do.
    ///
    /// @throws IllegalStateException if nobody said who may use one of them
    static Routes guarded(Routes routes) {
        return routes.eachRoute(Access::guarded);
    }

    private static Handler guarded(Routes.Route route) {
        if (isOpen(route.template())) {
            return route.handler();
        }
        var demand = TABLE.get(route.method() + " " + route.template());
        if (demand == null) {
            throw new IllegalStateException(
                    "nobody said who may use " + route.method() + " " + route.template());
        }
        return exchange -> {
            check(exchange, demand);
            return route.handler().handle(exchange);
        };
    }

    private static void check(Exchange exchange, Demand demand) {
        var caller = Caller.of(exchange);
        if (!demand.anyOf().isEmpty() && demand.anyOf().stream().noneMatch(caller::may)) {
            throw Problems.missing(sorted(demand.anyOf()));
        }
        if (demand.reach() == Reach.ORGANISATION && !caller.isUnbound()) {
            throw Problems.forbidden(
                    "this concerns the whole organisation, and this key is bound to "
                            + (caller.key().team() != null
                                    ? "team " + caller.key().team()
                                    : "agent " + caller.key().agent()));
        }
    }

    static List<String> sorted(Set<Permission> permissions) {
        return permissions.stream().map(Permission::toString).sorted().toList();
    }
}
