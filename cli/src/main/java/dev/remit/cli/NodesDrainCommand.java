package dev.remit.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Orders a server to hand its sessions over.
@Command(
        name = "drain",
        sortOptions = false,
        description = {
            "Have a server hand its sessions over, each at the end of its step, and take no more.",
            "It goes on answering the API. ./remit nodes resume undoes it; ./remit stop, or a signal, ends it.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = "  ./remit nodes drain 5d31")
final class NodesDrainCommand extends RemitCommand {
    @Parameters(
            paramLabel = "NODE",
            description = "Its id, the beginning of it, or its name, as ./remit nodes shows them.")
    String node = "";

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            client.administration().drainNode(node, true);
            console().note("node " + node + " hands its sessions over");
            return good();
        }
    }
}
