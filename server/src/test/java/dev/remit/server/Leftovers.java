package dev.remit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// As root, the database of a state folder lies outside of it; whoever throws the state folder away
/// throws that away, too.
final class Leftovers {
    private Leftovers() {}

    /// Where the database's files are.
    static Path database(Path home) throws IOException {
        return home.resolve("postgres/server").toRealPath();
    }

    static void delete(Path home) {
        try {
            var server = home.resolve("postgres/server");
            if (!Files.isSymbolicLink(server) || !Files.exists(server)) {
                return;
            }
            try (var files = Files.walk(database(home))) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
