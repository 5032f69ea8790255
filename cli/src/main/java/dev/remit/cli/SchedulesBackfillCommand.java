package dev.remit.cli;

import dev.remit.core.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Starts the times of a span that were not started.
@Command(
        name = "backfill",
        sortOptions = false,
        description = {
            "Start the times of a span that were missed or skipped, one after the other.",
            "",
            "What was started before is left alone, so the same command again does nothing.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer =
                "  ./remit schedules backfill morning-digest.weekdays --from 2026-11-16T00:00:00Z --to 2026-11-20T00:00:00Z")
final class SchedulesBackfillCommand extends RemitCommand {
    @Parameters(paramLabel = "SCHEDULE", description = "Its name, such as morning-digest.weekdays.")
    String name = "";

    @Option(
            names = "--from",
            paramLabel = "TIME",
            required = true,
            description = "Such as 2026-11-16T00:00:00Z.")
    String from = "";

    @Option(
            names = "--to",
            paramLabel = "TIME",
            required = true,
            description = "Likewise; not in the future.")
    String to = "";

    @Mixin Format format = new Format();

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            var done =
                    client.steering()
                            .schedule(
                                    name,
                                    "backfill",
                                    Json.object().put("from", from).put("to", to));
            if (format.json()) {
                console().json(done);
                return good();
            }
            console()
                    .note(
                            done.path("starts").size()
                                    + " times are started, "
                                    + done.path("started_before").size()
                                    + " were before; ./remit schedules describe "
                                    + name);
            return good();
        }
    }
}
