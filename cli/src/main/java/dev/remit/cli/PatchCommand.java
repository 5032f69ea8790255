package dev.remit.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Moves sessions to another version of their agent.
@Command(
        name = "patch",
        sortOptions = false,
        description = {
            "Let sessions go on by another version of their agent or workflow.",
            "",
            "A session stays with the version it began with, whatever is applied later. This moves one,",
            "or all open ones of an agent. A workflow moves only if what it has begun is the same there;",
            "else it is refused.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit patch last --to newest",
            "  ./remit patch --agent oncall-copilot --to 3f9a1c07be52"
        })
final class PatchCommand extends RemitCommand {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "SESSION",
            description = "Its id, the beginning of it, or last.")
    @Nullable String id;

    @Option(
            names = "--agent",
            paramLabel = "NAME",
            description = "All open sessions of this agent or workflow.")
    @Nullable String agent;

    @Option(
            names = "--to",
            paramLabel = "VERSION",
            required = true,
            description = "At least its first 12 characters, or newest; ./remit agents lists them.")
    String to = "";

    @Mixin Format format = new Format();

    @Override
    public Integer call() {
        if ((id == null) == (agent == null)) {
            throw Failure.usage("give a session or --agent, one of the two");
        }
        try (var client = server().connect()) {
            if (id != null) {
                var session = session(client, id);
                client.steering().move(session, to);
                console().note("moving, as soon as nothing is under way; ./remit logs " + session);
                return good();
            }
            var moved = client.steering().moveAll(String.valueOf(agent), to);
            if (format.json()) {
                console().json(moved);
                return good();
            }
            for (var refused : moved.path("refused")) {
                console()
                        .print(
                                refused.path("session").asString("")
                                        + " stays: "
                                        + refused.path("why").asString(""));
            }
            console()
                    .note(
                            moved.path("told").size()
                                    + " told to move, "
                                    + moved.path("refused").size()
                                    + " stay"
                                    + (moved.path("more").asBoolean(false)
                                            ? "; there are more: the same command again"
                                            : ""));
            return good();
        }
    }
}
