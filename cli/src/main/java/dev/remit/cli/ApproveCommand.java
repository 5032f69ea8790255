package dev.remit.cli;

import picocli.CommandLine.Command;

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
final class ApproveCommand extends AnswerCommand {
    ApproveCommand() {
        super(true);
    }
}
