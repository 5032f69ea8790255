package dev.remit.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// A person's answer to a question that a session asks.
abstract class AnswerCommand extends RemitCommand {
    private final boolean yes;

    AnswerCommand(boolean yes) {
        this.yes = yes;
    }

    @Parameters(
            paramLabel = "QUESTION",
            description =
                    "Its id as ./remit approvals shows it, the beginning of it, the session that asks, or last.")
    String id = "";

    @Option(names = "--note", paramLabel = "TEXT", description = "Why, in your own words.")
    @Nullable String note;

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            var question = Approvals.find(client, id);
            var digest = Approvals.text(question, "digest");
            var done =
                    client.answer(
                            Approvals.text(question, "id"),
                            yes,
                            note,
                            digest.isEmpty() ? null : digest);
            console()
                    .note(
                            Approvals.text(done, "status")
                                    + "; ./remit attach "
                                    + Approvals.text(done, "session")
                                    + " shows how it goes on");
            return good();
        }
    }
}
