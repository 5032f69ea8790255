package dev.remit.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// What principals may do.
@Command(
        name = "roles",
        sortOptions = false,
        description = {
            "Give roles to people and services, and take them back.",
            "Keys that exist keep what they were given; revoke them with ./remit keys revoke.",
            ""
        },
        subcommands = {RolesGrantCommand.class, RolesRevokeCommand.class, RolesListCommand.class},
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit roles grant person:ada@example.org finance",
            "  ./remit roles revoke person:ada@example.org finance",
            "  ./remit roles list"
        })
final class RolesCommand extends RemitCommand {
    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw needsMore(spec);
    }
}
