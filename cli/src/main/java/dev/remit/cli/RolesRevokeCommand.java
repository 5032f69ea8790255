package dev.remit.cli;

import java.util.List;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/// Takes a role back.
@Command(
        name = "revoke",
        sortOptions = false,
        description = {
            "Take a role back. Keys that were given it keep it until they are revoked.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = "  ./remit roles revoke person:ada@example.org finance")
final class RolesRevokeCommand extends RolesChangeCommand {
    @Override
    void change(String principal, List<JsonNode> roles) {
        if (!roles.removeIf(held -> HeldRoles.isSame(held, role, team))) {
            throw Failure.usage(
                    principal
                            + " has no role "
                            + role
                            + (team == null ? "" : " of " + team)
                            + "; ./remit roles list shows them");
        }
    }
}
