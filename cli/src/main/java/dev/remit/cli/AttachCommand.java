package dev.remit.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Watches a session that was opened before.
@Command(
        name = "attach",
        sortOptions = false,
        description = {"Come back to a session: what happened so far, and what happens next.", ""},
        footerHeading = "%nExamples%n",
        footer = {"  ./remit attach last", "  ./remit attach 019a2f3c-77b1 --timeout 30s"})
final class AttachCommand extends RemitCommand {
    @Parameters(paramLabel = "SESSION", description = "Its id, the beginning of it, or last.")
    String id = "";

    @Option(
            names = {"-t", "--timeout"},
            paramLabel = "TIME",
            description = "Watch for at most this long, such as 30s, 5m, 1h.")
    @Nullable String timeout;

    @Mixin Format format = new Format();

    @Override
    public Integer call() {
        var limit = Times.parse("--timeout", timeout);
        try (var client = server().connect()) {
            var session = session(client, id);
            Watch.answering(console(), client, session, format.json(), limit);
            return Ending.show(console(), client, session, format.json());
        }
    }
}
