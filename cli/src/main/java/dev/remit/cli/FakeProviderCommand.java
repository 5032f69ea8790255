package dev.remit.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Says how the fake provider is run. The launcher runs it, in a Java of its own.
@Command(
        name = "fake-provider",
        sortOptions = false,
        description = {
            "Run a fake of OpenAI, Anthropic, Gemini, Azure OpenAI and Bedrock, for tests and drills.",
            "",
            "It speaks their APIs on this machine, costs nothing, and fails on order.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit fake-provider --latency 50ms --tokens-per-second 80",
            "  ./remit fake-provider --script examples/drills/rough-day.yaml --seed 7"
        })
final class FakeProviderCommand extends RemitCommand {
    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Where it listens (default: a free port).")
    @Nullable Integer port;

    @Option(
            names = "--latency",
            paramLabel = "TIME",
            description = "Before each answer, such as 50ms (default: none).")
    @Nullable String latency;

    @Option(
            names = "--tokens-per-second",
            paramLabel = "N",
            description = "How fast it streams (default: as fast as it goes).")
    @Nullable Integer tokensPerSecond;

    @Option(
            names = "--script",
            paramLabel = "FILE",
            description = "What it does and what goes wrong, see docs/cli.md.")
    @Nullable String script;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of everything left to chance: the same seed gives the same run.")
    @Nullable Integer seed;

    @Override
    public Integer call() {
        throw Failure.trouble(
                "fake-provider is run by the launcher", "Call ./remit fake-provider.");
    }
}
