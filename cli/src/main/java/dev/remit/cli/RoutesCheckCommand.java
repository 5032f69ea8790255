package dev.remit.cli;

import dev.remit.cli.view.Amounts;
import dev.remit.cli.view.Table;
import dev.remit.client.Administration;
import dev.remit.client.ApiException;
import dev.remit.core.json.Json;
import java.time.Duration;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Asks every target.
@Command(
        name = "check",
        sortOptions = false,
        description = {
            "Ask each target of each route for one token, and say what came of it.",
            "A target that takes no less is asked for 16. It goes through the gateway: it costs a few",
            "tokens, and stands in the ledger.",
            "",
            "Ends with 1 if a target does not answer.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {"  ./remit routes check", "  ./remit routes check -o json"})
final class RoutesCheckCommand extends RemitCommand {
    private static final int LEAST_ANYWHERE = 16;

    @Mixin TableFormat format = new TableFormat();

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            var administration = client.administration();
            var targets = new TreeSet<String>();
            for (var route : administration.routes().path("items")) {
                for (var target : route.path("targets")) {
                    targets.add(target.path("target").asString(""));
                }
            }
            var document = Json.object();
            var items = document.putArray("items");
            for (var target : targets) {
                items.add(found(administration, target));
            }
            format.show(console(), document, table(document), "no routes; remit.yaml names them");
            boolean all = items.values().stream().allMatch(i -> i.path("answers").asBoolean());
            return all ? good() : ExitCode.NOT_GOOD;
        }
    }

    private static ObjectNode found(Administration administration, String target) {
        var shown = Json.object().put("target", target);
        long began = System.nanoTime();
        try {
            var answer = asked(administration, target);
            shown.put("answers", true).put("found", answer.path("model").asString(target));
        } catch (ApiException e) {
            var said = e.problem().at("/error/message").asString(String.valueOf(e.getMessage()));
            shown.put("answers", false).put("status", e.status()).put("found", said);
        }
        return shown.put("millis", Duration.ofNanos(System.nanoTime() - began).toMillis());
    }

    /// Some vendors refuse a cap below 16, and say so in words of their own.
    private static JsonNode asked(Administration administration, String target) {
        try {
            return administration.ask(target, 1);
        } catch (ApiException e) {
            if (e.status() != 400) {
                throw e;
            }
            return administration.ask(target, LEAST_ANYWHERE);
        }
    }

    private static Table table(JsonNode document) {
        var table = new Table().words("target").words("answers").numbers("took").words("found");
        for (var item : document.path("items")) {
            table.row(
                    item.path("target").asString(""),
                    item.path("answers").asBoolean() ? "yes" : "no",
                    Amounts.time(Duration.ofMillis(item.path("millis").asLong())),
                    item.path("found").asString(""));
        }
        return table;
    }
}
