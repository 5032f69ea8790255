package dev.remit.cli;

import dev.remit.cli.view.Table;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Lists routes.
@Command(
        name = "routes",
        sortOptions = false,
        description = {"List the routes: names for a choice of models.", ""},
        subcommands = RoutesCheckCommand.class,
        footerHeading = "%nExamples%n",
        footer = {"  ./remit routes", "  ./remit routes check", "  ./remit routes -o json"})
final class RoutesCommand extends RemitCommand {
    @Mixin TableFormat format = new TableFormat();

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            var routes = client.administration().routes();
            var table = new Table().words("route").words("strategy").words("targets");
            for (var route : routes.path("items")) {
                table.row(
                        route.path("name").asString(""),
                        route.path("strategy").asString(""),
                        route.path("targets").values().stream()
                                .map(target -> target.path("target").asString(""))
                                .collect(Collectors.joining(" ")));
            }
            format.show(
                    console(),
                    routes,
                    table,
                    "no routes; remit.yaml names them. provider/model works without");
            return good();
        }
    }
}
