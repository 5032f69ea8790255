package dev.remit.cli;

import dev.remit.core.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Starts what a schedule starts, now.
@Command(
        name = "trigger",
        sortOptions = false,
        description = {"Start what a schedule starts, now, also while it is paused.", ""},
        footerHeading = "%nExamples%n",
        footer = "  ./remit schedules trigger morning-digest.weekdays --overlap allow")
final class SchedulesTriggerCommand extends RemitCommand {
    @Parameters(paramLabel = "SCHEDULE", description = "Its name, such as morning-digest.weekdays.")
    String name = "";

    @Option(
            names = "--overlap",
            paramLabel = "POLICY",
            description =
                    "skip, buffer_one, buffer_all, cancel or allow; default: as the schedule has it.")
    @Nullable String overlap;

    @Mixin Format format = new Format();

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            var body = Json.object();
            if (overlap != null) {
                body.put("overlap", overlap);
            }
            var fire = client.steering().schedule(name, "trigger", body);
            if (format.json()) {
                console().json(fire);
                return good();
            }
            console().print(SchedulesDescribeCommand.fire(fire));
            if (fire.has("session")) {
                console()
                        .note(
                                "./remit attach "
                                        + fire.path("session").asString("")
                                        + " watches it");
            }
            return good();
        }
    }
}
