package dev.remit.cli;

import dev.remit.core.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Pauses a schedule.
@Command(
        name = "pause",
        sortOptions = false,
        description = {"Start nothing by a schedule until it is resumed.", ""},
        footerHeading = "%nExamples%n",
        footer = "  ./remit schedules pause morning-digest.weekdays --note \"the team is away\"")
final class SchedulesPauseCommand extends RemitCommand {
    @Parameters(paramLabel = "SCHEDULE", description = "Its name, such as morning-digest.weekdays.")
    String name = "";

    @Option(names = "--note", paramLabel = "TEXT", description = "Why; shown with the schedule.")
    @Nullable String note;

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            var body = Json.object();
            if (note != null) {
                body.put("note", note);
            }
            client.steering().schedule(name, "pause", body);
            console().note("paused; ./remit schedules resume " + name + " lets it go on");
            return good();
        }
    }
}
