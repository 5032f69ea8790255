package dev.remit.cli;

import picocli.CommandLine.Command;

/// Goes back to a step of a session.
@Command(
        name = "rewind",
        sortOptions = false,
        description = {
            "Go back to a step: a new session that begins as this one did takes its place.",
            "",
            "As fork, and this one is cancelled. It stays to be read, and says which session took its place.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit rewind last --turn 2",
            "  ./remit rewind last --at 17 --message \"without the search\""
        })
final class RewindCommand extends BranchCommand {
    RewindCommand() {
        super(true, "rewound");
    }
}
