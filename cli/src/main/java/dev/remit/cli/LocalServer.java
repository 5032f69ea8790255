package dev.remit.cli;

import dev.remit.client.Address;
import dev.remit.client.ApiException;
import dev.remit.client.RemitClient;
import dev.remit.client.UnreachableException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The server of a state folder: finds the one that runs, or starts one.
///
/// A started server outlives the command. Of several commands that start at once, one starts the
/// server, and the others wait for it.
final class LocalServer {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

    private final Home home;
    private final Console console;
    private final ServerStart start;
    private final String build;

    /// @param command starts a server in the foreground; `--home` and its value are added
    /// @param build of this command; empty if nobody knows
    LocalServer(Home home, Console console, List<String> command, String build) {
        this.home = home;
        this.console = console;
        this.start = new ServerStart(home, console, command, build);
        this.build = build;
    }

    /// A client of the running server; starts one if none runs.
    RemitClient connect() {
        var running = find();
        if (running == null) {
            startUnlessRunning();
        } else if (isOther(running)) {
            replaceIfIdle(running);
        }
        return client(Duration.ofSeconds(10));
    }

    /// A client of the running server.
    ///
    /// @throws Failure if none runs
    RemitClient connectIfRunning() {
        if (find() == null) {
            throw Failure.trouble(
                    "no server runs on " + home.folder(),
                    "./remit run starts one; so does ./remit serve.");
        }
        return client(Duration.ofSeconds(10));
    }

    /// A client that starts the server again if it dies while somebody watches.
    private RemitClient client(Duration patience) {
        return new RemitClient(this::addressNow, patience);
    }

    private void startUnlessRunning() {
        start.locked(() -> {
            if (find() == null) {
                start.untilReady(this::find);
            }
            return null;
        });
    }

    private Address addressNow() {
        var server = home.server();
        if (server == null) {
            // stopped, or another command is starting it again just now
            server = start.locked(home::server);
        }
        if (server == null) {
            throw new StoppedException();
        }
        if (!server.isAlive()) {
            start.locked(() -> {
                var again = home.server();
                if (again != null && !again.isAlive()) {
                    console.note("the server died (pid " + again.pid() + "); starting it again");
                    start.untilReady(this::find);
                }
                return null;
            });
        }
        var address = home.address();
        if (address == null) {
            throw new StoppedException();
        }
        return address;
    }

    /// The server was stopped in good order while the command used it.
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoppedException() {
            super("the server was stopped");
        }
    }

    /// The running server, if it answers.
    ///
    /// @throws Failure if there is one that does not
    Home.@Nullable Server find() {
        var server = home.server();
        if (server == null || !server.isAlive()) {
            return null;
        }
        if (!listens(server)) {
            return null;
        }
        try (var client = new RemitClient(() -> new Address(server.url(), ""), ANSWER_WITHIN)) {
            long pid = client.health().path("pid").asLong(server.pid());
            return pid == server.pid() ? server : null;
        } catch (UnreachableException e) {
            if (!server.equals(home.server()) || !server.isAlive()) {
                return find();
            }
            throw Failure.trouble(
                    "the server (pid " + server.pid() + ") does not answer at " + server.url(),
                    "Look into " + home.logs() + ".",
                    "To end it: kill "
                            + server.pid()
                            + ", then the same command again. No work is lost.");
        } catch (ApiException e) {
            return null;
        }
    }

    /// Whether anything listens there. If not, the server is gone and its number was given to
    /// another process.
    private static boolean listens(Home.Server server) {
        try (var socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(server.url().getHost(), server.url().getPort()),
                    (int) ANSWER_WITHIN.toMillis());
            return true;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    private boolean isOther(Home.Server server) {
        return !build.isEmpty() && !server.build().isEmpty() && !server.build().equals(build);
    }

    private void replaceIfIdle(Home.Server running) {
        try (var client = client(ANSWER_WITHIN)) {
            var busy = client.sessions(Map.of("status", "running", "limit", "1"));
            if (!busy.items().isEmpty()) {
                console.note(
                        "the running server is build "
                                + running.build()
                                + ", this is "
                                + build
                                + "; it is busy and used as it is (./remit stop ends it)");
                return;
            }
            console.note("the running server is of another build; starting it anew");
            client.stop();
        }
        awaitEnd(running.pid(), Duration.ofSeconds(30));
        startUnlessRunning();
    }

    /// Waits until a process is gone.
    static void awaitEnd(long pid, Duration within) {
        ProcessHandle.of(pid)
                .ifPresent(process -> {
                    try {
                        process.onExit()
                                .get(within.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (java.util.concurrent.ExecutionException
                            | java.util.concurrent.TimeoutException e) {
                        throw Failure.trouble(
                                "the server (pid "
                                        + pid
                                        + ") did not stop within "
                                        + within.toSeconds()
                                        + " s",
                                "kill " + pid + " ends it; no work is lost.");
                    }
                });
    }
}
