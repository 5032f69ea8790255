package dev.remit.cli;

import dev.remit.cli.view.Amounts;
import dev.remit.cli.view.Table;
import java.io.IOException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Compares the ledger with a provider's bill.
@Command(
        name = "reconcile",
        sortOptions = false,
        description = {
            "Compare the ledger with a provider's usage export, by day (UTC) and model.",
            "Columns are found by their names: a day, a model, and tokens or a cost.",
            "",
            "Ends with 1 if anything differs.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit ledger reconcile invoice.csv",
            "  ./remit ledger reconcile usage.csv --provider openai -o csv"
        })
final class LedgerReconcileCommand extends RemitCommand {
    @Parameters(index = "0", paramLabel = "FILE", description = "The export, as CSV.")
    String file = "";

    @Option(
            names = "--provider",
            paramLabel = "PROVIDER",
            description = "Compare with what was asked of this one alone.")
    @Nullable String provider;

    @Mixin TableFormat format = new TableFormat();

    @Override
    public Integer call() {
        var csv = read();
        try (var client = server().connect()) {
            var compared = client.administration().reconcile(csv, provider);
            format.show(console(), compared, table(compared), "the file speaks of no use");
            if (format.kind == TableFormat.Kind.text) {
                explain(compared);
            }
            return compared.path("matches").asBoolean() ? good() : ExitCode.NOT_GOOD;
        }
    }

    private String read() {
        try {
            return Files.readString(shell().folder().resolve(file));
        } catch (IOException e) {
            throw Failure.usage("cannot read " + file + ": " + e.getMessage());
        }
    }

    private static Table table(JsonNode compared) {
        var table =
                new Table()
                        .words("day")
                        .words("model")
                        .words("verdict")
                        .numbers("tokens here")
                        .numbers("tokens there")
                        .numbers("cost here")
                        .numbers("cost there");
        for (var entry : compared.path("items")) {
            table.row(
                    entry.path("day").asString(""),
                    entry.path("model").asString(""),
                    entry.path("verdict").asString("").replace('_', ' '),
                    tokens(entry.path("here")),
                    tokens(entry.path("there")),
                    Amounts.plain(entry.at("/here/cost_micros").asLong()),
                    Amounts.plain(entry.at("/there/cost_micros").asLong()));
        }
        return table;
    }

    private static String tokens(JsonNode side) {
        return Long.toString(side.path("input").asLong() + side.path("output").asLong());
    }

    private void explain(JsonNode compared) {
        for (var day : compared.path("days")) {
            console()
                    .note(
                            day.path("day").asString("")
                                    + ": the provider has "
                                    + Amounts.money(day.path("more_micros").asLong())
                                    + " more; dead nodes explain at most "
                                    + Amounts.money(day.path("explained_micros").asLong())
                                    + " of it");
        }
    }
}
