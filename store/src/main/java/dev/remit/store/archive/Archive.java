package dev.remit.store.archive;

import dev.remit.core.identity.SessionId;
import dev.remit.core.session.Recorded;
import dev.remit.store.database.Database;
import dev.remit.store.session.ColdLogs;
import dev.remit.store.session.Parameters;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The archive of closed sessions. Of several nodes one works at a time. Whatever it is cut off in,
/// the next run goes on: rows go only after a file with them is on the disk, has been read back,
/// and stands in the database.
public final class Archive implements ColdLogs {
    private static final Logger LOG = LoggerFactory.getLogger(Archive.class);

    /// Families that are looked at in one go, and sessions that go into one file.
    private static final int FAMILIES = 200;

    private static final int SESSIONS_A_FILE = 500;
    private static final long LOCK = 0x52454d4954415243L; // "REMITARC"

    private final Database database;
    private final Supplier<ArchivePolicy> policy;
    private final ArchiveFile.Opener opener;
    private volatile SoftReference<Read> lately = new SoftReference<>(null);

    private record Read(SessionId id, List<Recorded> events) {}

    /// @param policy asked for each run
    public Archive(Database database, Supplier<ArchivePolicy> policy) {
        this(database, policy, path -> Files.newOutputStream(path));
    }

    Archive(Database database, Supplier<ArchivePolicy> policy, ArchiveFile.Opener opener) {
        this.database = database;
        this.policy = policy;
        this.opener = opener;
    }

    /// What a run did.
    ///
    /// @param busy another node is at it: nothing was done here
    public record Done(int sessions, int files, int deleted, int expired, boolean busy) {}

    /// What is wrong with an archive.
    ///
    /// @param file absent from the database: it was left behind by a run that was cut off
    public record Fault(String file, String wrong) {}

    /// Puts away whatever is due.
    ///
    /// @throws ArchiveException if a file cannot be written, with nothing lost
    public Done run(Instant now) {
        var wanted = policy.get();
        return database.with(connection -> {
            if (!lock(connection)) {
                return new Done(0, 0, 0, 0, true);
            }
            try {
                new Emptying(connection).all();
                var done = moved(connection, wanted, now);
                int expired = new Expiry(connection, wanted).all(now);
                return new Done(done.sessions, done.files, done.deleted, expired, false);
            } finally {
                unlock(connection);
            }
        });
    }

    private static boolean lock(Connection connection) throws SQLException {
        try (var select = connection.prepareStatement("SELECT pg_try_advisory_lock(?)")) {
            select.setLong(1, LOCK);
            var row = select.executeQuery();
            return row.next() && row.getBoolean(1);
        }
    }

    private static void unlock(Connection connection) throws SQLException {
        try (var select = connection.prepareStatement("SELECT pg_advisory_unlock(?)")) {
            select.setLong(1, LOCK);
            select.execute();
        }
    }

    private static final class Moved {
        private int sessions;
        private int files;
        private int deleted;
    }

    private Moved moved(Connection connection, ArchivePolicy wanted, Instant now)
            throws SQLException {
        var moved = new Moved();
        var due = new Families(connection, now.minus(wanted.keep()));
        UUID after = null;
        while (true) {
            var roots = due.after(after, FAMILIES);
            if (roots.isEmpty()) {
                return moved;
            }
            after = roots.getLast().root();
            var folder = wanted.folder();
            for (var batch : due.batches(roots, SESSIONS_A_FILE)) {
                if (folder == null) {
                    moved.deleted += new Emptying(connection).forget(batch.sessions());
                } else {
                    put(connection, folder, batch);
                    moved.files++;
                    moved.sessions += batch.sessions().size();
                }
            }
        }
    }

    private void put(Connection connection, Path folder, Families.Batch batch) throws SQLException {
        ArchiveFile file;
        try {
            file =
                    ArchiveFile.write(
                            connection, folder, batch.fileName(), batch.sessions(), opener);
        } catch (IOException e) {
            throw new ArchiveException(
                    "the archive "
                            + folder
                            + " cannot be written: "
                            + e.getMessage()
                            + ". Nothing was lost: the sessions stay in the database until it can.",
                    e);
        }
        enter(connection, file, batch);
        new Emptying(connection).all();
        LOG.info("archived {} sessions into {}", file.members().size(), file.name());
    }

    /// From here on the sessions are read from the file.
    private static void enter(Connection connection, ArchiveFile file, Families.Batch batch)
            throws SQLException {
        connection.setAutoCommit(false);
        try (var insert =
                        connection.prepareStatement(
                                """
                                INSERT INTO archive_file (name, sha256, bytes, sessions, closed)
                                VALUES (?, ?, ?, ?, ?)
                                """);
                var members =
                        connection.prepareStatement(
                                """
                                INSERT INTO archived (session, file, place, length, events)
                                VALUES (?, ?, ?, ?, ?)
                                """)) {
            new Parameters(insert)
                    .text(file.name())
                    .text(file.sha256())
                    .set(file.bytes())
                    .set(file.members().size())
                    .set(batch.closed());
            insert.executeUpdate();
            for (var member : file.members()) {
                new Parameters(members)
                        .set(member.session())
                        .text(file.name())
                        .set(member.place())
                        .set(member.length())
                        .set(member.events());
                members.addBatch();
            }
            members.executeBatch();
            connection.commit();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    // ---- reading

    private record Place(String file, long place, long length) {}

    @Override
    public boolean holds(SessionId id) {
        return place(id).isPresent();
    }

    @Override
    public Optional<List<Recorded>> events(SessionId id) {
        var known = lately.get();
        if (known != null && known.id().equals(id)) {
            return Optional.of(known.events());
        }
        var events = place(id).map(place -> read(place).events());
        events.ifPresent(found -> lately = new SoftReference<>(new Read(id, found)));
        return events;
    }

    private Optional<Place> place(SessionId id) {
        return database.with(connection -> {
            try (var select =
                    connection.prepareStatement(
                            "SELECT file, place, length FROM archived WHERE session = ?")) {
                new Parameters(select).set(id.uuid());
                return Parameters.list(
                                select,
                                row -> new Place(row.getString(1), row.getLong(2), row.getLong(3)))
                        .stream()
                        .findFirst();
            }
        });
    }

    private Entry read(Place place) {
        var path = path(place.file());
        try {
            return ArchiveFile.read(path, place.place(), place.length());
        } catch (NoSuchFileException e) {
            throw new ArchiveException(
                    "the session is in the archive, and its file "
                            + path
                            + " is not there. Nodes share one folder (sessions: archive in"
                            + " remit.yaml); put the file back there, or from a backup.",
                    e);
        } catch (IOException | ArchiveException e) {
            throw new ArchiveException(
                    "the session is in the archive, and its file "
                            + path
                            + " is damaged or cannot be read ("
                            + e.getMessage()
                            + "). Bring the file back from a backup; ./remit archive verify names"
                            + " every one that needs it.",
                    e);
        }
    }

    private Path path(String file) {
        var folder = policy.get().folder();
        if (folder == null) {
            throw new ArchiveException(
                    "the session is in the file "
                            + file
                            + ", and no folder is set: sessions: archive in remit.yaml");
        }
        return folder.resolve(file);
    }

    // ---- what people ask for

    /// One file of the archive, as the database knows it.
    public record Held(String file, long bytes, int sessions, Instant closed, Instant madeAt) {}

    /// Newest first.
    ///
    /// @param before name of the last of the page before
    public List<Held> list(@Nullable String before, int limit) {
        return database.with(connection -> {
            try (var select =
                    connection.prepareStatement(
                            """
                            SELECT name, bytes, sessions, closed, made_at FROM archive_file
                            WHERE ?::text IS NULL OR name < ? ORDER BY name DESC LIMIT ?
                            """)) {
                new Parameters(select).text(before).text(before).set(limit);
                return Parameters.list(
                        select,
                        row ->
                                new Held(
                                        row.getString(1),
                                        row.getLong(2),
                                        row.getInt(3),
                                        Families.instant(row, 4),
                                        Families.instant(row, 5)));
            }
        });
    }

    /// Reads every file and every session in it.
    public List<Fault> verify() {
        var faults = new ArrayList<Fault>();
        String before = null;
        var known = new ArrayList<String>();
        while (true) {
            var page = list(before, 100);
            for (var held : page) {
                known.add(held.file());
                verify(held.file()).ifPresent(wrong -> faults.add(new Fault(held.file(), wrong)));
            }
            if (page.isEmpty()) {
                break;
            }
            before = page.getLast().file();
        }
        faults.addAll(leftBehind(known));
        return faults;
    }

    private Optional<String> verify(String file) {
        return database.with(connection -> {
            try (var hash =
                            connection.prepareStatement(
                                    "SELECT sha256 FROM archive_file WHERE name = ?");
                    var members =
                            connection.prepareStatement(
                                    """
                                    SELECT session, place, length, events FROM archived
                                    WHERE file = ?
                                    """)) {
                new Parameters(hash).text(file);
                var expected = Parameters.list(hash, row -> row.getString(1));
                if (expected.isEmpty()) {
                    return Optional.empty(); // it expired meanwhile
                }
                var path = path(file);
                if (!ArchiveFile.hash(path).equals(expected.getFirst())) {
                    return Optional.of(
                            "its content is not what was written; bring it back from a backup");
                }
                new Parameters(members).text(file);
                var row = members.executeQuery();
                while (row.next()) {
                    var state = ArchiveFile.read(path, row.getLong(2), row.getLong(3)).fold();
                    if (state.seq() != row.getLong(4)) {
                        return Optional.of("session " + row.getString(1) + " is not whole");
                    }
                }
                return Optional.empty();
            } catch (NoSuchFileException gone) {
                return Optional.of("it is not there; bring it back from a backup");
            } catch (IOException | ArchiveException e) {
                return Optional.of("it cannot be read: " + e.getMessage());
            }
        });
    }

    private List<Fault> leftBehind(List<String> known) {
        var folder = policy.get().folder();
        if (folder == null || !Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> !known.contains(name.replace(".manifest.json", "")))
                    .map(name ->
                            new Fault(name, "left behind by a run that was cut off; it may go"))
                    .toList();
        } catch (IOException e) {
            throw new ArchiveException("the archive " + folder + " cannot be listed: " + e, e);
        }
    }

    /// Puts a session and all of its family back into the tables, where they are kept as if they
    /// had ended now.
    ///
    /// @return how many sessions; 0 if it is not archived
    public int restore(SessionId id) {
        var restored =
                database.with(connection -> {
                    if (!lock(connection)) {
                        throw new ArchiveException(
                                "another node is at the archive; try again in a moment");
                    }
                    try {
                        return new Restoring(connection, this::read).family(id);
                    } finally {
                        unlock(connection);
                    }
                });
        lately = new SoftReference<>(null);
        return restored;
    }

    private Entry read(String file, long place, long length) {
        return read(new Place(file, place, length));
    }

    /// What the archive holds, in figures.
    public Map<String, Long> figures() {
        return database.with(connection -> {
            try (var select =
                    connection.prepareStatement(
                            """
                            SELECT count(*), coalesce(sum(bytes), 0), coalesce(sum(sessions), 0)
                            FROM archive_file
                            """)) {
                var row = select.executeQuery();
                row.next();
                return Map.of(
                        "files", row.getLong(1),
                        "bytes", row.getLong(2),
                        "sessions", row.getLong(3));
            }
        });
    }
}
