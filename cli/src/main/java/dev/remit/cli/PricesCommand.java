package dev.remit.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/// Says which price list is in force.
@Command(
        name = "prices",
        sortOptions = false,
        description = {"Show which price list is in force, and take a newer one.", ""},
        subcommands = PricesUpdateCommand.class,
        footerHeading = "%nExamples%n",
        footer = {"  ./remit prices", "  ./remit prices update model-prices.json"})
final class PricesCommand extends RemitCommand {
    @Mixin Format format = new Format();

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            JsonNode prices = client.administration().prices();
            if (format.json()) {
                console().json(prices);
            } else {
                console()
                        .print(
                                prices.path("models").asLong()
                                        + " models, as of "
                                        + prices.path("as_of").asString("")
                                        + ", from "
                                        + prices.path("source").asString(""));
            }
            return good();
        }
    }
}
