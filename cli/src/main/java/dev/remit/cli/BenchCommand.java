package dev.remit.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Says how the benchmarks are run. The launcher runs them, in a Java of their own.
@Command(
        name = "bench",
        sortOptions = false,
        description = {"Measure, against a baseline in the same run.", ""},
        footerHeading = "%nExamples%n",
        footer = "  ./remit bench steps")
final class BenchCommand extends RemitCommand {
    @Parameters(paramLabel = "BENCHMARK", description = "Such as steps.", arity = "0..*")
    List<String> benchmarks = List.of();

    @Override
    public Integer call() {
        throw Failure.trouble(
                "bench " + String.join(" ", benchmarks) + " is run by the launcher",
                "Call ./remit bench.");
    }
}
