package dev.remit.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Makes a session of another one's beginning.
@Command(
        name = "fork",
        sortOptions = false,
        description = {
            "Make a new session that begins as another one did; the other one stays as it is.",
            "",
            "Without --at or --turn it keeps all that the other did. What was open there is begun anew, approvals",
            "are asked for again, and the work of its agents is handed out again.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit fork last --turn 3 --message \"take the other road\"",
            "  ./remit fork 019a2f3c-77b1 --at 42"
        })
final class ForkCommand extends RemitCommand {
    @Parameters(paramLabel = "SESSION", description = "Its id, the beginning of it, or last.")
    String id = "";

    @Mixin ForkOptions options = new ForkOptions();
    @Mixin Format format = new Format();

    @Override
    public Integer call() {
        var wish = options.wish();
        try (var client = server().connect()) {
            var session = client.steering().fork(session(client, id), false, wish);
            if (format.json()) {
                console().json(session.json());
            } else {
                console()
                        .note(
                                "forked"
                                        + " at event "
                                        + session.json().path("forked_from").path("at").asLong()
                                        + "; ./remit attach "
                                        + session.id()
                                        + " shows the new session");
                console().print(session.id());
            }
            return good();
        }
    }
}
