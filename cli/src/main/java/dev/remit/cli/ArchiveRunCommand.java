package dev.remit.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Archives now.
@Command(
        name = "run",
        sortOptions = false,
        description = {"Archive what is due now, rather than within the hour.", ""},
        footerHeading = "%nExamples%n",
        footer = {"  ./remit archive run"})
final class ArchiveRunCommand extends RemitCommand {
    @Mixin Format format = new Format();

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            var done = client.administration().runArchive();
            if (format.json()) {
                console().json(done);
            } else if (done.path("busy").asBoolean(false)) {
                console().print("another node is at it");
            } else {
                console()
                        .print(
                                done.path("sessions").asInt(0)
                                        + " sessions archived into "
                                        + done.path("files").asInt(0)
                                        + " files, "
                                        + done.path("deleted").asInt(0)
                                        + " deleted, "
                                        + done.path("expired").asInt(0)
                                        + " expired");
            }
            return good();
        }
    }
}
