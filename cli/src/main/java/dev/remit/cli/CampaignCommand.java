package dev.remit.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Says how the fault campaign is run. The launcher runs it, in a Java of its own.
@Command(
        name = "campaign",
        sortOptions = false,
        description = {
            "Break whatever can be broken, then ask independent witnesses what became of it.",
            "",
            "Three servers and a PostgreSQL in network namespaces; kills, pauses, partitions, clocks,",
            "disks; a model provider and an effect server that keep books of their own.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit campaign --seed 7 --minutes 5 --keep /tmp/campaign-7",
            "  ./remit campaign --faults kill,pause,partition --minutes 1",
            "  ./remit campaign --simulated --seed 1 --steps 5000000"
        })
final class CampaignCommand extends RemitCommand {
    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "The same seed gives the same plan of faults (default: any).")
    @Nullable Long seed;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            description = "How long faults go on (default: 3).")
    @Nullable Double minutes;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = "Servers on one database (default: 3).")
    @Nullable Integer nodes;

    @Option(
            names = "--faults",
            paramLabel = "KIND",
            split = ",",
            description = {
                "Of: kill, pause, drain, partition, link, reset, clock, postgres, disk, provider,",
                "effects (default: all that work on this machine)."
            })
    List<String> faults = List.of();

    @Option(
            names = "--clients",
            paramLabel = "N",
            description = "Programs that open sessions at once (default: 6).")
    @Nullable Integer clients;

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description = "Keep journals, logs and answers there, also if all was well.")
    @Nullable String keep;

    @Option(
            names = "--no-netns",
            description = "All on one loopback: no partitions, links or resets.")
    boolean noNamespaces;

    @Option(
            names = "--beside",
            paramLabel = "FOLDER",
            description = {
                "Run an older or newer Remit side by side with this one: a checkout in which",
                "./remit --version ran once, or a folder of jars."
            })
    @Nullable String beside;

    @Option(
            names = "--rolling",
            description = "With --beside: replace that one by this one, back, and forth again.")
    boolean rolling;

    @Option(
            names = "--check",
            paramLabel = "DIR",
            description = "Only judge once more what a campaign kept.")
    @Nullable String check;

    @Option(
            names = "--simulated",
            description = "No processes: the simulated world of the tests, for millions of steps.")
    boolean simulated;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Of the simulated world (default: 5000000).")
    @Nullable Long steps;

    @Override
    public Integer call() {
        throw Failure.trouble("campaign is run by the launcher", "Call ./remit campaign.");
    }
}
