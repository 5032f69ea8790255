package dev.remit.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows when a schedule will fire.
@Command(
        name = "next",
        sortOptions = false,
        description = {"Show when a schedule will fire.", ""},
        footerHeading = "%nExamples%n",
        footer = "  ./remit schedules next morning-digest.weekdays -n 20")
final class SchedulesNextCommand extends RemitCommand {
    @Parameters(paramLabel = "SCHEDULE", description = "Its name, such as morning-digest.weekdays.")
    String name = "";

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            defaultValue = "10",
            description = "So many times (default: 10).")
    int count = 10;

    @Mixin Format format = new Format();

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            var times = client.steering().nextTimes(name, count);
            if (format.json()) {
                console().json(times);
                return good();
            }
            for (var time : times.path("times")) {
                var at = time.path("at").asString("");
                var starts = time.path("starts_at").asString("");
                console()
                        .print(
                                Moments.of(at)
                                        + (at.equals(starts)
                                                ? ""
                                                : "   starts " + Moments.of(starts)));
            }
            return good();
        }
    }
}
