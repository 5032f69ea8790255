package dev.remit.cli;

import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Gives a role.
@Command(
        name = "grant",
        sortOptions = false,
        description = {"Give a role to a person or a service.", ""},
        footerHeading = "%nExamples%n",
        footer = "  ./remit roles grant person:ada@example.org finance")
final class RolesGrantCommand extends RemitCommand {
    @Parameters(index = "0", paramLabel = "WHO", description = "Such as person:ada@example.org.")
    String who = "";

    @Parameters(
            index = "1",
            paramLabel = "ROLE",
            description = "viewer, author, operator, approver, finance, admin or auditor.")
    String role = "";

    @Option(
            names = "--team",
            paramLabel = "TEAM",
            description = "Over which team. Default: the organisation.")
    @Nullable String team;

    @Override
    public Integer call() {
        var principal = HeldRoles.principal(who);
        try (var client = server().connect()) {
            var administration = client.administration();
            var roles = new ArrayList<JsonNode>();
            roles.addAll(administration.principal(principal).path("roles").values());
            if (roles.stream().noneMatch(held -> HeldRoles.isSame(held, role, team))) {
                roles.add(HeldRoles.role(role, team));
            }
            var changed = administration.putPrincipal(principal, roles);
            console().note(principal + " is known " + HeldRoles.told(changed));
            return good();
        }
    }
}
