package dev.remit.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Gives a session more budget.
@Command(
        name = "raise",
        sortOptions = false,
        description = {
            "Set what a session may spend in all; it goes on if it waited for that.",
            "",
            "One that works for another session gets it out of that one's budget, and never more than",
            "is left there: raise that one first.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = "  ./remit raise last \"2 USD\"")
final class RaiseCommand extends RemitCommand {
    @Parameters(
            index = "0",
            paramLabel = "SESSION",
            description = "Its id, the beginning of it, or last.")
    String id = "";

    @Parameters(
            index = "1",
            paramLabel = "AMOUNT",
            description = "The new limit, such as \"1 USD\".")
    String amount = "";

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            var session = session(client, id);
            client.raise(session, amount);
            console().note("noted; ./remit attach " + session + " shows how it goes on");
            return good();
        }
    }
}
