package dev.remit.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Ends a session's turn in its middle.
@Command(
        name = "interrupt",
        sortOptions = false,
        description = {
            "End what a session is at, now. With a message it goes on with that; else it listens.",
            "",
            "The model's call is cut and paid as far as known; a tool that cannot be cut ends first.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit interrupt last",
            "  ./remit interrupt last \"leave the cache, look at the database\""
        })
final class InterruptCommand extends RemitCommand {
    @Parameters(
            index = "0",
            paramLabel = "SESSION",
            description = "Its id, the beginning of it, or last.")
    String id = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "MESSAGE",
            description = "What it is to do instead.")
    @Nullable String message;

    @Override
    public Integer call() {
        if (message != null && message.isBlank()) {
            throw Failure.usage("the message is empty");
        }
        try (var client = server().connect()) {
            var session = session(client, id);
            client.steering().interrupt(session, message);
            console()
                    .note(
                            message == null
                                    ? "interrupting; ./remit message "
                                            + session
                                            + " \"…\" makes it go on"
                                    : "redirected; ./remit attach "
                                            + session
                                            + " shows what comes of it");
            return good();
        }
    }
}
