package dev.remit.cli;

import dev.remit.cli.view.Table;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// As [Format], for what is a table.
final class TableFormat {
    /// How tables are written.
    enum Kind {
        text,
        json,
        csv
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, csv, or json: one JSON document on standard output, nothing else.")
    Kind kind = Kind.text;

    /// @param none said, instead of an empty table, to whoever looks
    void show(Console console, JsonNode document, Table table, String none) {
        switch (kind) {
            case json -> console.json(document);
            case csv -> console.print(table.csv());
            case text -> {
                if (table.isEmpty()) {
                    console.note(none);
                } else {
                    console.print(table.lines(console.style()));
                }
            }
        }
    }
}
