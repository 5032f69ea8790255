package dev.remit.cli;

import dev.remit.cli.view.Amounts;
import dev.remit.cli.view.Table;
import dev.remit.core.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// Lists sessions that cannot go on by themselves.
@Command(
        name = "trouble",
        sortOptions = false,
        description = {
            "List sessions that cannot go on by themselves: since when, why, how often, and what to do.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {"  ./remit trouble", "  ./remit trouble --agent oncall-copilot -o json"})
final class TroubleCommand extends RemitCommand {
    private static final int MOST = 1000;

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
                var page = client.steering().trouble(filter);
                items.addAll(page.items());
                var next = page.next();
                if (next == null) {
                    break;
                }
                filter.put("cursor", next);
            }
            var document = Json.object().set("items", Json.array().addAll(items));
            if (format.kind == TableFormat.Kind.text && !items.isEmpty()) {
                items.forEach(item -> console().print(lines(item)));
            } else {
                format.show(console(), document, table(items), "no session is in trouble");
            }
            return good();
        }
    }

    /// The reason on top, and what to do below it.
    private static List<String> lines(JsonNode item) {
        var lines = new ArrayList<String>();
        var since = Instant.parse(item.path("since").asString(""));
        int times = item.path("times").asInt(1);
        lines.add(
                item.path("session").asString("")
                        + "  "
                        + item.path("agent").asString("")
                        + "  for "
                        + Amounts.time(Duration.between(since, Instant.now()))
                        + (times > 1 ? ", " + times + " times lately" : ""));
        lines.add("  why   " + item.path("why").asString(""));
        var failure = item.path("failure");
        if (failure.isObject()
                && !item.path("why").asString("").contains(failure.path("what").asString(""))) {
            lines.add(
                    "  last  "
                            + failure.path("what").asString("")
                            + " (node "
                            + failure.path("node").asString("")
                            + ")");
        }
        lines.add("  do    ./" + item.path("todo").asString(""));
        return lines;
    }

    private static Table table(List<JsonNode> items) {
        var table =
                new Table()
                        .words("session")
                        .words("agent")
                        .words("since")
                        .numbers("times")
                        .words("why")
                        .words("do");
        for (var item : items) {
            table.row(
                    item.path("session").asString(""),
                    item.path("agent").asString(""),
                    item.path("since").asString(""),
                    Integer.toString(item.path("times").asInt(1)),
                    item.path("why").asString(""),
                    item.path("todo").asString(""));
        }
        return table;
    }
}
