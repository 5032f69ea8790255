package dev.remit.cli;

import dev.remit.cli.view.Amounts;
import dev.remit.cli.view.Table;
import dev.remit.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// Lists single rows of the ledger.
@Command(
        name = "list",
        sortOptions = false,
        description = {"List attempts one by one, the newest first.", ""},
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit ledger list --since 1h --end failed",
            "  ./remit ledger list --team growth -n 1000 -o csv"
        })
final class LedgerListCommand extends RemitCommand {
    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "20",
            description = "At most so many (default: 20).")
    int limit = 20;

    @Mixin LedgerFilterOptions filter = new LedgerFilterOptions();
    @Mixin TableFormat format = new TableFormat();

    @Override
    public Integer call() {
        if (limit < 1 || limit > 100_000) {
            throw Failure.usage("--limit is 1 to 100000, not " + limit);
        }
        var asked = filter.parameters();
        asked.put("limit", Integer.toString(Math.min(limit, 500)));
        try (var client = server().connect()) {
            var rows = new ArrayList<JsonNode>();
            while (rows.size() < limit) {
                var page = client.administration().ledger(asked);
                rows.addAll(page.items());
                var next = page.next();
                if (next == null) {
                    break;
                }
                asked.put("cursor", next);
            }
            var shown = rows.subList(0, Math.min(limit, rows.size()));
            format.show(
                    console(),
                    Json.object().set("items", Json.array().addAll(shown)),
                    table(shown),
                    "no calls like that");
            return good();
        }
    }

    static Table table(List<JsonNode> rows) {
        var table = new Table().words("at").words("call").numbers("try");
        for (var heading : List.of("team", "agent", "route", "provider", "model", "tool", "end")) {
            table.words(heading);
        }
        table.numbers("tokens").numbers("cost").numbers("first").numbers("total").words("why");
        for (var row : rows) {
            table.row(
                    text(row, "at"),
                    text(row, "call"),
                    text(row, "attempt"),
                    text(row, "team"),
                    text(row, "agent"),
                    text(row, "route"),
                    text(row, "provider"),
                    text(row, "model"),
                    text(row, "tool"),
                    text(row, "end"),
                    Long.toString(tokens(row.path("usage"))),
                    Amounts.plain(row.path("cost_micros").asLong())
                            + (row.path("certain").asBoolean(true) ? "" : " at most"),
                    millis(row, "first_token_ms"),
                    millis(row, "total_ms"),
                    text(row, "why"));
        }
        return table;
    }

    private static long tokens(JsonNode usage) {
        return usage.path("input").asLong()
                + usage.path("cache_read").asLong()
                + usage.path("cache_write").asLong()
                + usage.path("output").asLong();
    }

    private static String text(JsonNode row, String field) {
        return row.path(field).asString("");
    }

    private static String millis(JsonNode row, String field) {
        return row.has(field) ? row.path(field).asLong() + " ms" : "";
    }
}
