package dev.remit.engine.temporal;

import dev.remit.core.settings.DispatcherChoice.Temporal;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.temporal.internal.testservice.GRPCServerHelper;
import io.temporal.internal.testservice.TestServicesStarter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// A Temporal server for tests, on a port of its own: the one that comes with Temporal's libraries,
/// or a real one where it is installed.
final class Frontend implements AutoCloseable {
    static final String NAMESPACE = "remit";

    private final int port;
    private final AutoCloseable server;

    private Frontend(int port, AutoCloseable server) {
        this.port = port;
        this.server = server;
    }

    static Frontend ofLibrary() {
        return ofLibrary(port());
    }

    static Frontend ofLibrary(int port) {
        var services = new TestServicesStarter(true, 0);
        var builder = Grpc.newServerBuilderForPort(port, InsecureServerCredentials.create());
        builder.intercept(new NoOwnQueues());
        GRPCServerHelper.registerServicesAndHealthChecks(services.getServices(), builder);
        try {
            var server = builder.build().start();
            return new Frontend(
                    port,
                    () -> {
                        server.shutdownNow().awaitTermination();
                        services.close();
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The program `temporal`, as `REMIT_TEMPORAL_SERVER` names it; bench/peers/install makes it.
    static Optional<Path> installed() {
        return Optional.ofNullable(System.getenv("REMIT_TEMPORAL_SERVER"))
                .map(Path::of)
                .filter(p -> Files.isRegularFile(p) && Files.isExecutable(p));
    }

    static Frontend real(Path program, Path folder) throws IOException, InterruptedException {
        int port = port();
        var process =
                new ProcessBuilder(
                                program.toString(),
                                "server",
                                "start-dev",
                                "--headless",
                                "--ip",
                                "127.0.0.1",
                                "--port",
                                Integer.toString(port),
                                "--namespace",
                                NAMESPACE,
                                "--log-level",
                                "error")
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("temporal.log").toFile())
                        .start();
        var frontend =
                new Frontend(
                        port,
                        () -> {
                            process.destroy();
                            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                                process.destroyForcibly();
                            }
                        });
        frontend.awaitReady(process);
        return frontend;
    }

    private void awaitReady(Process process) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        var cluster = Cluster.at(address("probe"), Nothing.SECRET, "probe");
        try {
            while (cluster.trouble().isPresent()) {
                if (System.nanoTime() > end || process.waitFor(100, TimeUnit.MILLISECONDS)) {
                    throw new AssertionError("Temporal does not start: " + cluster.trouble());
                }
            }
        } finally {
            cluster.close();
        }
    }

    /// A free one, below those that the system gives to clients.
    static int port() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(22_000, 32_000);
            try (var probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException e) {
                // taken; another one
            }
        }
    }

    Temporal address(String queue) {
        return address(port, queue);
    }

    static Temporal address(int port, String queue) {
        return new Temporal("127.0.0.1:" + port, NAMESPACE, queue, null, null);
    }

    /// As the command line has it.
    String word(String queue) {
        return "temporal://127.0.0.1:" + port + "/" + NAMESPACE + "?task_queue=" + queue;
    }

    /// With a task queue that nobody else has.
    Temporal fresh() {
        return address("test-" + UUID.randomUUID());
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
