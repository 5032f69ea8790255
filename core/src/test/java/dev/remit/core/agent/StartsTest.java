package dev.remit.core.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.start.StartReader;
import dev.remit.core.text.Fault;
import dev.remit.core.text.Faults;
import dev.remit.core.text.YamlReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What the file of an agent says about when it is started.
class StartsTest {
    private static Reading read(String rest) {
        return FolderReader.read(
                Map.of(
                        "agent.yaml",
                        "remit: agent/v1\nname: digest\n" + rest,
                        "instructions.md",
                        "Write the digest."));
    }

    private static List<String> faults(String rest) {
        return read(rest).faults().stream().map(Fault::toString).toList();
    }

    @Test
    void schedules_and_events_are_read_as_they_were_written() {
        var reading =
                read(
                        """
                        schedules:
                          morning:
                            at: ["08:30", "17:00"]
                            days: weekdays
                            zone: Europe/Berlin
                            input: { topic: news }
                            overlap: buffer_one
                            jitter: 5m
                          pulse: { every: 15m }
                          month-end: { cron: "0 6 1 * *", zone: UTC }
                        on:
                          new-ticket:
                            event: ticket.created
                            when: event.priority == "high"
                            key: event.customer
                            debounce: 30s
                            one_at_a_time: queue
                            rate: { starts: 10, per: 1h }
                        """);
        assertThat(reading.faults()).isEmpty();
        var starts = reading.bundle().starts();
        assertThat(starts.schedules()).containsOnlyKeys("morning", "pulse", "month-end");
        assertThat(starts.triggers()).containsOnlyKeys("new-ticket");
        var morning = StartReader.schedule(starts.schedules().get("morning"));
        assertThat(
                        morning
                                .when()
                                .next(java.time.Instant.parse("2026-11-20T12:00:00Z"), 3)
                                .stream()
                                .map(String::valueOf))
                .as("a Friday; then Monday")
                .containsExactly(
                        "2026-11-20T16:00:00Z", "2026-11-23T07:30:00Z", "2026-11-23T16:00:00Z");
    }

    @Test
    void a_bad_cron_is_told_at_its_line_and_column_with_what_would_be_right() {
        assertThat(faults("schedules:\n  a:\n    cron: \"30 25 * * *\"\n    zone: UTC\n"))
                .containsExactly(
                        "agent.yaml:5:15: `25` is no hour of a cron expression → 0 to 23, such as 8,"
                                + " 9-17 or */2");
        assertThat(faults("schedules:\n  a:\n    cron: 30 8 * *\n    zone: UTC\n").getFirst())
                .startsWith("agent.yaml:5:11: ")
                .contains("five fields, and this has 4");
    }

    @Test
    void other_mistakes_are_told_too() {
        assertThat(faults("schedules:\n  a: { at: \"08:30\" }\n").getFirst())
                .contains("`zone` is missing", "Europe/Berlin");
        assertThat(faults("schedules:\n  a: { at: \"25:30\", zone: UTC }\n").getFirst())
                .contains("no time of day");
        assertThat(faults("schedules:\n  a: { at: \"8:30\", zone: Europe/Berlim }\n").getFirst())
                .contains("did you mean `Europe/Berlin`");
        assertThat(faults("schedules:\n  a: { every: 15m, cron: \"* * * * *\" }\n").getFirst())
                .contains("`every` already");
        assertThat(faults("schedules:\n  a: { every: 15m, overlap: wait }\n").getFirst())
                .contains("`wait`", "buffer_one");
        assertThat(faults("schedules:\n  a: { input: {} }\n").getFirst())
                .contains("`at` is missing", "every: 15m");
        assertThat(faults("schedules:\n  a: { at: \"08:30\", days: fry, zone: UTC }\n").getFirst())
                .contains("no day", "fri");
        assertThat(faults("on:\n  a: { when: \"event.x\" }\n").getFirst())
                .contains("`event` is missing");
        assertThat(faults("on:\n  a: { event: x, when: \"evnt.x == 1\" }\n").getFirst())
                .contains("nothing is named `evnt`");
        assertThat(
                        faults(
                                        "on:\n  a: { event: x, debounce: 1s, batch: { most: 2, within: 1s } }\n")
                                .getFirst())
                .contains("`debounce` already");
        assertThat(faults("on:\n  a: { event: x, input: { a: \"${events}\" } }\n").getFirst())
                .contains("events");
    }

    @Test
    void an_agent_of_a_workflow_is_started_by_the_workflow_alone() {
        var reading =
                FolderReader.read(
                        Map.of(
                                "workflow.yaml",
                                "remit: workflow/v1\nname: w\nsteps: [one]\n",
                                "agents/one/agent.yaml",
                                "remit: agent/v1\nname: one\nschedules: { a: { every: 1m } }\n",
                                "agents/one/instructions.md",
                                "Do it."));
        assertThat(reading.faults().getFirst().toString())
                .contains("agents/one/agent.yaml:3", "put `schedules` into workflow.yaml");
    }

    @Test
    void what_the_documentation_shows_is_right() {
        var faults = new Faults();
        assertThat(YamlReader.read("x.yaml", "on:\n  a: 1\n", faults)).isPresent();
        assertThat(faults.sorted()).as("`on` may be a key").isEmpty();
    }
}
