package dev.remit.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Who there is.
@Command(
        name = "principals",
        sortOptions = false,
        description = {"List people, services and agents, and enter them.", ""},
        subcommands = {PrincipalsCreateCommand.class, PrincipalsListCommand.class},
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit principals create person:ada@example.org --role finance",
            "  ./remit principals list"
        })
final class PrincipalsCommand extends RemitCommand {
    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw needsMore(spec);
    }
}
