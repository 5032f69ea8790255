package dev.remit.bench.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A process that takes part in a measurement, and ends with it.
public final class Child implements AutoCloseable {
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(90);

    private final String name;
    private final Process process;
    private final Path log;

    private Child(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /// Starts it and waits until it listens.
    ///
    /// @param environment added to ours
    public static Child start(
            String name,
            List<String> command,
            Map<String, String> environment,
            Path folder,
            int port)
            throws IOException, InterruptedException {
        var log = folder.resolve(name + ".log");
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        var child = new Child(name, builder.start(), log);
        Runtime.getRuntime().addShutdownHook(new Thread(child.process::destroyForcibly));
        child.await(port);
        return child;
    }

    /// This Java with these flags, on our own class path.
    public static List<String> java(List<String> flags, String mainClass, List<String> arguments) {
        var command = new java.util.ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(mainClass);
        command.addAll(arguments);
        return command;
    }

    private void await(int port) throws IOException, InterruptedException {
        long end = System.nanoTime() + STARTS_WITHIN.toNanos();
        while (System.nanoTime() < end) {
            if (!process.isAlive()) {
                throw new IOException(name + " ended at once: " + lastWords());
            }
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return;
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        close();
        throw new IOException(name + " did not listen in time: " + lastWords());
    }

    private String lastWords() throws IOException {
        var text = Files.exists(log) ? Files.readString(log) : "";
        return text.substring(Math.max(0, text.length() - 600)).strip();
    }

    /// Memory in use, in bytes, as the system counts it.
    public long residentBytes() throws IOException {
        return Processes.residentBytes(process.pid());
    }

    /// What is in use of its heap, if it is a Java; see [Processes#liveHeapBytes].
    public long liveHeapBytes() throws IOException, InterruptedException {
        return Processes.liveHeapBytes(process.pid());
    }

    /// Processor time so far, in seconds.
    public double cpuSeconds() throws IOException {
        return Processes.cpuSeconds(process.pid());
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
