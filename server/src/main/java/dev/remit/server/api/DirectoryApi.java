package dev.remit.server.api;

import dev.remit.core.identity.Principal;
import dev.remit.core.json.Json;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Reply;
import dev.remit.store.identity.HeldRole;
import dev.remit.store.identity.KnownPrincipal;
import dev.remit.store.identity.Team;
import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/teams` and `/v1/principals`: who there is, and what they may do.
final class DirectoryApi {
    private static final int LONGEST_DESCRIPTION = 500;

    private final ApiParts parts;

    DirectoryApi(ApiParts parts) {
        this.parts = parts;
    }

    Reply teams(Exchange exchange) {
        int limit = (int) exchange.query("limit", Page.LIMIT, 1, Page.MOST);
        return Page.reply(
                parts.directory().teams(exchange.query("cursor").orElse(null), limit + 1),
                limit,
                DirectoryApi::shown,
                Team::name);
    }

    Reply putTeam(Exchange exchange) {
        var name = Names.name("the name of a team", exchange.parameter("name"));
        var description = Body.optional(exchange, "description").findText("description");
        if (description.filter(d -> d.length() > LONGEST_DESCRIPTION).isPresent()) {
            throw Problems.badRequest(
                    "description is longer than " + LONGEST_DESCRIPTION + " characters");
        }
        return Reply.ok(
                shown(
                        parts.directory()
                                .putTeam(
                                        name,
                                        description.orElse(null),
                                        Caller.of(exchange).principal())));
    }

    private static ObjectNode shown(Team team) {
        var shown = Json.object().put("name", team.name());
        KeysApi.put(shown, "description", team.description());
        return shown.put("keys", team.keys())
                .put("created_at", team.createdAt().toString())
                .put("created_by", team.createdBy());
    }

    Reply principals(Exchange exchange) {
        int limit = (int) exchange.query("limit", Page.LIMIT, 1, Page.MOST);
        var after = exchange.query("cursor").map(Names::principal).orElse(null);
        return Page.reply(
                parts.directory().principals(after, limit + 1),
                limit,
                DirectoryApi::shown,
                last -> last.principal().toString());
    }

    Reply principal(Exchange exchange) {
        return Reply.ok(shown(existing(exchange)));
    }

    /// Sets exactly these roles. Keys that exist keep what they were given.
    Reply putPrincipal(Exchange exchange) {
        var principal = named(exchange);
        var caller = Caller.of(exchange);
        var roles = roles(Body.of(exchange, "roles"));
        for (var held : roles) {
            if (!held.role().permissions().stream().allMatch(caller::may)) {
                throw Problems.forbidden(
                        "this key may not give the role " + held.role() + ", which may do more");
            }
        }
        return Reply.ok(
                shown(parts.directory().putPrincipal(principal, roles, caller.principal())));
    }

    private static Set<HeldRole> roles(Body body) {
        var roles = new LinkedHashSet<HeldRole>();
        for (var item : body.objects("roles", "role", "team")) {
            var team = item.findText("team").map(t -> Names.name("team", t)).orElse(null);
            roles.add(new HeldRole(KeyWish.role(item.text("role")), team));
        }
        return roles;
    }

    /// Takes back all keys and all roles.
    Reply revoke(Exchange exchange) {
        Body.optional(exchange);
        var principal = existing(exchange).principal();
        var by = Caller.of(exchange).principal();
        parts.directory().putPrincipal(principal, Set.of(), by);
        int revoked = parts.keys().revokeAll(principal, by);
        return Reply.ok(shown(existing(exchange)).put("revoked_keys", revoked));
    }

    private KnownPrincipal existing(Exchange exchange) {
        var principal = named(exchange);
        return parts.directory()
                .principal(principal)
                .orElseThrow(() -> Problems.unknown("principal", principal.toString()));
    }

    private static Principal named(Exchange exchange) {
        return Names.principal(exchange.parameter("kind"), exchange.parameter("name"));
    }

    private static ObjectNode shown(KnownPrincipal known) {
        var shown =
                Json.object()
                        .put("principal", known.principal().toString())
                        .put("kind", ApiJson.word(known.principal().kind()))
                        .put("name", known.principal().name());
        var roles = shown.putArray("roles");
        for (var held : known.roles()) {
            var role = roles.addObject().put("role", held.role().toString());
            KeysApi.put(role, "team", held.team());
        }
        return shown.put("keys", known.keys())
                .put("created_at", known.createdAt().toString())
                .put("created_by", known.createdBy());
    }
}
