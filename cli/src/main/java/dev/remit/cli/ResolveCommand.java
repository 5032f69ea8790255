package dev.remit.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Answers whether an action in doubt happened.
@Command(
        name = "resolve",
        sortOptions = false,
        description = {
            "Say whether an action happened.",
            "",
            "An action that must not be done twice was begun, and nobody knows how it ended. Look where it",
            "would have left a trace, then answer; the session goes on with your answer.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit resolve last happened",
            "  ./remit resolve 019a2f3c-77b1 did-not-happen --action 3.0"
        })
final class ResolveCommand extends RemitCommand {
    @Parameters(
            index = "0",
            paramLabel = "SESSION",
            description = "Its id, the beginning of it, or last.")
    String id = "";

    @Parameters(index = "1", paramLabel = "ANSWER", description = "happened or did-not-happen.")
    String answer = "";

    @Option(
            names = "--action",
            paramLabel = "ACTION",
            description = "Which action; needed if several are in doubt.")
    @Nullable String action;

    @Override
    public Integer call() {
        if (!answer.equals("happened") && !answer.equals("did-not-happen")) {
            throw Failure.usage("the answer is happened or did-not-happen, not " + answer);
        }
        try (var client = server().connect()) {
            var session = session(client, id);
            client.resolve(session, action, answer.equals("happened"));
            console().note("noted; ./remit attach " + session + " shows how it goes on");
            return good();
        }
    }
}
