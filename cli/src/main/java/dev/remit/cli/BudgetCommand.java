package dev.remit.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Limits on money.
@Command(
        name = "budget",
        sortOptions = false,
        description = {
            "Limit what may be spent, and see what is.",
            "",
            "A scope is organisation, or team:, agent:, session:, key: or tool: with a name.",
            ""
        },
        subcommands = {
            BudgetSetCommand.class,
            BudgetGetCommand.class,
            BudgetTopCommand.class,
            BudgetRemoveCommand.class
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit budget set team:growth \"20 USD/day\"",
            "  ./remit budget get",
            "  ./remit budget top team:growth --by agent,model"
        })
final class BudgetCommand extends RemitCommand {
    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw needsMore(spec);
    }
}
