package dev.remit.cli;

import java.util.List;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/// Gives a role.
@Command(
        name = "grant",
        sortOptions = false,
        description = {"Give a role to a person or a service.", ""},
        footerHeading = "%nExamples%n",
        footer = "  ./remit roles grant person:ada@example.org finance")
final class RolesGrantCommand extends RolesChangeCommand {
    @Override
    void change(String principal, List<JsonNode> roles) {
        if (roles.stream().noneMatch(held -> HeldRoles.isSame(held, role, team))) {
            roles.add(HeldRoles.role(role, team));
        }
    }
}
