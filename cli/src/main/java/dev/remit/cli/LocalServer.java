package dev.remit.cli;

import dev.remit.client.Address;
import dev.remit.client.ApiException;
import dev.remit.client.RemitClient;
import dev.remit.client.UnreachableException;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The server of a state folder: finds the one that runs, or starts one.
///
/// A started server outlives the command: it has a session of its own, so neither Ctrl-C nor the
/// closing of the terminal reaches it. Of several commands that start at once, one starts the
/// server, and the others wait for it.
final class LocalServer {
    private static final Duration START_WITHIN = Duration.ofMinutes(3);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

    /// A server that a command started ends when nothing was to do for so long.
    private static final String IDLE_STOP = "8h";

    private final Home home;
    private final Console console;
    private final List<String> command;
    private final String build;

    /// @param command starts a server in the foreground; `--home` and its value are added
    /// @param build of this command; empty if nobody knows
    LocalServer(Home home, Console console, List<String> command, String build) {
        this.home = home;
        this.console = console;
        this.command = List.copyOf(command);
        this.build = build;
    }

    /// A client of the running server; starts one if none runs.
    RemitClient connect() {
        var running = find();
        if (running == null) {
            locked(() -> {
                if (find() == null) {
                    start();
                }
                return null;
            });
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

    private Address addressNow() {
        var server = home.server();
        if (server != null && !server.isAlive()) {
            locked(() -> {
                var again = home.server();
                if (again != null && !again.isAlive()) {
                    console.note("the server died (pid " + again.pid() + "); starting it again");
                    start();
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
        locked(() -> {
            if (find() == null) {
                start();
            }
            return null;
        });
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

    private <T> @Nullable T locked(Supplier<@Nullable T> work) {
        home.create();
        var file = home.folder().resolve("start.lock");
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long until = System.nanoTime() + START_WITHIN.toNanos();
            FileLock lock = tryLock(channel);
            while (lock == null) {
                if (System.nanoTime() > until) {
                    throw Failure.trouble(
                            "another command has been starting the server for "
                                    + START_WITHIN.toMinutes()
                                    + " minutes",
                            "Look into " + home.logs() + ".");
                }
                pause();
                lock = tryLock(channel);
            }
            return work.get();
        } catch (IOException e) {
            throw Failure.trouble("cannot lock " + file + ": " + e.getMessage());
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (java.nio.channels.OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    private void start() {
        boolean first = !Files.exists(home.folder().resolve("postgres"));
        var log = home.logs().resolve("server.out").toFile();
        var words = new ArrayList<String>(detached());
        words.addAll(command);
        words.addAll(List.of("--home", home.folder().toString(), "--idle-stop", IDLE_STOP));
        try (var progress =
                console.progress(
                        first
                                ? "starting the local server in "
                                        + home.folder()
                                        + " (first start: makes its database)"
                                : "starting the local server")) {
            long began = System.nanoTime();
            var from = log.length();
            var process = launch(words, log);
            var before = home.server();
            while (true) {
                if (!process.isAlive()) {
                    throw died(log, from, process.exitValue());
                }
                var server = home.server();
                if (server != null
                        && !server.equals(before)
                        && server.isAlive()
                        && find() != null) {
                    progress.done(Duration.ofNanos(System.nanoTime() - began));
                    return;
                }
                if (System.nanoTime() - began > START_WITHIN.toNanos()) {
                    throw Failure.trouble(
                            "the server did not start within "
                                    + START_WITHIN.toMinutes()
                                    + " minutes",
                            "Its log: " + log);
                }
                progress.now(newestStep(log, from));
                progress.tick();
                pause();
            }
        }
    }

    /// What the starting server says that it does: its newest line that begins with `remit: `.
    private static String newestStep(File log, long from) {
        return tail(log, from)
                .lines()
                .filter(line -> line.startsWith("remit: "))
                .reduce((older, newer) -> newer)
                .map(line -> line.substring("remit: ".length()))
                .orElse("");
    }

    private static String tail(File log, long from) {
        try (var in = new RandomAccessFile(log, "r")) {
            in.seek(Math.max(from, in.length() - 4000));
            var bytes = new byte[(int) (in.length() - in.getFilePointer())];
            in.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private Process launch(List<String> words, File log) {
        try {
            var builder = new ProcessBuilder(words);
            builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log));
            builder.redirectErrorStream(true);
            builder.directory(home.folder().toFile());
            if (!build.isEmpty()) {
                builder.environment().put("REMIT_BUILD", build);
            }
            for (var secret : List.of("ANTHROPIC_API_KEY", "OPENAI_API_KEY")) {
                builder.environment().remove(secret);
            }
            return builder.start();
        } catch (IOException e) {
            throw Failure.trouble("the server cannot be started: " + e.getMessage());
        }
    }

    /// What gives a process a session of its own. `setsid` does not fork here, so its pid is the
    /// server's.
    private static List<String> detached() {
        for (var place : List.of("/usr/bin/setsid", "/bin/setsid")) {
            if (Files.isExecutable(Path.of(place))) {
                return List.of(place);
            }
        }
        return List.of("nohup");
    }

    private Failure died(File log, long from, int code) {
        var said = tail(log, from).lines().filter(line -> !line.isBlank()).toList();
        var advice = new ArrayList<String>();
        said.subList(Math.max(0, said.size() - 8), said.size())
                .forEach(line -> advice.add("  " + line));
        advice.add("The whole log is in " + home.logs() + "; ./remit doctor checks this machine.");
        return Failure.trouble(
                "the server did not start (exit code " + code + "):",
                advice.toArray(String[]::new));
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.trouble("interrupted while waiting for the server");
        }
    }
}
