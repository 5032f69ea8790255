package dev.remit.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Sessions that ended long ago.
@Command(
        name = "archive",
        sortOptions = false,
        description = {
            "Look after the files of sessions that ended long ago.",
            "",
            "The server archives by itself, as sessions: in remit.yaml says. Archived sessions are read with",
            "logs and describe as before.",
            ""
        },
        subcommands = {
            ArchiveRunCommand.class,
            ArchiveListCommand.class,
            ArchiveVerifyCommand.class,
            ArchiveRestoreCommand.class
        },
        footerHeading = "%nExamples%n",
        footer = {"  ./remit archive list", "  ./remit archive restore 019a2f3c-77b1"})
final class ArchiveCommand extends RemitCommand {
    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw needsMore(spec);
    }
}
