package dev.remit.cli;

import dev.remit.client.ApiException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Enters a principal.
@Command(
        name = "create",
        sortOptions = false,
        description = {
            "Enter a person or a service, with roles. One that is known already is left as it is.",
            "A key for it is made by ./remit keys create --principal WHO.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit principals create person:ada@example.org --role finance",
            "  ./remit principals create service:ci --role operator --team growth"
        })
final class PrincipalsCreateCommand extends RemitCommand {
    @Parameters(index = "0", paramLabel = "WHO", description = "Such as person:ada@example.org.")
    String who = "";

    @Option(
            names = "--role",
            split = ",",
            paramLabel = "ROLE",
            description = "viewer, author, operator, approver, finance, admin or auditor.")
    List<String> roles = List.of();

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
            try {
                administration.principal(principal);
                throw Failure.usage(
                        principal + " is known already; ./remit roles grant gives it a role");
            } catch (ApiException e) {
                if (e.status() != 404) {
                    throw e;
                }
            }
            var wanted = new ArrayList<JsonNode>();
            roles.forEach(role -> wanted.add(HeldRoles.role(role, team)));
            var made = administration.putPrincipal(principal, wanted);
            console().note(principal + " is entered, " + HeldRoles.told(made));
            return good();
        }
    }
}
