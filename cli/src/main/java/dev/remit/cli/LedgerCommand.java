package dev.remit.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Adds up what was spent.
@Command(
        name = "ledger",
        sortOptions = false,
        description = {
            "Show what models and tools were used and what it cost.",
            "",
            "Every attempt has a row: fallbacks, failed and cancelled ones, too.",
            ""
        },
        subcommands = {
            LedgerListCommand.class,
            LedgerShowCommand.class,
            LedgerReconcileCommand.class
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit ledger --since 1d --by team,agent,model",
            "  ./remit ledger --since 7d --by day --team growth -o csv",
            "  ./remit ledger list --since 1h --end failed",
            "  ./remit ledger show 019a2f3c-77b1-7000-8000-000000000001"
        })
final class LedgerCommand extends RemitCommand {
    @Option(
            names = "--by",
            paramLabel = "WHAT",
            defaultValue = "model",
            description =
                    "team, agent, model, tool, provider, route, key, session, principal, user, end, day, hour, tag:NAME; several with commas (default: model).")
    String by = "model";

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "100",
            description = "At most so many lines, the dearest first (default: 100).")
    int limit = 100;

    @Mixin LedgerFilterOptions filter = new LedgerFilterOptions();
    @Mixin TableFormat format = new TableFormat();

    @Override
    public Integer call() {
        var asked = filter.parameters();
        asked.put("by", by);
        asked.put("limit", Integer.toString(limit));
        try (var client = server().connect()) {
            var sums = client.administration().ledgerSums(asked);
            format.show(console(), sums, Sums.table(sums, by, format.kind), "no calls like that");
            return good();
        }
    }
}
