package dev.remit.bench.engine;

import dev.remit.bench.harness.Child;
import dev.remit.bench.harness.Generator;
import dev.remit.bench.harness.Piped;
import dev.remit.bench.harness.ServerFlags;
import dev.remit.bench.harness.Wire;
import dev.remit.store.database.DatabaseAddress;
import dev.remit.store.database.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Remit's engine and its peers, each started the way that its own documentation starts it, on one
/// machine; those that need PostgreSQL share one server with fsync on.
final class Subjects implements AutoCloseable {
    private static final int RESTATE_SERVICE = 21_131;
    private static final int RESTATE_NODE = 21_133;
    private static final int RESTATE_ADMIN = 21_134;
    private static final int RESTATE_INGRESS = 21_135;
    private static final int TEMPORAL = 21_136;
    private static final List<String> JVM = List.of("-Xmx1g");

    private final Path folder;
    private final @Nullable Path peers;
    private final EmbeddedPostgres postgres;
    private final Consumer<String> progress;
    private final List<AutoCloseable> started = new ArrayList<>();

    Subjects(
            Path folder,
            @Nullable Path peers,
            EmbeddedPostgres postgres,
            Consumer<String> progress) {
        this.folder = folder;
        this.peers = peers;
        this.postgres = postgres;
        this.progress = progress;
    }

    /// One node of Remit.
    Subject remit() throws IOException {
        return new Subject("remit", node("one", postgres.address())::run);
    }

    /// One node of Remit that goes over lists of [TenSteps#ITEMS] items.
    Subject lists() throws IOException {
        var node = node("lists", postgres.database("lists"), "0", TenSteps.LIST);
        return new Subject("remit, lists", node::run);
    }

    /// Two nodes of Remit on one database, each with half of the load.
    Subject twoNodes() throws IOException {
        var address = postgres.database("two_nodes");
        var a = node("two-a", address);
        var b = node("two-b", address);
        return new Subject(
                "remit, two nodes",
                (atOnce, seconds) -> {
                    a.begin(atOnce - atOnce / 2, seconds);
                    b.begin(Math.max(1, atOnce / 2), seconds);
                    var first = a.done();
                    var second = b.done();
                    return new Piped.Done(
                            first.done() + second.done(),
                            Math.max(first.seconds(), second.seconds()),
                            Math.max(first.p50(), second.p50()),
                            Math.max(first.p99(), second.p99()));
                });
    }

    private Piped node(String name, DatabaseAddress address, String... more) throws IOException {
        var arguments = new ArrayList<>(List.of(address.toUrl(), name));
        arguments.addAll(List.of(more));
        return piped(
                "remit-" + name,
                Child.java(ServerFlags.OF_THE_LAUNCHER, TenSteps.class.getName(), arguments));
    }

    /// Those that are installed.
    List<Subject> peers() throws IOException, InterruptedException {
        var all = new ArrayList<Subject>();
        if (peers == null) {
            progress.accept("peers are left out: name their folder with --peers");
            return all;
        }
        restate(peers).ifPresent(all::add);
        temporal(peers).ifPresent(all::add);
        dbos(peers).ifPresent(all::add);
        return all;
    }

    private Optional<Subject> dbos(Path peers) {
        var classes = peers.resolve("dbos/classes");
        if (!Files.isDirectory(classes)) {
            return leftOut("dbos", "it is not installed");
        }
        var address = postgres.database("dbos");
        return trying(
                "dbos",
                () ->
                        new Subject(
                                "dbos",
                                piped(
                                                "dbos",
                                                java(
                                                        peers.resolve("dbos"),
                                                        "jdbc:postgresql://"
                                                                + address.hosts()
                                                                + "/"
                                                                + address.database(),
                                                        address.user(),
                                                        address.password()))
                                        ::run));
    }

    private Optional<Subject> temporal(Path peers) {
        var server = peers.resolve("temporal-server/temporal");
        if (!Files.isExecutable(server) || !Files.isDirectory(peers.resolve("temporal/classes"))) {
            return leftOut("temporal", "its server or its SDK is not installed");
        }
        return trying(
                "temporal",
                () -> {
                    child(
                            "temporal",
                            List.of(
                                    server.toString(),
                                    "server",
                                    "start-dev",
                                    "--headless",
                                    "--log-level",
                                    "error",
                                    "--db-filename",
                                    folder.resolve("temporal.db").toString(),
                                    "--ip",
                                    "127.0.0.1",
                                    "--port",
                                    Integer.toString(TEMPORAL)),
                            TEMPORAL);
                    var worker =
                            piped(
                                    "temporal-worker",
                                    java(peers.resolve("temporal"), "127.0.0.1:" + TEMPORAL));
                    return new Subject("temporal", worker::run);
                });
    }

    private Optional<Subject> restate(Path peers) {
        var modules = peers.resolve("restate/node_modules");
        var server = modules.resolve(".bin/restate-server");
        if (!Files.exists(server)) {
            return leftOut("restate", "it is not installed");
        }
        return trying(
                "restate",
                () -> {
                    child(
                            "restate-service",
                            List.of(
                                    modules.resolve(".bin/node").toString(),
                                    peers.resolve("restate/ten.mjs").toString(),
                                    Integer.toString(RESTATE_SERVICE)),
                            RESTATE_SERVICE);
                    var settings = Files.writeString(folder.resolve("restate.toml"), RESTATE);
                    child(
                            "restate",
                            List.of(
                                    server.toString(),
                                    "-c",
                                    settings.toString(),
                                    "--base-dir",
                                    folder.resolve("restate").toString(),
                                    "--node-name",
                                    "bench"),
                            RESTATE_INGRESS);
                    register();
                    var input = "\"" + "x".repeat(1000) + "\"";
                    var request = Wire.post(RESTATE_INGRESS, "/ten/run", "none", input);
                    return new Subject(
                            "restate",
                            (atOnce, seconds) -> {
                                var time = Duration.ofNanos((long) (seconds * 1e9));
                                var seen = Generator.closed(RESTATE_INGRESS, request, atOnce, time);
                                if (seen.failed() > 0) {
                                    throw new IOException(seen.failed() + " calls failed");
                                }
                                return new Piped.Done(
                                        seen.total().length,
                                        seen.seconds(),
                                        micros(seen, 0.5),
                                        micros(seen, 0.99));
                            });
                });
    }

    private static long micros(Generator.Seen seen, double share) {
        return (long) Generator.Seen.quantileMicros(seen.total(), share);
    }

    /// As it comes, but for its addresses and its reports to its makers.
    private static final String RESTATE =
            """
            disable-telemetry = true
            bind-address = "127.0.0.1:%d"
            [admin]
            bind-address = "127.0.0.1:%d"
            [ingress]
            bind-address = "127.0.0.1:%d"
            """
                    .formatted(RESTATE_NODE, RESTATE_ADMIN, RESTATE_INGRESS);

    private static void register() throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var body = "{\"uri\":\"http://127.0.0.1:" + RESTATE_SERVICE + "\"}";
            var answer =
                    client.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    "http://127.0.0.1:"
                                                            + RESTATE_ADMIN
                                                            + "/deployments"))
                                    .timeout(Duration.ofSeconds(30))
                                    .header("content-type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new IOException("the service was not registered: " + answer.body());
            }
        }
    }

    /// A peer's program in Java, as its installer compiled it.
    private static List<String> java(Path home, String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.add("-cp");
        command.add(home.resolve("classes") + ":" + home.resolve("*"));
        command.add("Ten");
        command.addAll(List.of(arguments));
        return command;
    }

    private Piped piped(String name, List<String> command) throws IOException {
        var piped = Piped.start(name, command, folder);
        started.add(piped);
        return piped;
    }

    private void child(String name, List<String> command, int port)
            throws IOException, InterruptedException {
        started.add(Child.start(name, command, Map.of(), folder, port));
    }

    /// Starts a peer.
    private interface Starter {
        Subject start() throws IOException, InterruptedException;
    }

    private Optional<Subject> trying(String name, Starter starter) {
        try {
            return Optional.of(starter.start());
        } catch (IOException e) {
            return leftOut(name, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return leftOut(name, "interrupted");
        }
    }

    private Optional<Subject> leftOut(String name, String why) {
        progress.accept(name + " is left out: " + why);
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        for (var one : started.reversed()) {
            try {
                one.close();
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }
}
