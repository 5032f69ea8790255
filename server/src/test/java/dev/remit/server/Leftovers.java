package dev.remit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// As root, the database of a state folder lies outside of it; whoever throws the state folder away
/// throws that away, too.
final class Leftovers {
    private static final int ATTEMPTS = 20;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(250);

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
            var database = database(home);
            for (int attempt = 1; !isGone(database, attempt == ATTEMPTS); attempt++) {
                LockSupport.parkNanos(PAUSE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @return false if a server that is just ending has written once more
    private static boolean isGone(Path folder, boolean last) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
            return true;
        } catch (DirectoryNotEmptyException | UncheckedIOException e) {
            if (last) {
                throw e;
            }
            return false;
        }
    }
}
