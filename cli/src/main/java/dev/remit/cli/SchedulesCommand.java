package dev.remit.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// What is started by the clock.
@Command(
        name = "schedules",
        sortOptions = false,
        description = {
            "See and steer what is started by the clock. Schedules stand in agent.yaml or workflow.yaml.",
            ""
        },
        subcommands = {
            SchedulesListCommand.class,
            SchedulesDescribeCommand.class,
            SchedulesNextCommand.class,
            SchedulesPauseCommand.class,
            SchedulesResumeCommand.class,
            SchedulesTriggerCommand.class,
            SchedulesBackfillCommand.class
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit schedules list",
            "  ./remit schedules next morning-digest.weekdays",
            "  ./remit schedules pause morning-digest.weekdays --note \"the team is away\""
        })
final class SchedulesCommand extends RemitCommand {
    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw needsMore(spec);
    }
}
