package dev.remit.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Goes back to a step of a session.
@Command(
        name = "rewind",
        sortOptions = false,
        description = {
            "Go back to a step: a new session that begins as this one did takes its place.",
            "",
            "As fork, and this one is cancelled. It stays to be read, and says which session took its place.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit rewind last --turn 2",
            "  ./remit rewind last --at 17 --message \"without the search\""
        })
final class RewindCommand extends RemitCommand {
    @Parameters(paramLabel = "SESSION", description = "Its id, the beginning of it, or last.")
    String id = "";

    @Mixin ForkOptions options = new ForkOptions();
    @Mixin Format format = new Format();

    @Override
    public Integer call() {
        var wish = options.wish();
        try (var client = server().connect()) {
            var session = client.steering().fork(session(client, id), true, wish);
            if (format.json()) {
                console().json(session.json());
            } else {
                console()
                        .note(
                                "rewound"
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
