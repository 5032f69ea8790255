package dev.remit.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Ends a session.
@Command(
        name = "cancel",
        sortOptions = false,
        description = {"End a session and all it handed out, with clean-up.", ""},
        footerHeading = "%nExamples%n",
        footer = "  ./remit cancel last --why \"wrong incident\"")
final class CancelCommand extends RemitCommand {
    @Parameters(paramLabel = "SESSION", description = "Its id, the beginning of it, or last.")
    String id = "";

    @Option(names = "--why", paramLabel = "TEXT", description = "The reason, kept in the record.")
    @Nullable String why;

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            var session = session(client, id);
            if (client.session(session).isClosed()) {
                console().note("session " + session + " is closed already");
                return good();
            }
            client.cancel(session, why);
            console().note("cancelling " + session);
            return good();
        }
    }
}
