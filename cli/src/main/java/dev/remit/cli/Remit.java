package dev.remit.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command itself: what it is, and the list of what it can do.
@Command(
        name = "./remit",
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        sortSynopsis = false,
        description = {
            "Runs AI agents: durably, within limits, with a record of everything they did.",
            ""
        },
        subcommands = {
            RunCommand.class,
            AttachCommand.class,
            SessionsCommand.class,
            DescribeCommand.class,
            LogsCommand.class,
            MessageCommand.class,
            InterruptCommand.class,
            SendCommand.class,
            ApprovalsCommand.class,
            ApproveCommand.class,
            RejectCommand.class,
            CancelCommand.class,
            ForkCommand.class,
            RewindCommand.class,
            PatchCommand.class,
            TroubleCommand.class,
            RedriveCommand.class,
            SchedulesCommand.class,
            EventCommand.class,
            ResolveCommand.class,
            RaiseCommand.class,
            RecordCommand.class,
            NewCommand.class,
            ApplyCommand.class,
            AgentsCommand.class,
            KeysCommand.class,
            TeamsCommand.class,
            PrincipalsCommand.class,
            RolesCommand.class,
            BudgetCommand.class,
            LedgerCommand.class,
            RoutesCommand.class,
            ModelsCommand.class,
            PricesCommand.class,
            NodesCommand.class,
            ArchiveCommand.class,
            DoctorCommand.class,
            ServeCommand.class,
            FakeProviderCommand.class,
            StopCommand.class,
            VerifyCommand.class,
            BenchCommand.class,
            CampaignCommand.class,
            CommandLine.HelpCommand.class
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit run examples/oncall-copilot --input examples/oncall-copilot/incidents/redis-outage.json",
            "  ./remit new my-agent && ./remit run my-agent",
            "  ./remit sessions",
            "",
            "Exit codes",
            "  0  it worked: the outcome is good, or nothing checked it",
            "  1  the outcome is not good, or the session failed",
            "  2  wrong usage, a bad file or bad input",
            "  3  denied",
            "  4  the session goes on without this command (detached, or the time was up)",
            "  5  the session was cancelled or killed",
            "  6  the server or this machine has trouble; ./remit doctor looks into it",
            "  7  the session waits for a person",
            "",
            "Environment",
            "  ANTHROPIC_API_KEY, OPENAI_API_KEY, OPENAI_BASE_URL   which models answer; none: scripted answers",
            "  REMIT_PROVIDER, REMIT_MODEL                          chosen by name",
            "  REMIT_HOME                                           the state folder, instead of ~/.remit",
            "  REMIT_DATABASE_URL                                   an own PostgreSQL, 15 or newer",
            "  NO_COLOR                                             no colors"
        })
final class Remit implements Runnable {
    private final Shell shell;

    @Spec CommandSpec spec = CommandSpec.create();
    @Mixin Common common = new Common();

    @Option(
            names = {"-V", "--version"},
            description = "Show which build this is.")
    boolean version;

    Remit(Shell shell) {
        this.shell = shell;
    }

    Shell shell() {
        return shell;
    }

    @Override
    public void run() {
        if (!version) {
            throw new ParameterException(
                    spec.commandLine(), "what should it do? A command is missing.");
        }
        var build = System.getProperty("remit.build", "");
        new Console(shell, common.color)
                .print(
                        "remit "
                                + Version.NUMBER
                                + (build.isEmpty() ? "" : " (build " + build + ")")
                                + ", Java "
                                + Runtime.version());
    }
}
