package dev.remit.cli;

import dev.remit.core.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Reads what a run is given: a file, standard input, or a value on the command line.
final class Input {
    private static final int MOST_BYTES = 16 << 20;

    private Input() {}

    /// @param given `-` for standard input, a file, JSON, or a text of several words; absent: `{}`
    /// @throws Failure if it is none of these
    static JsonNode read(Shell shell, @Nullable String given) {
        return given == null ? Json.object() : read(shell, "--input", given);
    }

    /// @param option what it was given with, for messages
    static JsonNode read(Shell shell, String option, String given) {
        if (given.equals("-")) {
            return json("standard input", standardInput(shell));
        }
        var file = file(shell, given);
        if (file != null) {
            var text = read(file, given);
            return given.endsWith(".txt") || given.endsWith(".md")
                    ? Json.text(text)
                    : json(given, text);
        }
        var text = given.strip();
        if (text.startsWith("{") || text.startsWith("[") || text.startsWith("\"")) {
            return json(option, text);
        }
        if (text.contains(" ")) {
            return Json.text(given);
        }
        throw Failure.usage(
                option + " " + given + ": there is no such file, and it is not JSON",
                "A file, - for standard input, or JSON such as '{\"question\": \"…\"}'.");
    }

    /// One JSON document from a file, as for `--replay`.
    static JsonNode document(Shell shell, String option, String name) {
        var file = file(shell, name);
        if (file == null) {
            throw Failure.usage(option + " " + name + ": there is no such file");
        }
        return json(name, read(file, name));
    }

    private static @Nullable Path file(Shell shell, String name) {
        try {
            var file = shell.folder().resolve(name);
            return Files.exists(file) && !Files.isDirectory(file) ? file : null;
        } catch (java.nio.file.InvalidPathException notAName) {
            return null;
        }
    }

    private static String read(Path file, String name) {
        try (var in = Files.newInputStream(file)) {
            return text(name, in.readNBytes(MOST_BYTES + 1));
        } catch (IOException e) {
            throw Failure.usage("cannot read " + name + ": " + e.getMessage());
        }
    }

    private static String standardInput(Shell shell) {
        try {
            return text("standard input", shell.in().readNBytes(MOST_BYTES + 1));
        } catch (IOException e) {
            throw Failure.usage("cannot read standard input: " + e.getMessage());
        }
    }

    private static String text(String name, byte[] bytes) {
        if (bytes.length > MOST_BYTES) {
            throw Failure.usage(name + " is larger than " + (MOST_BYTES >> 20) + " MB");
        }
        var text = new String(bytes, StandardCharsets.UTF_8);
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static JsonNode json(String name, String text) {
        try {
            var value = Json.parse(text);
            if (value.isMissingNode()) {
                throw Failure.usage(name + " is empty, where JSON was expected");
            }
            return value;
        } catch (JacksonException e) {
            var at = e.getLocation();
            var place = at == null ? "" : ":" + at.getLineNr() + ":" + at.getColumnNr();
            throw Failure.usage(name + place + ": not JSON: " + e.getOriginalMessage());
        }
    }
}
