package dev.remit.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Tells a workflow of something that happened.
@Command(
        name = "send",
        sortOptions = false,
        description = {
            "Send an event to a running workflow.",
            "",
            "A step that waits for it goes on. If none waits yet, it is kept until one does.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit send last --event deploy.finished",
            "  ./remit send 019a2f3c-77b1 --event deploy.finished --body '{\"version\": \"1.4\"}'"
        })
final class SendCommand extends RemitCommand {
    @Parameters(paramLabel = "SESSION", description = "Its id, the beginning of it, or last.")
    String id = "";

    @Option(
            names = "--event",
            paramLabel = "NAME",
            required = true,
            description = "The name that the workflow waits for.")
    String event = "";

    @Option(
            names = "--body",
            paramLabel = "JSON",
            description = "What it carries: a file, - for standard input, or JSON.")
    @Nullable String body;

    @Override
    public Integer call() {
        var sent = body == null ? null : Input.read(shell(), "--body", body);
        try (var client = server().connect()) {
            var session = session(client, id);
            client.event(session, event, sent);
            console().note("sent; ./remit attach " + session + " shows what comes of it");
            return good();
        }
    }
}
