package dev.remit.cli;

import dev.remit.core.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Shows one call.
@Command(
        name = "show",
        sortOptions = false,
        description = {
            "Show all attempts of one call, and what was said, as far as it was kept and the key may see it.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = "  ./remit ledger show 019a2f3c-77b1-7000-8000-000000000001")
final class LedgerShowCommand extends RemitCommand {
    @Parameters(
            index = "0",
            paramLabel = "CALL",
            description = "Its id, as ./remit ledger list and the answer's headers tell it.")
    String id = "";

    @Mixin TableFormat format = new TableFormat();

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            var call = client.administration().call(id);
            var attempts = call.path("attempts").values().stream().toList();
            format.show(console(), call, LedgerListCommand.table(attempts), "no such call");
            if (format.kind == TableFormat.Kind.text) {
                for (var attempt : attempts) {
                    for (var part : new String[] {"request", "answer"}) {
                        if (attempt.has(part)) {
                            console().print("");
                            console()
                                    .print(
                                            console()
                                                    .style()
                                                    .bold(
                                                            part
                                                                    + " of attempt "
                                                                    + attempt.path("attempt")));
                            console().print(Json.pretty(attempt.path(part)));
                        }
                    }
                }
            }
            return good();
        }
    }
}
