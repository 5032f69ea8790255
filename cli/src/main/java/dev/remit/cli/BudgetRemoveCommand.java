package dev.remit.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Removes a limit.
@Command(
        name = "remove",
        sortOptions = false,
        description = {"Remove a limit that was set; what remit.yaml says holds again.", ""},
        footerHeading = "%nExamples%n",
        footer = "  ./remit budget remove team:growth day")
final class BudgetRemoveCommand extends RemitCommand {
    @Parameters(index = "0", paramLabel = "SCOPE", description = "Such as team:growth.")
    String scope = "";

    @Parameters(
            index = "1",
            paramLabel = "WINDOW",
            description = "hour, day, week, month or total.")
    String window = "";

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            client.administration().removeBudget(scope, window);
            console().note("removed: what " + scope + " may spend a " + window);
            return good();
        }
    }
}
