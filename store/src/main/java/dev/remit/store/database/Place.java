package dev.remit.store.database;

import dev.remit.store.database.DatabaseException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where PostgreSQL's programs and data lie: the folder `server` in its home, unless the user it
/// runs as cannot reach that (`/root` is closed to others). Then they lie under `/var/lib/remit`,
/// and `server` is a link that names the place.
record Place(Path folder, Account account) {
    private static final Logger LOG = LoggerFactory.getLogger(Place.class);
    private static final Path ELSEWHERE = Path.of("/var/lib/remit");

    static Place in(Path home, Account account) throws IOException {
        var server = home.resolve("server");
        if (!Files.exists(server, LinkOption.NOFOLLOW_LINKS)) {
            if (account.reaches(home)) {
                Folders.createOpen(server);
            } else {
                moveElsewhere(server, home, account);
            }
        }
        if (!Files.isDirectory(server)) {
            throw new DatabaseException(
                    Kind.START_FAILED,
                    "%s should lead to the folder of the database, and leads nowhere. Restore what it"
                                    .formatted(server)
                            + " points to, or delete the link to begin with an empty database.");
        }
        var folder = server.toRealPath();
        if (!account.reaches(folder)) {
            throw new DatabaseException(
                    Kind.OTHER_OWNER,
                    "PostgreSQL runs as user '%s', who cannot reach %s. Run Remit as the user who"
                                    .formatted(account.name(), folder)
                            + " created it, or let others enter the folders above it (chmod o+x).");
        }
        return new Place(folder, account);
    }

    private static void moveElsewhere(Path server, Path home, Account account) throws IOException {
        var folder = ELSEWHERE.resolve(UUID.randomUUID().toString());
        Folders.createOpen(folder);
        Files.writeString(folder.resolve("belongs-to"), home.toRealPath() + "\n");
        Files.createSymbolicLink(server, folder);
        LOG.info(
                "PostgreSQL runs as user '{}', who cannot reach {}; its data lies in {} instead",
                account.name(),
                home,
                folder);
    }

    Path data() {
        return folder.resolve("data");
    }

    Path log() {
        return folder.resolve("postgres.log");
    }

    /// Refuses data that this program must not touch.
    void checkData() throws IOException {
        if (!account.owns(data())) {
            throw new DatabaseException(
                    Kind.OTHER_OWNER,
                    "%s belongs to user '%s', but PostgreSQL would run as '%s'. Run Remit as the user"
                                    .formatted(
                                            data(),
                                            Files.getOwner(data()).getName(),
                                            account.name())
                            + " who created it, or set REMIT_HOME to another folder.");
        }
        var major = Files.readString(data().resolve("PG_VERSION")).strip();
        if (!major.equals(Binaries.MAJOR)) {
            throw new DatabaseException(
                    Kind.OTHER_MAJOR_VERSION,
                    "%s was written by PostgreSQL %s, this Remit brings %s. Start the Remit that wrote"
                                    .formatted(data(), major, Binaries.VERSION)
                            + " it, or set REMIT_HOME to another folder to begin anew.");
        }
    }
}
