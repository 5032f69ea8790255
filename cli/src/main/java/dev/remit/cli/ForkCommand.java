package dev.remit.cli;

import picocli.CommandLine.Command;

/// Makes a session of another one's beginning.
@Command(
        name = "fork",
        sortOptions = false,
        description = {
            "Make a new session that begins as another one did; the other one stays as it is.",
            "",
            "Without --at or --turn it keeps all that the other did. What was open there is begun anew, approvals",
            "are asked for again, and the work of its agents is handed out again.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit fork last --turn 3 --message \"take the other road\"",
            "  ./remit fork 019a2f3c-77b1 --at 42"
        })
final class ForkCommand extends BranchCommand {
    ForkCommand() {
        super(false, "forked");
    }
}
