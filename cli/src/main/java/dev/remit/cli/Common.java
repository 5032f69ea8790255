package dev.remit.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Options of every command.
final class Common {
    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "Remit's state folder (default: $REMIT_HOME, or ~/.remit).")
    @Nullable String home;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            defaultValue = "auto",
            description = "auto, always or never; NO_COLOR is honoured (default: auto).")
    String color = "auto";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;
}
