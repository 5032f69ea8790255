package dev.remit.cli;

import dev.remit.cli.view.Table;
import dev.remit.core.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// Lists schedules.
@Command(
        name = "list",
        sortOptions = false,
        description = {"List schedules and when they fire next.", ""},
        footerHeading = "%nExamples%n",
        footer = {"  ./remit schedules list", "  ./remit schedules list --agent digest -o json"})
final class SchedulesListCommand extends RemitCommand {
    private static final int MOST = 10_000;

    @Option(names = "--agent", paramLabel = "NAME", description = "Those of one agent or workflow.")
    @Nullable String agent;

    @Mixin TableFormat format = new TableFormat();

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            var filter = new HashMap<String, String>();
            filter.put("limit", "100");
            if (agent != null) {
                filter.put("agent", agent);
            }
            var items = new ArrayList<JsonNode>();
            while (items.size() < MOST) {
                var page = client.steering().schedules(filter);
                items.addAll(page.items());
                var next = page.next();
                if (next == null) {
                    break;
                }
                filter.put("cursor", next);
            }
            var table =
                    new Table()
                            .words("name")
                            .words("agent")
                            .words("when")
                            .words("next")
                            .words("state");
            for (var item : items) {
                table.row(
                        item.path("name").asString(""),
                        item.path("agent").asString(""),
                        item.path("when").asString(""),
                        Moments.of(item.path("next_at").asString("")),
                        state(item));
            }
            format.show(
                    console(),
                    Json.object().set("items", Json.array().addAll(items)),
                    table,
                    "no schedules; `schedules:` in agent.yaml makes one, see docs/schedules.md");
            return good();
        }
    }

    private static String state(JsonNode item) {
        var note = item.path("paused").path("note").asString("");
        var state =
                item.path("paused").isObject()
                        ? "paused" + (note.isEmpty() ? "" : ": " + note)
                        : "active";
        long missed = item.path("missed_lately").asLong(0);
        return missed == 0 ? state : state + ", missed " + missed + " in 7 days";
    }
}
