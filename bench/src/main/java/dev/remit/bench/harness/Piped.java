package dev.remit.bench.harness;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// A process that makes its own load when it is told to, and says how it went. It says `ready` when
/// it can; then each line `<at once> <milliseconds>` on its standard input is answered by a line
/// `<done> <seconds> <p50 us> <p99 us>`.
public final class Piped implements AutoCloseable {
    private final String name;
    private final Process process;
    private final Path log;
    private final BufferedReader answers;
    private final BufferedWriter orders;

    private Piped(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.orders = process.outputWriter(StandardCharsets.UTF_8);
    }

    /// What was done in a round.
    ///
    /// @param done how many workflows
    /// @param p50 of one workflow, in microseconds
    public record Done(long done, double seconds, long p50, long p99) {
        public double perSecond() {
            return done / seconds;
        }
    }

    /// Starts it and waits until it is ready.
    public static Piped start(String name, List<String> command, Path folder) throws IOException {
        var log = folder.resolve(name + ".log");
        var process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectError(log.toFile())
                        .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        var piped = new Piped(name, process, log);
        var line = piped.line();
        while (!line.equals("ready")) { // libraries greet on standard output
            line = piped.line();
        }
        return piped;
    }

    /// Begins a round; [#done] waits for its end.
    public void begin(int atOnce, double seconds) throws IOException {
        orders.write(String.format(Locale.ROOT, "%d %d\n", atOnce, (long) (seconds * 1000)));
        orders.flush();
    }

    public Done done() throws IOException {
        for (var line = line(); ; line = line()) {
            var words = line.split(" ", -1);
            if (words.length == 4 && words[0].matches("[0-9]+")) {
                return new Done(
                        Long.parseLong(words[0]),
                        Double.parseDouble(words[1]),
                        Long.parseLong(words[2]),
                        Long.parseLong(words[3]));
            }
        }
    }

    public Done run(int atOnce, double seconds) throws IOException {
        begin(atOnce, seconds);
        return done();
    }

    private String line() throws IOException {
        var line = answers.readLine();
        if (line == null) {
            var text = Files.exists(log) ? Files.readString(log) : "";
            throw new IOException(
                    name + " ended: " + text.substring(Math.max(0, text.length() - 800)).strip());
        }
        return line;
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
