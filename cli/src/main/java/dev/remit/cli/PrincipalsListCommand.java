package dev.remit.cli;

import dev.remit.cli.view.Table;
import dev.remit.core.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Lists principals.
@Command(
        name = "list",
        sortOptions = false,
        description = {"List people, services and agents, with their roles.", ""},
        footerHeading = "%nExamples%n",
        footer = {"  ./remit principals list", "  ./remit principals list -o json"})
final class PrincipalsListCommand extends RemitCommand {
    @Mixin TableFormat format = new TableFormat();

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            var all = HeldRoles.all(client.administration());
            var table = new Table().words("principal").numbers("keys").words("roles");
            for (var one : all) {
                table.row(
                        one.path("principal").asString(""),
                        Long.toString(one.path("keys").asLong(0)),
                        HeldRoles.joined(one));
            }
            format.show(
                    console(),
                    Json.object().set("items", Json.array().addAll(all)),
                    table,
                    "nobody yet; ./remit principals create WHO enters one");
            return good();
        }
    }
}
