package dev.remit.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Says how Remit is verified. The launcher does it, by Maven.
@Command(
        name = "verify",
        sortOptions = false,
        description = {"Build Remit from source with all checks, and run all of its tests.", ""},
        footerHeading = "%nExamples%n",
        footer = {"  ./remit verify", "  ./remit verify --fast"})
final class VerifyCommand extends RemitCommand {
    @Option(names = "--fast", description = "Without the tests that take long.")
    boolean fast;

    @Override
    public Integer call() {
        throw Failure.trouble(
                "verify" + (fast ? " --fast" : "") + " is run by the launcher",
                "Call ./remit verify.");
    }
}
