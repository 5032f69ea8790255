package dev.remit.cli;

import dev.remit.client.Administration;
import dev.remit.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Principals and their roles, as the API shows them.
final class HeldRoles {
    private static final int MOST = 10_000;

    private HeldRoles() {}

    /// @throws Failure if it cannot be one
    static String principal(String who) {
        if (!who.matches("[a-z]+:.+")) {
            throw Failure.usage(
                    "expected a kind and a name, such as person:ada@example.org, not " + who);
        }
        return who;
    }

    static List<JsonNode> all(Administration administration) {
        var all = new ArrayList<JsonNode>();
        String cursor = null;
        do {
            var page = administration.principals(cursor);
            all.addAll(page.items());
            cursor = page.next();
        } while (cursor != null && all.size() < MOST);
        return all;
    }

    /// @param team absent: over the organisation
    static ObjectNode role(String role, @Nullable String team) {
        var held = Json.object().put("role", role);
        return team == null ? held : held.put("team", team);
    }

    static boolean isSame(JsonNode held, String role, @Nullable String team) {
        return held.path("role").asString("").equals(role)
                && held.path("team").asString("").equals(team == null ? "" : team);
    }

    static String joined(JsonNode principal) {
        return principal.path("roles").values().stream()
                .map(HeldRoles::said)
                .collect(Collectors.joining(", "));
    }

    private static String said(JsonNode held) {
        var team = held.path("team").asString("");
        return held.path("role").asString("") + (team.isEmpty() ? "" : " of " + team);
    }

    static String told(JsonNode principal) {
        return principal.path("roles").isEmpty() ? "without a role" : "as " + joined(principal);
    }
}
