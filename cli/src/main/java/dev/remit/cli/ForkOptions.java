package dev.remit.cli;

import dev.remit.core.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// Where a session is forked, and what the new one is given.
final class ForkOptions {
    @Option(
            names = "--at",
            paramLabel = "SEQ",
            description = "Keep what came up to this event; ./remit logs numbers them.")
    @Nullable Long at;

    @Option(
            names = "--turn",
            paramLabel = "N",
            description = "Keep what came before turn N asked its model.")
    @Nullable Integer turn;

    @Option(
            names = "--message",
            paramLabel = "TEXT",
            description = "Said to the new session at once.")
    @Nullable String message;

    @Option(
            names = "--budget",
            paramLabel = "AMOUNT",
            description =
                    "What it may spend; default: as its agent says. What the other spent does not count.")
    @Nullable String budget;

    ObjectNode wish() {
        if (at != null && turn != null) {
            throw Failure.usage("--at and --turn are two ways to say the same; give one of them");
        }
        var wish = Json.object();
        if (at != null) {
            wish.put("at", at);
        }
        if (turn != null) {
            wish.put("turn", turn);
        }
        if (message != null) {
            wish.put("message", message);
        }
        if (budget != null) {
            wish.put("budget", budget);
        }
        return wish;
    }
}
