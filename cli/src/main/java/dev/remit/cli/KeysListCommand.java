package dev.remit.cli;

import dev.remit.cli.view.Table;
import dev.remit.core.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// Lists keys.
@Command(
        name = "list",
        sortOptions = false,
        description = {"List keys, the newest first. Their secrets are known to nobody.", ""},
        footerHeading = "%nExamples%n",
        footer = {"  ./remit keys list --team growth", "  ./remit keys list --revoked -o json"})
final class KeysListCommand extends RemitCommand {
    private static final int MOST = 10_000;

    @Option(names = "--team", paramLabel = "TEAM", description = "Those of one team.")
    @Nullable String team;

    @Option(names = "--agent", paramLabel = "AGENT", description = "Those of one agent.")
    @Nullable String agent;

    @Option(names = "--revoked", description = "Revoked ones, too.")
    boolean revoked;

    @Mixin TableFormat format = new TableFormat();

    @Override
    public Integer call() {
        var filter = new HashMap<String, String>();
        if (team != null) {
            filter.put("team", team);
        }
        if (agent != null) {
            filter.put("agent", agent);
        }
        filter.put("revoked", Boolean.toString(revoked));
        filter.put("limit", "500");
        try (var client = server().connect()) {
            var keys = new ArrayList<JsonNode>();
            while (keys.size() < MOST) {
                var page = client.administration().keys(filter);
                keys.addAll(page.items());
                var next = page.next();
                if (next == null) {
                    break;
                }
                filter.put("cursor", next);
            }
            var document = Json.object().set("items", Json.array().addAll(keys));
            format.show(console(), document, table(keys), "no keys; ./remit keys create makes one");
            return good();
        }
    }

    private static Table table(Iterable<JsonNode> keys) {
        var table = new Table();
        for (var heading :
                new String[] {
                    "id",
                    "name",
                    "status",
                    "team",
                    "agent",
                    "principal",
                    "routes",
                    "may",
                    "expires",
                    "last used"
                }) {
            table.words(heading);
        }
        for (var key : keys) {
            table.row(
                    text(key, "id"),
                    text(key, "name"),
                    text(key, "status"),
                    text(key, "team"),
                    text(key, "agent"),
                    text(key, "principal"),
                    key.path("routes").isEmpty() ? "all" : joined(key.path("routes")),
                    joined(key.path("permissions")),
                    day(key, "expires_at"),
                    day(key, "last_used"));
        }
        return table;
    }

    private static String text(JsonNode key, String field) {
        return key.path(field).asString("");
    }

    private static String day(JsonNode key, String field) {
        var at = text(key, field);
        return at.length() < 10 ? at : at.substring(0, 10);
    }

    static String joined(JsonNode list) {
        return list.values().stream()
                .map(item -> item.asString(""))
                .collect(Collectors.joining(" "));
    }
}
