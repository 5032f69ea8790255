package dev.remit.bench.campaign;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.bench.campaign.witness.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One `remit serve`, on a machine of its own, with a clock of its own.
final class Server implements AutoCloseable {
    private static final String MAIN = "dev.remit.server.Main";
    private static final long SECONDS = 120;

    /// In what a server says that finds tables too new for it.
    private static final Pattern NEWER = Pattern.compile("Start (the|a) newer Remit");

    private final int number;
    private final Network network;
    private final Path folder;
    private final Path config;
    private final String database;
    private final @Nullable Path clockLibrary;
    private final Builds builds;
    private long outputBefore;
    private volatile @Nullable Process process;
    private volatile boolean wanted;
    private volatile boolean stopped;
    private volatile int starts;

    /// @param clockLibrary libfaketime; absent: its clock is that of everybody
    Server(
            int number,
            Network network,
            Path parent,
            Path config,
            String database,
            @Nullable Path clockLibrary,
            Builds builds)
            throws IOException {
        this.number = number;
        this.network = network;
        this.folder = parent.resolve("node-" + number);
        this.config = config;
        this.database = database;
        this.clockLibrary = clockLibrary;
        this.builds = builds;
        Files.createDirectories(folder);
        clock(0);
    }

    int number() {
        return number;
    }

    /// What the owner of its state folder shows.
    String key() throws IOException {
        return Files.readString(folder.resolve("home/key")).strip();
    }

    synchronized void start() throws IOException {
        var build = builds.next(number);
        var words = new ArrayList<String>();
        if (clockLibrary != null) {
            words.addAll(
                    List.of(
                            "env",
                            "LD_PRELOAD=" + clockLibrary,
                            "FAKETIME_TIMESTAMP_FILE=" + clockFile(),
                            "FAKETIME_CACHE_DURATION=1",
                            "FAKETIME_DONT_FAKE_MONOTONIC=1",
                            "FAKETIME_FORCE_MONOTONIC_FIX=0", // else timed waits spin
                            "NO_FAKE_STAT=1"));
        }
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx320m",
                        "-Dremit.build=" + build.name(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"));
        words.addAll(List.of("-cp", build.classPath(), MAIN));
        words.addAll(List.of("--home", folder.resolve("home").toString()));
        words.addAll(List.of("--port", Integer.toString(network.port(number))));
        words.addAll(List.of("--config", config.toString()));
        var builder = new ProcessBuilder(network.on(Network.node(number), words));
        builder.redirectErrorStream(true);
        outputBefore = Files.exists(output()) ? Files.size(output()) : 0;
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()));
        builder.environment().put("REMIT_DATABASE_URL", database);
        builder.environment().remove("REMIT_HOME");
        process = builder.start();
        wanted = true;
        stopped = false;
        starts++;
    }

    /// Waits until it says where it listens. On a machine that is busy it may give up; then it is
    /// started again.
    void awaitReady() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!Files.exists(folder.resolve("home/server.json"))) {
            if (System.nanoTime() > end) {
                throw new IOException("node " + number + " does not start; see " + output());
            }
            supervise();
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    void supervise() throws IOException {
        var now = process;
        if (wanted && now != null && !now.isAlive()) {
            refusal().ifPresent(why -> builds.refused(number, why));
            start();
        }
    }

    /// What it said when it did not start for the tables were newer than it knows.
    private Optional<String> refusal() throws IOException {
        try (var file = Files.newInputStream(output())) {
            file.skipNBytes(outputBefore);
            return new String(file.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> NEWER.matcher(line).find())
                    .map(line -> line.replaceFirst("^remit: ", ""))
                    .findFirst();
        }
    }

    private Path output() {
        return folder.resolve("output.log");
    }

    /// Stopped in order, and started again as what is its build by then, if it is to run at all.
    void replace() {
        if (wanted) {
            terminate();
            comeBack();
        }
    }

    boolean isUp() {
        var now = process;
        return now != null && now.isAlive() && !stopped;
    }

    /// Whether it has said where it listens.
    boolean serves() {
        var now = process;
        try {
            return now != null
                    && isUp()
                    && Tree.parse(Files.readString(folder.resolve("home/server.json")))
                            .at("pid")
                            .toString()
                            .equals(Long.toString(now.pid()));
        } catch (IOException | IllegalArgumentException e) {
            return false; // not yet, or half of it
        }
    }

    int starts() {
        return starts;
    }

    /// `kill -9`.
    void kill() {
        wanted = false;
        var now = process;
        if (now != null) {
            now.destroyForcibly();
        }
    }

    /// In order; it may take its time.
    void terminate() {
        wanted = false;
        var now = process;
        if (now != null) {
            now.destroy();
        }
    }

    /// Started again as soon as it has ended.
    void comeBack() {
        wanted = true;
    }

    void pause(boolean on) throws IOException, InterruptedException {
        var now = process;
        if (now != null) {
            stopped = on;
            Command.attempt("kill", on ? "-STOP" : "-CONT", Long.toString(now.pid()));
        }
    }

    /// @param seconds its clock is ahead of everybody's
    void clock(long seconds) throws IOException {
        Files.writeString(clockFile(), (seconds < 0 ? "" : "+") + seconds + "\n");
    }

    private Path clockFile() {
        return folder.resolve("clock");
    }

    @Override
    public void close() {
        wanted = false;
        var now = process;
        if (now != null) {
            now.destroyForcibly().onExit().join();
        }
    }
}
