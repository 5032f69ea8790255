package dev.remit.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The npm clients, installed under `target` by their lock file, with a Node.js of their own.
final class Npm {
    private static final Duration INSTALL = Duration.ofMinutes(5);

    private final Path folder;

    private Npm(Path folder) {
        this.folder = folder;
    }

    /// What a program said, and how it ended.
    record Ended(int code, String output) {}

    /// @throws AssertionError if they cannot be installed; it says what to do
    static Npm install() throws IOException, InterruptedException {
        var folder = Path.of("target", "npm").toAbsolutePath();
        Files.createDirectories(folder.resolve("test"));
        for (var file : List.of("package.json", "package-lock.json")) {
            copy(Path.of(file), folder.resolve(file));
        }
        try (var tests = Files.list(Path.of("test"))) {
            tests.forEach(test -> copy(test, folder.resolve("test").resolve(test.getFileName())));
        }
        var npm = new Npm(folder);
        var words = List.of("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
        Ended installed;
        try {
            installed = npm.run(words, Map.of(), INSTALL);
        } catch (IOException e) {
            throw new AssertionError(
                    "npm is needed to try the clients, and is not here: apt-get install npm,"
                            + " or any Node.js 20 or newer",
                    e);
        }
        if (installed.code() != 0) {
            throw new AssertionError(
                    "npm ci failed; it needs a registry to fetch from:\n" + installed.output());
        }
        return npm;
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Runs the tests of one client.
    Ended test(String file, Map<String, String> environment, Duration atMost)
            throws IOException, InterruptedException {
        var words =
                List.of(
                        node().toString(),
                        "--test",
                        "--test-reporter=spec",
                        "test/" + file + ".test.js");
        return run(words, environment, atMost);
    }

    /// The one that was installed, if there is one for this machine; else this machine's own.
    private Path node() throws IOException {
        try (var modules = Files.list(folder.resolve("node_modules"))) {
            return modules.filter(m -> m.getFileName().toString().startsWith("node-"))
                    .map(m -> m.resolve("bin").resolve("node"))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElse(Path.of("node"));
        }
    }

    private Ended run(List<String> words, Map<String, String> environment, Duration atMost)
            throws IOException, InterruptedException {
        var log = Files.createTempFile(folder, "run", ".log");
        var builder = new ProcessBuilder(new ArrayList<>(words)).directory(folder.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("NO_PROXY", "127.0.0.1,localhost");
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        var process = builder.start();
        try {
            if (!process.waitFor(atMost.toSeconds(), TimeUnit.SECONDS)) {
                return new Ended(-1, Files.readString(log) + "\nnot done after " + atMost);
            }
            return new Ended(process.exitValue(), Files.readString(log));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.deleteIfExists(log);
        }
    }
}
