package dev.remit.store.database;

import dev.remit.store.database.DatabaseException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// PostgreSQL's main process: starting it, stopping it, and what a killed Remit left of it.
final class Postmaster {
    private static final Logger LOG = LoggerFactory.getLogger(Postmaster.class);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(25);
    private static final int LOG_LIMIT = 4 << 20;

    /// The kernel ends a child when the *thread* that spawned it ends: this one lives for ever.
    private static final ExecutorService PARENT =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("remit-postgres-parent").factory());

    private final Place place;
    private final Binaries binaries;
    private final Path setpriv;

    Postmaster(Place place, Binaries binaries) {
        this.place = place;
        this.binaries = binaries;
        this.setpriv = setpriv();
    }

    /// Starts it; it may be some time until it answers. Its settings come with each start, so that
    /// a newer Remit's reach old data.
    Process start(int port) throws IOException {
        if (Files.exists(place.log()) && Files.size(place.log()) > LOG_LIMIT) {
            Files.delete(place.log());
        }
        var command = new ArrayList<String>();
        command.add(binaries.program("postgres").toString());
        command.addAll(List.of("-D", place.data().toString(), "-p", Integer.toString(port)));
        for (var setting :
                List.of(
                        "listen_addresses=127.0.0.1",
                        "unix_socket_directories=",
                        "fsync=on",
                        "full_page_writes=on",
                        "synchronous_commit=on",
                        "password_encryption=scram-sha-256",
                        "max_connections=100",
                        "shared_buffers=128MB",
                        "jit=off",
                        "log_checkpoints=off",
                        "log_min_error_statement=panic",
                        "lc_messages=C",
                        "timezone=UTC",
                        "log_timezone=UTC")) {
            command.addAll(List.of("-c", setting));
        }
        return spawn(command, place.log());
    }

    /// Runs a program to its end.
    ///
    /// @throws IOException with what it said, if it does not end well
    void run(String program, List<String> arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(binaries.program(program).toString());
        command.addAll(arguments);
        var output = Files.createTempFile("remit-" + program, ".log");
        try {
            int exit = waitFor(spawn(command, output), STOPS_WITHIN);
            if (exit != 0) {
                throw new IOException(program + " failed: " + tail(output));
            }
        } finally {
            Files.delete(output);
        }
    }

    /// Stops it so that nothing needs recovery.
    void stop(Process process) {
        try {
            signal("INT", process.pid());
            waitFor(process, STOPS_WITHIN);
        } catch (IOException e) {
            LOG.warn("PostgreSQL did not stop in order and will recover at the next start", e);
            process.destroyForcibly();
        }
    }

    /// Waits for what a killed Remit left: its PostgreSQL may still be writing its last checkpoint.
    /// Whoever calls this holds the home's lock, so no living Remit uses that PostgreSQL.
    void awaitPredecessor() throws IOException {
        var old = running();
        if (old.isEmpty()) {
            return;
        }
        long pid = old.get().pid();
        LOG.info("waiting for the PostgreSQL (pid {}) of a Remit that ended to stop", pid);
        signal("INT", pid);
        long end = System.nanoTime() + STOPS_WITHIN.toNanos();
        while (old.get().isAlive() && running().isPresent()) {
            if (System.nanoTime() > end) {
                throw new DatabaseException(
                        Kind.IN_USE,
                        "a PostgreSQL (pid %d) of a Remit that ended still runs on %s and does not stop."
                                        .formatted(pid, place.data())
                                + " Stop it with: kill -INT "
                                + pid);
            }
            pause();
        }
    }

    /// The process that runs on the data now. The pid in a file that a crash left may long be
    /// somebody else's: a postmaster works in its data folder.
    private Optional<ProcessHandle> running() throws IOException {
        var file = place.data().resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        var lines = Files.readAllLines(file);
        var pid = lines.isEmpty() ? "" : lines.getFirst().strip();
        var process =
                pid.matches("[0-9]{1,18}")
                        ? ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive)
                        : Optional.<ProcessHandle>empty();
        if (process.isPresent() && !worksInData(process.get().pid())) {
            // PostgreSQL itself would take that process for its predecessor and refuse to start.
            Files.deleteIfExists(file);
            return Optional.empty();
        }
        return process;
    }

    private boolean worksInData(long pid) {
        try {
            return Files.isSameFile(Path.of("/proc/" + pid + "/cwd"), place.data());
        } catch (IOException e) {
            // Gone, or another user's. Ours would be readable.
            return false;
        }
    }

    private void signal(String name, long pid) throws IOException {
        run("pg_ctl", List.of("kill", name, Long.toString(pid)));
    }

    private Process spawn(List<String> command, Path output) throws IOException {
        var builder = new ProcessBuilder(place.account().command(setpriv, command));
        builder.directory(place.folder().toFile());
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        var environment = builder.environment();
        environment.clear(); // keys of model providers are none of its business
        environment.putAll(Map.of("LC_ALL", "C", "PATH", "/usr/local/bin:/usr/bin:/bin"));
        try {
            var process = PARENT.submit(builder::start).get();
            process.getOutputStream().close();
            return process;
        } catch (ExecutionException e) {
            throw new IOException(command.getFirst() + " cannot be run", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static int waitFor(Process process, Duration limit) throws IOException {
        try {
            if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
            throw new IOException("it did not end within " + limit.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    static void pause() throws IOException {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// The end of a log, for an error that is shown to people.
    static String tail(Path log) throws IOException {
        var text =
                Files.exists(log)
                        ? new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                        : "";
        return text.substring(Math.max(0, text.length() - 2000)).strip();
    }

    private static Path setpriv() {
        for (var folder : List.of("/usr/bin", "/bin", "/usr/local/bin", "/usr/sbin", "/sbin")) {
            var program = Path.of(folder, "setpriv");
            if (Files.isExecutable(program)) {
                return program;
            }
        }
        throw new DatabaseException(
                Kind.NOT_INSTALLED,
                "the program 'setpriv' is missing, which ties the embedded PostgreSQL to this process."
                        + " Install util-linux (apt install util-linux, dnf install util-linux, apk add"
                        + " setpriv), or set REMIT_DATABASE_URL to a PostgreSQL of your own.");
    }
}
