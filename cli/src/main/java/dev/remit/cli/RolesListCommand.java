package dev.remit.cli;

import dev.remit.cli.view.Table;
import dev.remit.core.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Lists who holds which role.
@Command(
        name = "list",
        sortOptions = false,
        description = {"List who holds which role.", ""},
        footerHeading = "%nExamples%n",
        footer = {"  ./remit roles list", "  ./remit roles list -o csv"})
final class RolesListCommand extends RemitCommand {
    @Mixin TableFormat format = new TableFormat();

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            var document = Json.object();
            var items = document.putArray("items");
            var table = new Table().words("principal").words("role").words("team");
            for (var one : HeldRoles.all(client.administration())) {
                var principal = one.path("principal").asString("");
                for (var held : one.path("roles")) {
                    var role = held.path("role").asString("");
                    var team = held.path("team").asString("");
                    items.add(
                            HeldRoles.role(role, team.isEmpty() ? null : team)
                                    .put("principal", principal));
                    table.row(principal, role, team);
                }
            }
            format.show(
                    console(),
                    document,
                    table,
                    "no roles yet; ./remit roles grant WHO ROLE gives one");
            return good();
        }
    }
}
