package dev.remit.core.agent;

import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.text.Faults;
import dev.remit.core.text.Source;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The files under one folder, by their path within it. Each is parsed once.
final class Folder {
    private final Map<String, String> all;
    private final String prefix;
    private final Map<String, String> files = new TreeMap<>();
    private final Map<String, Optional<Source>> parsed;
    private final Faults faults;

    private Folder(
            Map<String, String> all,
            String prefix,
            Map<String, Optional<Source>> parsed,
            Faults faults) {
        this.all = all;
        this.prefix = prefix;
        this.parsed = parsed;
        this.faults = faults;
        all.forEach((path, text) -> {
            if (path.startsWith(prefix)) {
                files.put(path.substring(prefix.length()), text);
            }
        });
    }

    static Folder of(Map<String, String> files, Faults faults) {
        return new Folder(files, "", new HashMap<>(), faults);
    }

    /// @param under ends with a slash
    Folder sub(String under) {
        return new Folder(all, prefix + under, parsed, faults);
    }

    /// The whole of what was given to the reader.
    Folder root() {
        return prefix.isEmpty() ? this : new Folder(all, "", parsed, faults);
    }

    Faults faults() {
        return faults;
    }

    /// Texts by path within this folder, in the order of paths.
    Map<String, String> files() {
        return files;
    }

    boolean has(String path) {
        return files.containsKey(path);
    }

    @Nullable String text(String path) {
        return files.get(path);
    }

    /// The path as faults name it, within the folder that was given to the reader.
    String named(String path) {
        return prefix + path;
    }

    /// A YAML or JSON file as a tree; absent if it is not there or cannot be parsed, which is a
    /// fault told once.
    Optional<Source> source(String path) {
        var text = files.get(path);
        if (text == null) {
            return Optional.empty();
        }
        return parsed.computeIfAbsent(named(path), name -> Source.read(name, text, faults));
    }

    /// The hash of files: of their paths and contents.
    static Hash hash(Map<String, String> files) {
        var hashes = Json.object();
        new TreeMap<>(files).forEach((path, text) -> hashes.put(path, Hash.of(text).hex()));
        return Hash.of(Json.canonical(hashes));
    }
}
