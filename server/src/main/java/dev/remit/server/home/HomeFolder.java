package dev.remit.server.home;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The folder in which a server keeps everything that is its own. For one user alone.
public record HomeFolder(Path folder) {
    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rwx------");

    /// Creates it if it is not there, and shuts out everybody else.
    ///
    /// @throws StartFailure if that cannot be done
    public static HomeFolder open(Path folder) {
        var path = folder.toAbsolutePath().normalize();
        try {
            Files.createDirectories(path);
            if (!Files.getPosixFilePermissions(path).equals(OWNER_ONLY)) {
                Files.setPosixFilePermissions(path, OWNER_ONLY);
            }
            var home = new HomeFolder(path.toRealPath());
            Files.createDirectories(home.logs());
            return home;
        } catch (FileAlreadyExistsException e) {
            throw new StartFailure("the state folder " + path + " cannot be made: there is a file");
        } catch (IOException e) {
            throw StartFailure.of(
                    "the state folder " + path + " cannot be used; --home chooses another", e);
        }
    }

    public Path logs() {
        return folder.resolve("logs");
    }

    /// Of the embedded database.
    public Path postgres() {
        return folder.resolve("postgres");
    }

    /// Of credentials, encrypted.
    public Path vault() {
        return folder.resolve("vault");
    }

    /// Of files that the built-in `journal.append` writes.
    public Path journal() {
        return folder.resolve("journal");
    }

    /// Notes whose database the server of this folder uses, so that a command that starts it again
    /// does not give it an empty one of its own. An address may hold a password: it is not noted.
    ///
    /// @param other the folder of the server whose database it is, `url` for an address; absent: it
    ///   has its own
    public void usesDatabaseOf(@Nullable String other) {
        var note = folder.resolve("database");
        try {
            if (other == null) {
                Files.deleteIfExists(note);
            } else {
                write(note, (other + "\n").getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw StartFailure.of("cannot write " + note, e);
        }
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /// Writes a file so that nobody ever sees half of it, for its owner alone.
    static void write(Path file, byte[] content) throws IOException {
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(
                fresh,
                PosixFilePermissions.asFileAttribute(
                        EnumSet.of(
                                PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)));
        Files.write(fresh, content);
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
