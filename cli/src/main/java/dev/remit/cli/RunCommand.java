package dev.remit.cli;

import dev.remit.cli.Providers.Chosen;
import dev.remit.client.ApiException;
import dev.remit.client.NewSession;
import dev.remit.client.RemitClient;
import dev.remit.client.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Opens a session and watches it.
@Command(
        name = "run",
        sortOptions = false,
        description = {
            "Run an agent or a workflow, and watch it until it is over.",
            "",
            "Ctrl-C lets go of it: the session goes on, and ./remit attach comes back to it.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit run examples/oncall-copilot --input incident.json",
            "  ./remit run my-agent --input '{\"question\": \"what is new?\"}'",
            "  cat incident.json | ./remit run oncall-copilot --input - -o json",
            "  ./remit run my-agent --detach --idempotency-key nightly-2026-11-20"
        })
final class RunCommand extends RemitCommand {
    @Parameters(
            paramLabel = "AGENT",
            description =
                    "A folder with agent.yaml or workflow.yaml, which is applied first; or the name of an applied one.")
    String agent = "";

    @Option(
            names = {"-i", "--input"},
            paramLabel = "INPUT",
            description = "What it is given: a file, - for standard input, or JSON (default: {}).")
    @Nullable String input;

    @Option(
            names = "--idempotency-key",
            paramLabel = "KEY",
            description = "The same key gives the same session, however often it is run.")
    @Nullable String key;

    @Option(
            names = "--provider",
            paramLabel = "NAME",
            description =
                    "anthropic, openai, gateway (by the server's routes) or rehearsal (default: as the environment says).")
    @Nullable String provider;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            description = "Overrides the model that the agent's route stands for.")
    @Nullable String model;

    @Option(
            names = "--budget",
            paramLabel = "AMOUNT",
            description = "What it may spend, such as \"0.50 USD\".")
    @Nullable String budget;

    @Option(
            names = "--priority",
            paramLabel = "N",
            description =
                    "From -9 to 9: whether it goes before or after others that wait (default: 0).")
    @Nullable Integer priority;

    @Option(
            names = "--replay",
            paramLabel = "FILE",
            description = "Replay recorded answers (see ./remit record) instead of asking a model.")
    @Nullable String replay;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Of a rehearsal: the same seed gives the same run (default: 0).")
    long seed;

    @Option(
            names = {"-d", "--detach"},
            description = "Do not watch; print the session's id and exit with 4.")
    boolean detach;

    @Option(
            names = {"-t", "--timeout"},
            paramLabel = "TIME",
            description = "Watch for at most this long, such as 30s, 5m, 1h; the session goes on.")
    @Nullable String timeout;

    @Mixin Format format = new Format();

    @Override
    public Integer call() {
        var limit = Times.parse("--timeout", timeout);
        var given = Input.read(shell(), input);
        var recording = replay == null ? null : recording(replay);
        var chosen = Providers.choose(shell(), provider, model, seed, recording != null);
        var files = files();
        if (chosen.notice() != null) {
            console().note(chosen.notice());
        }
        try (var client = server().connect()) {
            chosen.credentials().forEach(client::credential);
            var session = open(client, definition(client, files), given, chosen, recording);
            if (!detach) {
                if (!format.json() && !console().isLive()) {
                    console().print("session " + session.id() + " of " + session.agent());
                }
                Watch.answering(console(), client, session.id(), format.json(), limit);
                return Ending.show(console(), client, session.id(), format.json());
            }
            if (format.json()) {
                console().json(session.json());
            } else {
                console().print(session.id());
                console().note("./remit attach " + session.id() + " watches it");
            }
            return ExitCode.of(session);
        }
    }

    private JsonNode recording(String name) {
        var document = Input.document(shell(), "--replay", name);
        var agents = document.path("agents");
        if (!document.path("remit").asString("").equals("recording/v1") || !agents.isObject()) {
            throw Failure.usage(
                    name + " is no recording", "./remit record SESSION -o FILE makes one.");
        }
        return agents;
    }

    /// The folder's files; null if an applied agent is meant by its name.
    private @Nullable Map<String, String> files() {
        var folder = folder();
        boolean name = agent.matches("[A-Za-z0-9_.-]+") && !agent.startsWith(".");
        if (name && (folder == null || !Files.isDirectory(folder))) {
            return null;
        }
        return Folder.read(folder == null ? Path.of(agent) : folder, agent);
    }

    private @Nullable Path folder() {
        try {
            return shell().folder().resolve(agent);
        } catch (java.nio.file.InvalidPathException notAName) {
            throw Failure.usage("not the name of a folder or an agent: " + agent);
        }
    }

    private Definition definition(RemitClient client, @Nullable Map<String, String> files) {
        if (files == null) {
            new AgentNames(client).check(agent);
            return new Definition(agent, null);
        }
        try {
            var applied = client.apply(files, false);
            return new Definition(
                    applied.path("name").asString(""), applied.path("version").asString(""));
        } catch (ApiException e) {
            throw Faults.inFiles(e, agent);
        }
    }

    private Session open(
            RemitClient client,
            Definition definition,
            JsonNode given,
            Chosen chosen,
            @Nullable JsonNode recording) {
        try {
            return client.open(
                    new NewSession(
                            definition.name(),
                            definition.version(),
                            given,
                            chosen.models(),
                            recording,
                            budget,
                            priority),
                    key);
        } catch (ApiException e) {
            throw Faults.inInput(e, definition.name());
        }
    }

    private record Definition(String name, @Nullable String version) {}
}
