package dev.remit.hands.vault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/// Files that only their owner may read, written whole or not at all, and on disk when it returns.
final class Durable {
    private static final Set<PosixFilePermission> OWNER =
            PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_FOLDER =
            PosixFilePermissions.fromString("rwx------");

    private Durable() {}

    static void folder(Path folder) throws IOException {
        Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_FOLDER));
    }

    /// Replaces the file.
    static void write(Path file, byte[] bytes) throws IOException {
        var fresh = fresh(file, bytes);
        try {
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
        sync(parent(file));
    }

    /// Creates the file unless there is one: of several that try at once, one succeeds.
    static void create(Path file, byte[] bytes) throws IOException {
        var fresh = fresh(file, bytes);
        try {
            Files.createLink(file, fresh);
        } catch (FileAlreadyExistsException e) {
            return; // somebody else was first; theirs counts
        } finally {
            Files.deleteIfExists(fresh);
        }
        sync(parent(file));
    }

    static boolean delete(Path file) throws IOException {
        boolean was = Files.deleteIfExists(file);
        sync(parent(file));
        return was;
    }

    /// @throws VaultException if others than the owner may read it
    static void requirePrivate(Path file) throws IOException {
        var permissions = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
        for (var permission : permissions) {
            if (!permission.name().startsWith("OWNER_")) {
                throw new VaultException(
                        file.getFileName()
                                + " in the vault may be read by others than its owner"
                                + " (expected rw-------, found "
                                + PosixFilePermissions.toString(permissions)
                                + "): chmod 600 it, and change the credentials if others were there");
            }
        }
    }

    private static Path fresh(Path file, byte[] bytes) throws IOException {
        var fresh = parent(file).resolve("." + UUID.randomUUID() + ".new");
        try (var channel =
                FileChannel.open(
                        fresh,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(OWNER))) {
            var buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(fresh);
            throw e;
        }
        return fresh;
    }

    private static void sync(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Path parent(Path file) {
        var parent = file.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("not in a folder: " + file);
        }
        return parent;
    }
}
