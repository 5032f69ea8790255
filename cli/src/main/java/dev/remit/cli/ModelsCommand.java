package dev.remit.cli;

import dev.remit.cli.view.Amounts;
import dev.remit.cli.view.Table;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// Lists models and what they cost.
@Command(
        name = "models",
        sortOptions = false,
        description = {
            "List models with their prices and limits. A model without a price is not called.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit models --provider anthropic",
            "  ./remit models --search \"gpt mini\""
        })
final class ModelsCommand extends RemitCommand {
    @Option(names = "--provider", paramLabel = "PROVIDER", description = "Those of one provider.")
    @Nullable String provider;

    @Option(names = "--search", paramLabel = "WORDS", description = "Words that the name has.")
    @Nullable String search;

    @Mixin TableFormat format = new TableFormat();

    @Override
    public Integer call() {
        var filter = new HashMap<String, String>();
        filter.put("limit", "5000");
        if (provider != null) {
            filter.put("provider", provider);
        }
        if (search != null) {
            filter.put("search", search);
        }
        try (var client = server().connect()) {
            var models = client.administration().models(filter);
            format.show(console(), models, table(models), "no such model is known");
            if (format.kind == TableFormat.Kind.text) {
                console()
                        .note(
                                "USD for a million tokens; published prices of "
                                        + models.path("as_of").asString("")
                                        + ", from "
                                        + models.path("source").asString(""));
            }
            return good();
        }
    }

    private static Table table(JsonNode models) {
        var table =
                new Table()
                        .words("model")
                        .numbers("input")
                        .numbers("cached")
                        .numbers("output")
                        .numbers("context")
                        .numbers("max output")
                        .words("price from");
        for (var model : models.path("items")) {
            table.row(
                    model.path("model").asString(""),
                    model.path("input").asString("-"),
                    model.path("cache_read").asString("-"),
                    model.path("output").asString("-"),
                    count(model, "context"),
                    count(model, "max_output"),
                    model.has("input") ? model.path("source").asString("") : "no price known");
        }
        return table;
    }

    private static String count(JsonNode model, String field) {
        return model.has(field) ? Amounts.count(model.path(field).asLong()) : "";
    }
}
