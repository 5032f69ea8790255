package dev.remit.cli;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Starts a server that outlives the command: it has a session of its own, so neither Ctrl-C nor
/// the closing of the terminal reaches it.
final class ServerStart {
    private static final Duration WITHIN = Duration.ofMinutes(3);

    /// A server that a command started ends when nothing was to do for so long.
    private static final String IDLE_STOP = "8h";

    private final Home home;
    private final Console console;
    private final List<String> command;
    private final String build;

    /// @param command starts a server in the foreground; `--home` and its value are added
    /// @param build of this command; empty if nobody knows
    ServerStart(Home home, Console console, List<String> command, String build) {
        this.home = home;
        this.console = console;
        this.command = List.copyOf(command);
        this.build = build;
    }

    /// Does something while no other command starts a server here.
    <T> @Nullable T locked(Supplier<@Nullable T> work) {
        home.create();
        var file = home.folder().resolve("start.lock");
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long until = System.nanoTime() + WITHIN.toNanos();
            FileLock lock = tryLock(channel);
            while (lock == null) {
                if (System.nanoTime() > until) {
                    throw Failure.trouble(
                            "another command has been starting the server for "
                                    + WITHIN.toMinutes()
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

    /// Starts a server and waits until it answers.
    ///
    /// @param find the running server, if it answers
    void untilReady(Supplier<Home.@Nullable Server> find) {
        var database = database();
        boolean first =
                database.isEmpty()
                        && console.shell().variable("REMIT_DATABASE_URL") == null
                        && !Files.exists(home.folder().resolve("postgres"));
        var log = home.logs().resolve("server.out").toFile();
        var words = new ArrayList<String>(detached());
        words.addAll(command);
        words.addAll(List.of("--home", home.folder().toString(), "--idle-stop", IDLE_STOP));
        words.addAll(database);
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
                        && find.get() != null) {
                    progress.done(Duration.ofNanos(System.nanoTime() - began));
                    return;
                }
                if (System.nanoTime() - began > WITHIN.toNanos()) {
                    throw Failure.trouble(
                            "the server did not start within " + WITHIN.toMinutes() + " minutes",
                            "Its log: " + log);
                }
                progress.now(newestStep(log, from));
                progress.tick();
                pause();
            }
        }
    }

    /// A server that shared a database does so again: with one of its own it would know nothing of
    /// what it did before.
    private List<String> database() {
        var other = home.databaseOf();
        if (other == null || console.shell().variable("REMIT_DATABASE_URL") != null) {
            return List.of();
        }
        if (!other.equals("url")) {
            return List.of("--database", other);
        }
        throw Failure.trouble(
                "the server of "
                        + home.folder()
                        + " does not run, and its database is known to nobody here",
                "Set REMIT_DATABASE_URL as it was, or start it: ./remit serve --home "
                        + home.folder()
                        + " --database URL",
                "To begin anew with a database of its own, delete "
                        + home.folder().resolve("database")
                        + ".");
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
