package dev.remit.server;

import dev.remit.core.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// A server as a process of its own, to be started, killed and started again on one home.
final class ServerProcess implements AutoCloseable {
    private static final long SECONDS = 90;

    private final Path home;
    private final Path output;
    private final Map<String, String> environment;
    private Program program = Program.PRESENT;
    private @Nullable Process process;

    /// What runs in the process.
    ///
    /// @param flags for Java
    /// @param more what comes before the class path of this test
    record Program(List<String> flags, String more) {
        static final Program PRESENT = new Program(List.of(), "");
    }

    ServerProcess(Path home, Path output) {
        this(home, output, Map.of());
    }

    ServerProcess(Path home, Path output, Map<String, String> environment) {
        this.home = home;
        this.output = output;
        this.environment = environment;
    }

    /// Starts it without waiting for anything.
    static Process launch(
            Path home, Path output, Map<String, String> environment, List<String> arguments)
            throws IOException {
        return launch(Program.PRESENT, home, output, environment, arguments);
    }

    private static Process launch(
            Program program,
            Path home,
            Path output,
            Map<String, String> environment,
            List<String> arguments)
            throws IOException {
        var words = new ArrayList<String>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dremit.build=test"));
        words.add("--enable-native-access=ALL-UNNAMED");
        words.add("--sun-misc-unsafe-memory-access=allow");
        words.addAll(program.flags());
        words.addAll(List.of("-cp", program.more() + System.getProperty("java.class.path")));
        words.addAll(List.of(Main.class.getName(), "--home", home.toString()));
        words.addAll(arguments);
        var builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().remove("REMIT_DATABASE_URL");
        builder.environment().putAll(environment);
        return builder.start();
    }

    /// What it runs from its next start on.
    void becomes(Program next) {
        program = next;
    }

    /// Starts it, and waits until it says where it listens.
    void start(String... arguments) throws IOException, InterruptedException {
        var started = launch(program, home, output, environment, List.of(arguments));
        process = started;
        awaitReady(home, output, started);
    }

    static void awaitReady(Path home, Path output, Process process)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (process.isAlive() && System.nanoTime() < end) {
            if (pid(home) == process.pid()) {
                return;
            }
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
        throw new AssertionError("the server did not get ready: " + Files.readString(output));
    }

    private static long pid(Path home) {
        try {
            return Json.parse(Files.readAllBytes(home.resolve("server.json")))
                    .path("pid")
                    .asLong(0);
        } catch (IOException | JacksonException e) {
            return 0;
        }
    }

    static ApiClient client(Path home) throws IOException {
        var ready = Json.parse(Files.readAllBytes(home.resolve("server.json")));
        return new ApiClient(
                URI.create(ready.path("url").asString("")),
                Files.readString(home.resolve("key")).strip());
    }

    ApiClient client() throws IOException {
        return client(home);
    }

    /// Lets it run for a moment.
    void waitOrEnd(long millis) throws InterruptedException {
        if (process != null && process.waitFor(millis, TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the server ended by itself");
        }
    }

    /// `kill -STOP` or `kill -CONT`: a process that is paused, and goes on as if nothing had been.
    void signal(String name) throws IOException, InterruptedException {
        var paused = process;
        if (paused == null) {
            throw new IllegalStateException("it does not run");
        }
        int code =
                new ProcessBuilder("kill", "-" + name, Long.toString(paused.pid()))
                        .start()
                        .waitFor();
        if (code != 0) {
            throw new AssertionError("kill -" + name + " ended with " + code);
        }
    }

    /// SIGTERM, and until it has ended.
    ///
    /// @return its exit code
    int stop() throws InterruptedException {
        var running = process;
        if (running == null) {
            throw new IllegalStateException("it does not run");
        }
        running.destroy();
        if (!running.waitFor(SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end");
        }
        return running.exitValue();
    }

    /// `kill -9`.
    void kill() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    @Override
    public void close() {
        var running = process;
        if (running == null) {
            return;
        }
        running.destroy();
        try {
            if (!running.waitFor(SECONDS, TimeUnit.SECONDS)) {
                running.destroyForcibly();
            }
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
