package dev.remit.store.archive;

import dev.remit.store.session.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;

/// Lets go of files whose time is over: first what the database knows of them, then the files.
record Expiry(Connection connection, ArchivePolicy policy) {
    private static final int SESSIONS = 500;

    int all(Instant now) throws SQLException {
        var keep = policy.archiveKeep();
        var folder = policy.folder();
        if (keep == null || folder == null) {
            return 0;
        }
        int expired = 0;
        try (var select =
                connection.prepareStatement("SELECT name FROM archive_file WHERE closed < ?")) {
            new Parameters(select).set(now.minus(keep));
            for (var file : Parameters.list(select, row -> row.getString(1))) {
                expired += forget(file);
                try {
                    Files.deleteIfExists(folder.resolve(file));
                    Files.deleteIfExists(folder.resolve(file + ".manifest.json"));
                } catch (IOException e) {
                    throw new ArchiveException(
                            "the archive " + folder + " cannot be cleaned: " + e.getMessage(), e);
                }
            }
        }
        return expired;
    }

    private int forget(String file) throws SQLException {
        int forgotten = 0;
        while (true) {
            try (var select =
                    connection.prepareStatement(
                            "SELECT session FROM archived WHERE file = ? LIMIT ?")) {
                new Parameters(select).text(file).set(SESSIONS);
                var sessions = Parameters.list(select, row -> row.getObject(1, UUID.class));
                if (sessions.isEmpty()) {
                    break;
                }
                forgotten += new Emptying(connection).forget(sessions);
            }
        }
        try (var delete = connection.prepareStatement("DELETE FROM archive_file WHERE name = ?")) {
            new Parameters(delete).text(file);
            delete.executeUpdate();
        }
        return forgotten;
    }
}
