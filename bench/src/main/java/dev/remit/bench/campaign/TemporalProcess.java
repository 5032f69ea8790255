package dev.remit.bench.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A Temporal server for nodes that are dispatched by it, on the machine of the witnesses. Nothing
/// bad happens to itself, but its lines to the nodes break as theirs do.
final class TemporalProcess implements AutoCloseable {
    static final int PORT = 7233;

    private static final String NAMESPACE = "remit";
    private static final int SECONDS = 120;

    private final Process process;

    private TemporalProcess(Process process) {
        this.process = process;
    }

    /// @param program `temporal`, as bench/peers/install makes it
    static TemporalProcess start(Network network, Path folder, Path program, int port)
            throws IOException, InterruptedException {
        var log = folder.resolve("temporal.log");
        var address = network.address(Network.WITNESS);
        // its parts talk to each other over loopback, wherever others find it
        var listens = address.startsWith("127.") ? address : "0.0.0.0";
        var words =
                List.of(
                        program.toString(),
                        "server",
                        "start-dev",
                        "--headless",
                        "--ip",
                        listens,
                        "--port",
                        Integer.toString(port),
                        "--namespace",
                        NAMESPACE,
                        "--log-level",
                        "error");
        var process =
                new ProcessBuilder(network.on(Network.WITNESS, words))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!Files.readString(log).contains("Server:")) {
            if (System.nanoTime() > end || process.waitFor(100, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IOException("Temporal does not start; see " + log);
            }
        }
        return new TemporalProcess(process);
    }

    /// What the nodes' remit.yaml says of it.
    static String settings(Network network, int port) {
        return """
        dispatcher:
          temporal: { target: "%s:%d", namespace: %s, task_queue: campaign }
        """
                .formatted(network.address(Network.WITNESS), port, NAMESPACE);
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(10, TimeUnit.SECONDS).exceptionally(late -> process).join();
        process.destroyForcibly().onExit().join();
    }
}
