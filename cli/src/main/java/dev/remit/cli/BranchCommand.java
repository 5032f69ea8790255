package dev.remit.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// A new session that begins as another one did.
abstract class BranchCommand extends RemitCommand {
    private final boolean rewind;
    private final String done;

    @Parameters(paramLabel = "SESSION", description = "Its id, the beginning of it, or last.")
    String id = "";

    @Mixin ForkOptions options = new ForkOptions();
    @Mixin Format format = new Format();

    /// @param rewind whether it takes the other one's place
    /// @param done what became of the other one, in a word
    BranchCommand(boolean rewind, String done) {
        this.rewind = rewind;
        this.done = done;
    }

    @Override
    public Integer call() {
        var wish = options.wish();
        try (var client = server().connect()) {
            var session = client.steering().fork(session(client, id), rewind, wish);
            if (format.json()) {
                console().json(session.json());
            } else {
                console()
                        .note(
                                done
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
