package dev.remit.cli;

import java.time.Duration;
import picocli.CommandLine.Command;

/// Stops the local server.
@Command(
        name = "stop",
        sortOptions = false,
        description = {
            "Stop the local server in good order. Unfinished sessions go on when it starts again.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = "  ./remit stop")
final class StopCommand extends RemitCommand {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    @Override
    public Integer call() {
        var local = server();
        var running = local.find();
        if (running == null) {
            console().note("no server runs on " + home().folder());
            return good();
        }
        try (var client = local.connectIfRunning();
                var progress =
                        console().progress("stopping the server (pid " + running.pid() + ")")) {
            long began = System.nanoTime();
            client.stop();
            progress.tick();
            LocalServer.awaitEnd(running.pid(), WITHIN);
            progress.done(Duration.ofNanos(System.nanoTime() - began));
            return good();
        }
    }
}
