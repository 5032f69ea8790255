package dev.remit.cli;

import dev.remit.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/// Lists what is applied.
@Command(
        name = "agents",
        sortOptions = false,
        description = {"List the agents and workflows that are applied.", ""},
        footerHeading = "%nExamples%n",
        footer = {"  ./remit agents", "  ./remit agents -o json"})
final class AgentsCommand extends RemitCommand {
    @Mixin Format format = new Format();

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            var all = new ArrayList<JsonNode>();
            String cursor = null;
            do {
                var page = client.agents(cursor);
                all.addAll(page.items());
                cursor = page.next();
            } while (cursor != null);
            show(all);
            return good();
        }
    }

    private void show(List<JsonNode> agents) {
        if (format.json()) {
            console().json(Json.object().set("items", Json.array().addAll(agents)));
            return;
        }
        if (agents.isEmpty()) {
            console()
                    .note(
                            "nothing is applied yet; ./remit apply FOLDER does it, and so does ./remit run FOLDER");
            return;
        }
        int width =
                agents.stream()
                        .mapToInt(a -> a.path("name").asString("").length())
                        .max()
                        .orElse(10);
        for (var agent : agents) {
            var version = agent.path("version").asString("");
            console()
                    .print(
                            String.format(
                                    Locale.ROOT,
                                    "%-" + Math.max(1, width) + "s  %-8s  %s  %s",
                                    agent.path("name").asString(""),
                                    agent.path("kind").asString(""),
                                    version.length() > 12 ? version.substring(0, 12) : version,
                                    agent.path("description").asString("")));
        }
    }
}
