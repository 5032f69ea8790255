package dev.remit.cli;

import dev.remit.core.json.Json;
import java.util.ArrayList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Shows one schedule and what became of its times.
@Command(
        name = "describe",
        sortOptions = false,
        description = {"Show a schedule, and what became of its last times.", ""},
        footerHeading = "%nExamples%n",
        footer = "  ./remit schedules describe morning-digest.weekdays")
final class SchedulesDescribeCommand extends RemitCommand {
    @Parameters(paramLabel = "SCHEDULE", description = "Its name, such as morning-digest.weekdays.")
    String name = "";

    @Mixin Format format = new Format();

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            var schedule = client.steering().schedule(name);
            if (format.json()) {
                console().json(schedule);
                return good();
            }
            var lines = new ArrayList<String>();
            lines.add("schedule  " + schedule.path("name").asString(""));
            lines.add("agent     " + schedule.path("agent").asString(""));
            lines.add("when      " + schedule.path("when").asString(""));
            var paused = schedule.path("paused");
            lines.add(
                    paused.isObject()
                            ? "paused    by "
                                    + paused.path("by").asString("")
                                    + " at "
                                    + Moments.of(paused.path("at").asString(""))
                                    + (paused.has("note")
                                            ? ": " + paused.path("note").asString("")
                                            : "")
                            : "next      " + Moments.of(schedule.path("next_at").asString("")));
            lines.add("written   " + Json.write(schedule.path("spec")));
            for (var fire : schedule.path("fires")) {
                lines.add("  " + fire(fire));
            }
            console().print(lines);
            return good();
        }
    }

    static String fire(JsonNode fire) {
        var text = new StringBuilder();
        text.append(Moments.of(fire.path("nominal").asString("")))
                .append("  ")
                .append(fire.path("state").asString(""));
        if (fire.path("times").asLong(1) > 1) {
            text.append(" ").append(fire.path("times").asLong()).append(" times");
        }
        if (!fire.path("kind").asString("").equals("time")) {
            text.append(" (").append(fire.path("kind").asString("")).append(")");
        }
        if (fire.has("session")) {
            text.append("  session ").append(fire.path("session").asString(""));
        }
        if (fire.has("why")) {
            text.append("  ").append(fire.path("why").asString(""));
        }
        return text.toString();
    }
}
