package dev.remit.cli;

import dev.remit.client.Address;
import dev.remit.core.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// Remit's state folder, as far as the command reads it: where the server listens, and its key.
record Home(Path folder) {
    /// @param option the value of `--home`; absent: `REMIT_HOME`, or `.remit` in the user's folder
    static Home of(Shell shell, @Nullable String option) {
        var named = option != null ? option : shell.variable("REMIT_HOME");
        if (named != null) {
            return new Home(shell.folder().resolve(named).normalize());
        }
        var user = shell.variable("HOME");
        return new Home(Path.of(user != null ? user : System.getProperty("user.home"), ".remit"));
    }

    /// Where a server said that it listens.
    record Server(URI url, long pid, String build) {
        boolean isAlive() {
            return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
        }
    }

    /// What `server.json` says; absent if no server runs or ran and stopped in good order.
    @Nullable Server server() {
        try {
            var json = Json.parse(Files.readAllBytes(folder.resolve("server.json")));
            return new Server(
                    URI.create(json.path("url").asString("")),
                    json.path("pid").asLong(0),
                    json.path("build").asString(""));
        } catch (NoSuchFileException none) {
            return null;
        } catch (IOException e) {
            throw Failure.trouble(
                    "cannot read " + folder.resolve("server.json") + ": " + e.getMessage(),
                    "Does this state folder belong to another user? --home chooses another.");
        } catch (JacksonException | IllegalArgumentException halfWritten) {
            return null;
        }
    }

    @Nullable Address address() {
        var server = server();
        return server == null ? null : new Address(server.url(), key());
    }

    private String key() {
        try {
            return Files.readString(folder.resolve("key")).strip();
        } catch (IOException e) {
            throw Failure.trouble(
                    "cannot read the key " + folder.resolve("key"),
                    "Only the user who made this state folder may; --home chooses another.");
        }
    }

    /// Whose database the server used when it ran last: the folder of another server, or `url` for
    /// an address; absent: its own.
    @Nullable String databaseOf() {
        try {
            return Files.readString(folder.resolve("database")).strip();
        } catch (IOException none) {
            return null;
        }
    }

    Path logs() {
        return folder.resolve("logs");
    }

    /// Makes the folder, for this user alone.
    void create() {
        try {
            if (!Files.isDirectory(folder)) {
                var parent = folder.toAbsolutePath().getParent();
                if (parent != null) {
                    Files.createDirectories(parent);
                }
                Files.createDirectories(
                        folder,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
            }
            Files.createDirectories(logs());
        } catch (IOException | UnsupportedOperationException e) {
            throw Failure.trouble(
                    "cannot make the state folder " + folder + ": " + e,
                    "Choose another with --home DIR or REMIT_HOME.");
        }
    }
}
