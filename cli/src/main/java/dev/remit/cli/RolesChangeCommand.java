package dev.remit.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Changes what roles somebody holds.
abstract class RolesChangeCommand extends RemitCommand {
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

    /// @param roles those held, to be changed
    abstract void change(String principal, List<JsonNode> roles);

    @Override
    public Integer call() {
        var principal = HeldRoles.principal(who);
        try (var client = server().connect()) {
            var administration = client.administration();
            var roles = new ArrayList<JsonNode>();
            roles.addAll(administration.principal(principal).path("roles").values());
            change(principal, roles);
            var changed = administration.putPrincipal(principal, roles);
            console().note(principal + " is known " + HeldRoles.told(changed));
            return good();
        }
    }
}
