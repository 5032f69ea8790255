package dev.remit.cli;

import dev.remit.core.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Lets a paused schedule go on.
@Command(
        name = "resume",
        sortOptions = false,
        description = {
            "Let a paused schedule go on with its next time. What came while it was paused is not started.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = "  ./remit schedules resume morning-digest.weekdays")
final class SchedulesResumeCommand extends RemitCommand {
    @Parameters(paramLabel = "SCHEDULE", description = "Its name, such as morning-digest.weekdays.")
    String name = "";

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            var schedule = client.steering().schedule(name, "resume", Json.object());
            console().note("resumed; next: " + Moments.of(schedule.path("next_at").asString("")));
            return good();
        }
    }
}
