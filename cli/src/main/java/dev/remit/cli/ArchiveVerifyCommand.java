package dev.remit.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Reads the whole archive.
@Command(
        name = "verify",
        sortOptions = false,
        description = {
            "Read every file of the archive and every session in it.",
            "",
            "Ends with code 1 if anything is wrong.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {"  ./remit archive verify"})
final class ArchiveVerifyCommand extends RemitCommand {
    @Mixin Format format = new Format();

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            var found = client.administration().verifyArchive();
            var faults = found.path("faults");
            if (format.json()) {
                console().json(found);
            } else if (faults.isEmpty()) {
                console().print("the archive is whole");
            } else {
                faults.forEach(fault ->
                        console()
                                .print(
                                        fault.path("file").asString("")
                                                + ": "
                                                + fault.path("wrong").asString("")));
            }
            return faults.isEmpty() ? good() : Integer.valueOf(1);
        }
    }
}
