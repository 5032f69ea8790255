package dev.remit.cli;

import dev.remit.cli.view.Amounts;
import dev.remit.cli.view.Table;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Sums of the ledger as a table.
final class Sums {
    private Sums() {}

    /// @param by what was asked for, with commas between
    /// @param kind for programs numbers come as they are
    static Table table(JsonNode sums, String by, TableFormat.Kind kind) {
        boolean plain = kind == TableFormat.Kind.csv;
        var dimensions = by.isEmpty() ? List.<String>of() : List.of(by.split("\\s*,\\s*", -1));
        var table = new Table();
        dimensions.forEach(table::words);
        List.of("calls", "input", "cached", "output", "cost", "saved").forEach(table::numbers);
        for (var sum : sums.path("items")) {
            var row = new ArrayList<String>();
            for (var dimension : dimensions) {
                row.add(sum.path("by").path(dimension).asString(plain ? "" : "-"));
            }
            table.row(numbers(row, sum, plain));
        }
        var total = sums.path("total");
        if (!total.isMissingNode() && !dimensions.isEmpty()) {
            var row = new ArrayList<String>();
            dimensions.forEach(d -> row.add(row.isEmpty() ? "total" : ""));
            table.total(numbers(row, total, plain));
        }
        return table;
    }

    private static List<String> numbers(List<String> row, JsonNode sum, boolean plain) {
        var usage = sum.path("usage");
        long written = usage.path("cache_write").asLong();
        row.add(count(sum.path("attempts").asLong(), plain));
        row.add(count(usage.path("input").asLong() + written, plain));
        row.add(count(usage.path("cache_read").asLong(), plain));
        row.add(count(usage.path("output").asLong(), plain));
        row.add(money(sum.path("cost_micros").asLong(), plain));
        row.add(money(sum.path("saved_micros").asLong(), plain));
        return row;
    }

    private static String count(long number, boolean plain) {
        return plain ? Long.toString(number) : Amounts.count(number);
    }

    private static String money(long micros, boolean plain) {
        return plain ? Amounts.plain(micros) : Amounts.money(micros);
    }
}
