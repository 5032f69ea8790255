package dev.remit.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Enters a team.
@Command(
        name = "add",
        sortOptions = false,
        description = {"Enter a team, or describe it anew.", ""},
        footerHeading = "%nExamples%n",
        footer = "  ./remit teams add growth --description \"Brings people in\"")
final class TeamsAddCommand extends RemitCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "Such as growth.")
    String name = "";

    @Option(names = "--description", paramLabel = "TEXT", description = "What it does.")
    @Nullable String description;

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            client.administration().putTeam(name, description);
            console().note("team " + name + " is entered");
            return good();
        }
    }
}
