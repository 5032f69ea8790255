package dev.remit.store.database;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// Making and removing folders and files.
final class Folders {
    /// Permissions of a folder that all may enter and only its owner may change.
    static final String OPEN = "rwxr-xr-x";

    private Folders() {}

    /// Creates a folder and what is missing above it, open whatever the umask says.
    static void createOpen(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            createOpen(requireNonNull(folder.toAbsolutePath().getParent()));
            try {
                Files.createDirectory(folder);
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(OPEN));
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(folder)) {
                    throw e;
                }
            }
        }
    }

    /// A new folder with a name of its own, with exactly these permissions.
    static Path temporary(Path parent, String prefix, String permissions) throws IOException {
        var folder = Files.createTempDirectory(parent, prefix);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
        return folder;
    }

    /// Writes a file that only this user may read; whole or not at all.
    static void writeSecret(Path file, String text) throws IOException {
        var mode =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var parent = requireNonNull(file.toAbsolutePath().getParent());
        var fresh = Files.createTempFile(parent, file.getFileName() + ".", "", mode);
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Deletes a folder and what is in it; follows no links. One that is not there is deleted.
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path emptied, @Nullable IOException trouble) throws IOException {
                        if (trouble != null) {
                            throw trouble;
                        }
                        Files.delete(emptied);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    /// Deletes what a killed process left: the folders in `parent` that begin so.
    static void deleteLeftovers(Path parent, String prefix) throws IOException {
        try (var found = Files.newDirectoryStream(parent, prefix + "*")) {
            for (var folder : found) {
                delete(folder);
            }
        }
    }
}
