package dev.remit.cli;

import dev.remit.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Takes a newer price list.
@Command(
        name = "update",
        sortOptions = false,
        description = {
            "Take a newer price list: all of it or, if anything in it is wrong, nothing.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = "  ./remit prices update model-prices.json")
final class PricesUpdateCommand extends RemitCommand {
    @Parameters(index = "0", paramLabel = "FILE", description = "The list, as JSON.")
    String file = "";

    @Option(names = "--force", description = "Also if it is older than the one in force.")
    boolean force;

    @Mixin Format format = new Format();

    @Override
    public Integer call() {
        var list = read();
        try (var client = server().connect()) {
            var update = client.administration().updatePrices(list, force);
            if (format.json()) {
                console().json(update);
            } else {
                for (var what : new String[] {"added", "changed", "removed"}) {
                    for (var name : update.path(what)) {
                        console().print(what + "  " + name.asString(""));
                    }
                }
                console().note("prices of " + update.path("to").asString("") + " are in force");
            }
            return good();
        }
    }

    private JsonNode read() {
        try {
            return Json.parse(Files.readAllBytes(shell().folder().resolve(file)));
        } catch (IOException e) {
            throw Failure.usage("cannot read " + file + ": " + e.getMessage());
        } catch (JacksonException e) {
            throw Failure.usage(file + " is not JSON: " + e.getOriginalMessage());
        }
    }
}
