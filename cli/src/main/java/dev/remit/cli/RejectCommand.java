package dev.remit.cli;

import picocli.CommandLine.Command;

/// Say no to a question that a session asks.
@Command(
        name = "reject",
        sortOptions = false,
        description = {
            "Say no to a question that a session asks.",
            "",
            "A question is answered once: a second answer is refused, and so is one that comes too late.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit reject last",
            "  ./remit reject 019a2f3c-77b1 --note \"not in the holidays\""
        })
final class RejectCommand extends AnswerCommand {
    RejectCommand() {
        super(false);
    }
}
