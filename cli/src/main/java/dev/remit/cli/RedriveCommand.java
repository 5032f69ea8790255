package dev.remit.cli;

import dev.remit.core.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Tries sessions again that could not go on.
@Command(
        name = "redrive",
        sortOptions = false,
        description = {
            "Let sessions in trouble try again: one, or all of an agent, not faster than --rate.",
            "",
            "Actions in doubt are not redriven: ./remit resolve answers for them first.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit redrive last",
            "  ./remit redrive --all --agent oncall-copilot --rate 5"
        })
final class RedriveCommand extends RemitCommand {
    private static final int AT_ONCE = 50;
    private static final int MOST = 100_000;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "SESSION",
            description = "Its id, the beginning of it, or last.")
    @Nullable String id;

    @Option(names = "--all", description = "All that are in trouble.")
    boolean all;

    @Option(
            names = "--agent",
            paramLabel = "NAME",
            description = "With --all: those of one agent or workflow.")
    @Nullable String agent;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "10",
            description = "With --all: at most so many a second, 1 to 50 (default: 10).")
    int rate = 10;

    @Override
    public Integer call() {
        if ((id == null) != all) {
            throw Failure.usage("give a session or --all, one of the two");
        }
        try (var client = server().connect()) {
            if (id != null) {
                var session = session(client, id);
                client.steering().redrive(session);
                console().note("trying again; ./remit attach " + session + " shows how it goes on");
                return good();
            }
            int redriven = 0;
            int doubtful = 0;
            var wish = Json.object().put("limit", AT_ONCE).put("per_second", rate);
            if (agent != null) {
                wish.put("agent", agent);
            }
            while (redriven < MOST) {
                var done = client.steering().redriveSome(wish);
                redriven += done.path("redriven").size();
                doubtful += done.path("in_doubt").size();
                var next = done.path("next").asString("");
                if (next.isEmpty()) {
                    break;
                }
                wish.put("after", next);
            }
            console()
                    .note(
                            redriven
                                    + " try again"
                                    + (doubtful == 0
                                            ? ""
                                            : "; "
                                                    + doubtful
                                                    + " have actions in doubt: ./remit trouble"));
            return good();
        }
    }
}
