package dev.remit.store.database;

import static java.util.Objects.requireNonNull;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Properties;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/// PostgreSQL's programs, unpacked from the jar that brings them.
record Binaries(Path folder) {
    static final String VERSION = version();

    /// The major version, as it stands in a data folder's `PG_VERSION`.
    static final String MAJOR = VERSION.substring(0, VERSION.indexOf('.'));

    /// Unpacks them unless that was done before. Whole or not at all: they are unpacked beside
    /// their place and moved there, so several processes may do it at once and any may be killed.
    static Binaries in(Path parent, EmbeddedPostgres.Progress progress) throws IOException {
        var place = parent.resolve("binaries-" + VERSION);
        if (!Files.isDirectory(place)) {
            progress.step("unpacking PostgreSQL " + VERSION);
            var fresh = Folders.temporary(parent, "unpacking-", Folders.OPEN);
            try {
                unpack(fresh);
                Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException e) {
                Folders.delete(fresh); // another process was faster
            } catch (IOException e) {
                Folders.delete(fresh);
                if (!Files.isDirectory(place)) {
                    throw e;
                }
            }
        }
        return new Binaries(place);
    }

    Path program(String name) {
        return folder.resolve("bin").resolve(name);
    }

    private static void unpack(Path target) throws IOException {
        try (var tar =
                new TarArchiveInputStream(
                        new XZInputStream(new BufferedInputStream(archive(), 1 << 16)))) {
            for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
                unpack(tar, entry, target);
            }
        }
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path target)
            throws IOException {
        var path = within(target, target.resolve(entry.getName()));
        if (entry.isDirectory()) {
            Folders.createOpen(path);
            return;
        }
        Folders.createOpen(requireNonNull(path.getParent()));
        if (entry.isSymbolicLink()) {
            within(target, path.resolveSibling(entry.getLinkName()));
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isFile()) {
            Files.copy(tar, path);
            boolean runs = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(
                    path, PosixFilePermissions.fromString(runs ? "rwxr-xr-x" : "rw-r--r--"));
            try (var file = FileChannel.open(path, StandardOpenOption.WRITE)) {
                file.force(false); // a power cut must not leave empty files behind a finished move
            }
        } else {
            throw new IOException("the archive holds something unexpected: " + entry.getName());
        }
    }

    private static Path within(Path target, Path path) throws IOException {
        if (!path.normalize().startsWith(target)) {
            throw new IOException("the archive reaches out of its folder: " + path);
        }
        return path.normalize();
    }

    private static InputStream archive() {
        var machine =
                switch (System.getProperty("os.arch", "").toLowerCase(Locale.ROOT)) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64", "arm64" -> "arm_64";
                    default -> "";
                };
        var stream = Binaries.class.getResourceAsStream("/postgres-linux-" + machine + ".txz");
        if (stream == null || !System.getProperty("os.name", "").equals("Linux")) {
            throw new DatabaseException(
                    DatabaseException.Kind.NOT_INSTALLED,
                    "the embedded PostgreSQL runs on Linux on x86-64 and ARM64, this is %s on %s."
                                    .formatted(
                                            System.getProperty("os.name"),
                                            System.getProperty("os.arch"))
                            + " Set REMIT_DATABASE_URL to a PostgreSQL of your own.");
        }
        return stream;
    }

    private static String version() {
        var properties = new Properties();
        try (var in = Binaries.class.getResourceAsStream("embedded.properties")) {
            properties.load(requireNonNull(in, "embedded.properties is missing"));
        } catch (IOException e) {
            throw new IllegalStateException("embedded.properties cannot be read", e);
        }
        return properties.getProperty("version");
    }
}
