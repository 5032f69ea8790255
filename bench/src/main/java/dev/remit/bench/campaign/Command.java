package dev.remit.bench.campaign;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Programs of the system, run to their end.
final class Command {
    private static final long SECONDS = 30;

    private Command() {}

    /// @param said what it wrote, on both outputs
    record Done(int code, String said) {
        boolean isGood() {
            return code == 0;
        }
    }

    static Done attempt(List<String> words, String input) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(words).redirectErrorStream(true).start();
        } catch (IOException e) {
            return new Done(127, words.getFirst() + " is not installed");
        }
        try (var out = process.getOutputStream()) {
            out.write(input.getBytes(UTF_8));
        } catch (IOException e) {
            // it has ended without reading; its exit code says how
        }
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return new Done(124, words + " did not end in time");
        }
        return new Done(process.exitValue(), said.strip());
    }

    static Done attempt(String... words) throws IOException, InterruptedException {
        return attempt(List.of(words), "");
    }

    /// @throws IOException with what it said, if it does not end well
    static void run(String... words) throws IOException, InterruptedException {
        var done = attempt(words);
        if (!done.isGood()) {
            throw new IOException(String.join(" ", words) + ": " + done.said());
        }
    }

    /// When all is over: as far as it goes, and whatever it says.
    static boolean last(String... words) {
        try {
            return attempt(words).isGood();
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static boolean works(String... words) throws InterruptedException {
        try {
            return attempt(words).isGood();
        } catch (IOException e) {
            return false;
        }
    }
}
