package dev.remit.cli;

import java.util.HashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows who spends a budget.
@Command(
        name = "top",
        sortOptions = false,
        description = {"Show who spent most of a budget in its present window.", ""},
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit budget top team:growth",
            "  ./remit budget top organisation --window month --by team,model"
        })
final class BudgetTopCommand extends RemitCommand {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "SCOPE",
            description = "Such as team:growth (default: organisation).")
    String scope = "organisation";

    @Option(
            names = "--by",
            paramLabel = "WHAT",
            defaultValue = "agent",
            description = "team, agent, model, key, session, user … (default: agent).")
    String by = "agent";

    @Option(
            names = "--window",
            paramLabel = "WINDOW",
            description = "Which budget, if the scope has several: hour, day, week, month, total.")
    @Nullable String window;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "10",
            description = "At most so many (default: 10).")
    int limit = 10;

    @Mixin TableFormat format = new TableFormat();

    @Override
    public Integer call() {
        var filter = new HashMap<String, String>();
        filter.put("scope", scope);
        filter.put("by", by);
        filter.put("limit", Integer.toString(limit));
        if (window != null) {
            filter.put("window", window);
        }
        try (var client = server().connect()) {
            var top = client.administration().topSpenders(filter);
            var budget = top.path("budget");
            if (format.kind == TableFormat.Kind.text) {
                console()
                        .note(
                                budget.path("scope").asString("")
                                        + ": "
                                        + BudgetGetCommand.money(budget, "spent_micros")
                                        + " of "
                                        + budget.path("budget").asString("")
                                        + " spent");
            }
            format.show(
                    console(), top, Sums.table(top, by, format.kind), "nobody has spent any of it");
            return good();
        }
    }
}
