package dev.remit.cli;

import dev.remit.cli.view.Table;
import dev.remit.core.json.Json;
import java.util.ArrayList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/// Lists teams.
@Command(
        name = "teams",
        sortOptions = false,
        description = {"List teams, and enter them.", ""},
        subcommands = TeamsAddCommand.class,
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit teams",
            "  ./remit teams add growth --description \"Brings people in\""
        })
final class TeamsCommand extends RemitCommand {
    @Mixin TableFormat format = new TableFormat();

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            var teams = new ArrayList<JsonNode>();
            String cursor = null;
            do {
                var page = client.administration().teams(cursor);
                teams.addAll(page.items());
                cursor = page.next();
            } while (cursor != null);
            var table = new Table().words("team").numbers("keys").words("description");
            for (var team : teams) {
                table.row(
                        team.path("name").asString(""),
                        Long.toString(team.path("keys").asLong()),
                        team.path("description").asString(""));
            }
            format.show(
                    console(),
                    Json.object().set("items", Json.array().addAll(teams)),
                    table,
                    "no teams yet; ./remit teams add NAME enters one");
            return good();
        }
    }
}
