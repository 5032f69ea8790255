package dev.remit.clients;

import dev.remit.core.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;

/// `remit serve`, as a process with a database of its own, in front of a fake provider.
final class GatewayProcess implements AutoCloseable {
    private static final String MAIN = "dev.remit.server.Main";
    private static final long SECONDS = 120;

    private final Process process;
    private final Path folder;

    private GatewayProcess(Process process, Path folder) {
        this.process = process;
        this.folder = folder;
    }

    /// @param settings what stands in `remit.yaml`
    /// @param credential that it has for each provider
    static GatewayProcess start(String settings, String credential)
            throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("remit-clients");
        Files.writeString(folder.resolve("remit.yaml"), settings);
        var words = new ArrayList<String>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m"));
        words.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"));
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
        words.addAll(List.of("--home", folder.resolve("home").toString(), "--port", "0"));
        words.addAll(List.of("--config", folder.resolve("remit.yaml").toString()));
        var builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.redirectOutput(folder.resolve("output").toFile());
        builder.environment().remove("REMIT_DATABASE_URL");
        for (var provider : List.of("OPENAI", "ANTHROPIC", "GEMINI")) {
            builder.environment().put("REMIT_SECRET_" + provider, credential);
        }
        var gateway = new GatewayProcess(builder.start(), folder);
        try {
            gateway.awaitReady();
            return gateway;
        } catch (IOException | InterruptedException | AssertionError e) {
            gateway.close();
            throw e;
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (System.nanoTime() < end) {
            if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                break;
            }
            if (isReady()) {
                return;
            }
        }
        throw new AssertionError(
                "the server did not get ready:\n" + Files.readString(folder.resolve("output")));
    }

    private boolean isReady() {
        try {
            return !ready("url").isEmpty();
        } catch (IOException | JacksonException notYet) {
            return false;
        }
    }

    private String ready(String field) throws IOException {
        var file = folder.resolve("home").resolve("server.json");
        return Json.parse(Files.readAllBytes(file)).path(field).asString("");
    }

    URI uri() throws IOException {
        return URI.create(ready("url"));
    }

    /// The key in the state folder, which may do anything.
    String key() throws IOException {
        return Files.readString(folder.resolve("home").resolve("key")).strip();
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
