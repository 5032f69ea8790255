package dev.remit.cli;

import dev.remit.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Keeps a session's model answers.
@Command(
        name = "record",
        sortOptions = false,
        description = {
            "Write down what the models answered in a session, to be replayed offline.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit record last -o outage.json",
            "  ./remit run examples/oncall-copilot --input incident.json --replay outage.json"
        })
final class RecordCommand extends RemitCommand {
    @Parameters(paramLabel = "SESSION", description = "Its id, the beginning of it, or last.")
    String id = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to (default: standard output).")
    @Nullable String file;

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            var recording = client.recording(session(client, id));
            if (file == null) {
                console().json(recording);
                return good();
            }
            var target = shell().folder().resolve(file);
            try {
                Files.writeString(target, Json.pretty(recording) + "\n");
            } catch (IOException e) {
                throw Failure.usage("cannot write " + file + ": " + e.getMessage());
            }
            console().note("written; ./remit run … --replay " + file + " replays it");
            return good();
        }
    }
}
