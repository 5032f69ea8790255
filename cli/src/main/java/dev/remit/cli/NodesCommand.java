package dev.remit.cli;

import dev.remit.cli.view.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/// Lists the servers that share a database.
@Command(
        name = "nodes",
        sortOptions = false,
        description = {
            "List the servers that share this one's database, and what each of them drives.",
            "",
            "serving: it takes sessions. draining: it hands them over. silent: its lease is over, and it is",
            "about to be fenced. fenced: others have its sessions.",
            ""
        },
        subcommands = {NodesDrainCommand.class, NodesResumeCommand.class},
        footerHeading = "%nExamples%n",
        footer = {"  ./remit nodes", "  ./remit nodes drain 5d31"})
final class NodesCommand extends RemitCommand {
    @Mixin TableFormat format = new TableFormat();

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            var nodes = client.administration().nodes();
            format.show(console(), nodes, table(nodes), "there is no node");
            return good();
        }
    }

    private static Table table(JsonNode nodes) {
        var table =
                new Table()
                        .words("node")
                        .words("name")
                        .words("status")
                        .numbers("sessions")
                        .numbers("places")
                        .numbers("load")
                        .numbers("up")
                        .numbers("lease")
                        .words("version")
                        .words("at");
        var now = Instant.now();
        for (var node : nodes.path("items")) {
            var id = node.path("id").asString("");
            table.row(
                    id.substring(0, Math.min(8, id.length())),
                    node.path("name").asString(""),
                    node.path("status").asString("") + (node.path("this").asBoolean() ? " *" : ""),
                    node.path("sessions").asString(""),
                    node.path("places").asString(""),
                    Math.round(node.path("load").asDouble() * 100) + "%",
                    time(Duration.between(Instant.parse(node.path("since").asString("")), now)),
                    seconds(now, Instant.parse(node.path("lease_until").asString(""))),
                    node.path("version").asString("-"),
                    node.path("url").asString("-"));
        }
        return table;
    }

    private static String seconds(Instant now, Instant until) {
        return until.isAfter(now)
                ? String.format(
                        Locale.ROOT, "%.1fs", Duration.between(now, until).toMillis() / 1000.0)
                : "over";
    }

    private static String time(Duration up) {
        if (up.toHours() >= 48) {
            return up.toDays() + "d";
        }
        if (up.toMinutes() >= 120) {
            return up.toHours() + "h";
        }
        return up.toSeconds() >= 120 ? up.toMinutes() + "m" : Math.max(0, up.toSeconds()) + "s";
    }
}
