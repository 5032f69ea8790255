package dev.remit.cli;

import dev.remit.cli.view.Report;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Shows one session.
@Command(
        name = "describe",
        subcommands = DescribeWorkflowCommand.class,
        sortOptions = false,
        description = {
            "Show where a session stands: its result, its agents, what it took and what it waits for.",
            "Or draw a workflow: ./remit describe workflow.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {"  ./remit describe last", "  ./remit describe 019a2f3c-77b1 -o json"})
final class DescribeCommand extends RemitCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "SESSION",
            description = "Its id, the beginning of it, or last.")
    String id = "";

    @Mixin Format format = new Format();

    @Override
    public Integer call() {
        if (id.isEmpty()) {
            throw Failure.usage("which session? its id, the beginning of it, or last");
        }
        try (var client = server().connect()) {
            var session = client.session(session(client, id));
            if (format.json()) {
                console().json(session.json());
                return good();
            }
            var children = Ending.children(client, session);
            console()
                    .print(
                            Report.description(
                                    session,
                                    children,
                                    Ending.next(session, children),
                                    console().width(),
                                    console().style()));
            return good();
        }
    }
}
