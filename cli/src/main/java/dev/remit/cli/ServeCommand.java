package dev.remit.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Says how the server is run in the foreground. The launcher runs it, in a Java of its own.
@Command(
        name = "serve",
        sortOptions = false,
        description = {
            "Run the server in the foreground.",
            "",
            "Not needed by hand on one's own machine: the other commands start it, and ./remit stop ends it.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit serve",
            "  ./remit serve --home /var/lib/remit",
            "  ./remit serve --config /etc/remit.yaml"
        })
final class ServeCommand extends RemitCommand {
    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw Failure.trouble(
                spec.qualifiedName() + " is run by the launcher", "Call ./remit serve.");
    }
}
