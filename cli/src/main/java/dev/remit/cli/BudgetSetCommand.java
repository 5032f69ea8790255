package dev.remit.cli;

import dev.remit.core.json.Json;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Sets a limit.
@Command(
        name = "set",
        sortOptions = false,
        description = {
            "Set what a scope may spend in a window of time: hour, day, week, month or total.",
            "It takes the place of what remit.yaml says of the same scope and window, at once and on all servers.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit budget set team:growth \"20 USD/day\"",
            "  ./remit budget set organisation \"5000 USD/month\" --warn --notify 50,80,100"
        })
final class BudgetSetCommand extends RemitCommand {
    @Parameters(index = "0", paramLabel = "SCOPE", description = "Such as team:growth.")
    String scope = "";

    @Parameters(index = "1", paramLabel = "BUDGET", description = "Such as \"20 USD/day\".")
    String budget = "";

    @Option(names = "--warn", description = "Only tell; refuse nothing.")
    boolean warn;

    @Option(
            names = "--notify",
            split = ",",
            paramLabel = "PERCENT",
            description = "Tell when so much is spent (default: 50,80,100).")
    List<Integer> thresholds = List.of();

    @Mixin TableFormat format = new TableFormat();

    @Override
    public Integer call() {
        var wish = Json.object().put("scope", scope).put("budget", budget).put("hard", !warn);
        if (!thresholds.isEmpty()) {
            var list = wish.putArray("thresholds");
            thresholds.forEach(list::add);
        }
        try (var client = server().connect()) {
            var set = client.administration().setBudget(wish);
            var document = Json.object();
            document.putArray("items").add(set);
            format.show(
                    console(), document, BudgetGetCommand.table(document, console()), "not set");
            var warning = set.path("warning").asString("");
            if (!warning.isEmpty()) {
                console().note(warning);
            }
            return good();
        }
    }
}
