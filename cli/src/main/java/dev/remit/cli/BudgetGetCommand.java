package dev.remit.cli;

import dev.remit.cli.view.Amounts;
import dev.remit.cli.view.Bar;
import dev.remit.cli.view.Style;
import dev.remit.cli.view.Table;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Shows limits and what is spent of them.
@Command(
        name = "get",
        sortOptions = false,
        description = {"Show budgets and what is spent of them, the fullest first.", ""},
        footerHeading = "%nExamples%n",
        footer = {"  ./remit budget get", "  ./remit budget get team:growth -o json"})
final class BudgetGetCommand extends RemitCommand {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "SCOPE",
            description = "Such as team:growth; default: all.")
    @Nullable String scope;

    @Mixin TableFormat format = new TableFormat();

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            var budgets = client.administration().budgets(scope);
            format.show(
                    console(),
                    budgets,
                    table(budgets, console()),
                    scope == null
                            ? "no budgets; ./remit budget set SCOPE BUDGET sets one"
                            : "nothing limits " + scope);
            return good();
        }
    }

    /// With a picture of how much is used, where somebody looks.
    static Table table(JsonNode budgets, Console console) {
        var table =
                new Table()
                        .words("scope")
                        .words("window")
                        .numbers("limit")
                        .numbers("spent")
                        .numbers("held")
                        .numbers("left")
                        .words("used")
                        .words("kind")
                        .words("renews");
        // a table measures cells, so its pictures carry no colors
        var style = new Style(false, console.style().unicode());
        for (var budget : budgets.path("items")) {
            long limit = budget.path("limit_micros").asLong();
            long used = budget.path("spent_micros").asLong();
            table.row(
                    budget.path("scope").asString(""),
                    budget.path("window").asString(""),
                    money(budget, "limit_micros"),
                    money(budget, "spent_micros"),
                    money(budget, "held_micros"),
                    money(budget, "left_micros"),
                    console.shell().outIsTerminal()
                            ? Bar.of(used, limit, style)
                            : (limit <= 0 ? 100 : used * 100 / limit) + "%",
                    budget.path("hard").asBoolean() ? "hard" : "warn",
                    budget.path("renews").asString("never"));
        }
        return table;
    }

    static String money(JsonNode of, String field) {
        return Amounts.money(of.path(field).asLong());
    }
}
