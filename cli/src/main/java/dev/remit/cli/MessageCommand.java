package dev.remit.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Says something to a session.
@Command(
        name = "message",
        sortOptions = false,
        description = {"Say something to a session; it goes on if it waited for that.", ""},
        footerHeading = "%nExamples%n",
        footer = "  ./remit message last \"the cache is back, please check again\"")
final class MessageCommand extends RemitCommand {
    @Parameters(
            index = "0",
            paramLabel = "SESSION",
            description = "Its id, the beginning of it, or last.")
    String id = "";

    @Parameters(index = "1", paramLabel = "TEXT", description = "What is said.")
    String text = "";

    @Override
    public Integer call() {
        if (text.isBlank()) {
            throw Failure.usage("the message is empty");
        }
        try (var client = server().connect()) {
            var session = session(client, id);
            client.message(session, text);
            console().note("sent; ./remit attach " + session + " shows what comes of it");
            return good();
        }
    }
}
