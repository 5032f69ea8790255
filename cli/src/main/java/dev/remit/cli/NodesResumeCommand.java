package dev.remit.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Orders a server to take sessions again.
@Command(
        name = "resume",
        sortOptions = false,
        description = {"Have a server that was drained take sessions again.", ""},
        footerHeading = "%nExamples%n",
        footer = "  ./remit nodes resume 5d31")
final class NodesResumeCommand extends RemitCommand {
    @Parameters(
            paramLabel = "NODE",
            description = "Its id, the beginning of it, or its name, as ./remit nodes shows them.")
    String node = "";

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            client.administration().drainNode(node, false);
            console().note("node " + node + " takes sessions again");
            return good();
        }
    }
}
