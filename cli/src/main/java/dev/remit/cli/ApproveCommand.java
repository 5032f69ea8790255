package dev.remit.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Say yes to a question that a session asks.
@Command(
        name = "approve",
        sortOptions = false,
        description = {
            "Say yes to a question that a session asks.",
            "",
            "A question is answered once: a second answer is refused, and so is one that comes too late.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit approve last",
            "  ./remit approve 019a2f3c-77b1 --note \"checked with the customer\""
        })
final class ApproveCommand extends RemitCommand {
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
                            true,
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
