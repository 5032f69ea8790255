package dev.remit.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;

/// A folder that is gone afterwards. A database that runs as another user may pass through it.
public final class Scratch implements AutoCloseable {
    private final Path folder;

    public Scratch() throws IOException {
        folder =
                Files.createTempDirectory(
                        "remit-bench-",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx--x--x")));
    }

    public Path folder() {
        return folder;
    }

    /// The folder, and where homes in it keep their databases if that is elsewhere.
    @Override
    public void close() throws IOException {
        try (var all = Files.walk(folder)) {
            for (var file : all.toList()) {
                if (file.endsWith("server") && Files.isSymbolicLink(file)) {
                    deleteTree(file.toRealPath());
                }
            }
        }
        deleteTree(folder);
    }

    private static void deleteTree(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (var files = Files.walk(tree)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                    Files.delete(file);
                }
            }
        }
    }
}
