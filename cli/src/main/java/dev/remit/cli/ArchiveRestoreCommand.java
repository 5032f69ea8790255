package dev.remit.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Puts a session back.
@Command(
        name = "restore",
        sortOptions = false,
        description = {
            "Put an archived session, with its parent and children, back into the database.",
            "",
            "To read it, that is not needed. It is kept from now on as if it had ended now.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {"  ./remit archive restore 019a2f3c-77b1"})
final class ArchiveRestoreCommand extends RemitCommand {
    @Parameters(paramLabel = "SESSION", description = "Its id, the beginning of it, or last.")
    String id = "";

    @Mixin Format format = new Format();

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            var restored = client.administration().restore(session(client, id));
            if (format.json()) {
                console().json(restored);
            } else {
                int sessions = restored.path("sessions").asInt(0);
                console()
                        .print(
                                sessions == 0
                                        ? "it is not archived"
                                        : sessions
                                                + (sessions == 1 ? " session" : " sessions")
                                                + " restored");
            }
            return good();
        }
    }
}
