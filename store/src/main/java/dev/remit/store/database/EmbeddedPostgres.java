package dev.remit.store.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.remit.store.database.DatabaseException.Kind;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// The PostgreSQL that comes with Remit, running on a folder of its own until it is closed or this
/// process ends, however it ends.
///
/// Everything that was acknowledged survives a kill of both: checksums, fsync and synchronous
/// commit are on. It listens on loopback only and asks for a password that only this user can read.
public final class EmbeddedPostgres implements AutoCloseable {
    private static final String USER = "remit";
    private static final Duration READY_WITHIN = Duration.ofMinutes(5);
    private static final long ROOM_BYTES = 200L << 20;
    private static final int PORT_TRIES = 5;

    private final FolderLock lock;
    private final Postmaster postmaster;
    private final Process process;
    private final DatabaseAddress server;

    /// Told what the start is at, in a few words for people.
    @FunctionalInterface
    public interface Progress {
        void step(String what);
    }

    /// Of `postmaster.pid`, counted from 0.
    private static final int PORT_LINE = 3;

    private EmbeddedPostgres(
            FolderLock lock, Postmaster postmaster, Process process, DatabaseAddress server) {
        this.lock = lock;
        this.postmaster = postmaster;
        this.process = process;
        this.server = server;
    }

    /// The folder of PostgreSQL's programs (`initdb`, `postgres`, `pg_ctl`), unpacked below another
    /// one; for whoever runs a server of their own, such as the fault campaign.
    public static Path programs(Path parent) throws IOException {
        return Binaries.in(parent, what -> {}).program("postgres").resolveSibling("");
    }

    /// Starts on a free port.
    public static EmbeddedPostgres start(Path home) {
        return start(home, 0, what -> {});
    }

    /// Starts the database whose files are kept in a folder; creates both if they are not there.
    ///
    /// @param port to listen on; 0: any free one
    /// @throws DatabaseException if it cannot be started; its message says what to do
    public static EmbeddedPostgres start(Path home, int port, Progress progress) {
        FolderLock lock = null;
        try {
            Files.createDirectories(home);
            lock = FolderLock.take(home);
            var started = start(home, lock, port, progress);
            lock = null;
            return started;
        } catch (IOException e) {
            throw trouble(e, home);
        } finally {
            if (lock != null) {
                lock.close();
            }
        }
    }

    private static EmbeddedPostgres start(Path home, FolderLock lock, int port, Progress progress)
            throws IOException {
        var place = Place.in(home, Account.choose());
        boolean isNew = !Files.exists(place.data());
        if (isNew) {
            checkRoom(place.folder());
        } else {
            place.checkData();
        }
        Folders.deleteLeftovers(place.folder(), "unpacking-");
        Folders.deleteLeftovers(place.folder(), "creating-");
        var postmaster = new Postmaster(place, Binaries.in(place.folder(), progress));
        var password = password(home.resolve("password"), isNew);
        if (isNew) {
            progress.step("creating the database");
            create(place, postmaster, password);
        }
        postmaster.awaitPredecessor();
        progress.step("starting PostgreSQL " + Binaries.VERSION);
        return start(place, lock, postmaster, password, port);
    }

    /// A free port can be taken before PostgreSQL gets it; then another one is tried.
    private static EmbeddedPostgres start(
            Place place, FolderLock lock, Postmaster postmaster, String password, int port)
            throws IOException {
        for (int attempt = 1; ; attempt++) {
            int chosen = Ports.choose(port);
            var address =
                    new DatabaseAddress(
                            "127.0.0.1:" + chosen, "postgres", USER, password, Map.of());
            long logged = Files.exists(place.log()) ? Files.size(place.log()) : 0;
            var process = postmaster.start(chosen);
            try {
                awaitReady(process, address, place, logged);
                return new EmbeddedPostgres(lock, postmaster, process, address);
            } catch (DatabaseException e) {
                postmaster.stop(process);
                if (e.kind() != Kind.PORT_TAKEN || port != 0 || attempt == PORT_TRIES) {
                    throw e;
                }
            }
        }
    }

    /// Where the database listens whose files are in that folder, for another process of the same
    /// user.
    ///
    /// @throws DatabaseException if none runs there
    public static DatabaseAddress running(Path home) {
        try {
            var data = home.resolve("server").toRealPath().resolve("data");
            var lines = Files.readAllLines(data.resolve("postmaster.pid"));
            var password = Files.readString(home.resolve("password")).strip();
            return new DatabaseAddress(
                    "127.0.0.1:" + Integer.parseInt(lines.get(PORT_LINE).strip()),
                    "remit",
                    USER,
                    password,
                    Map.of());
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            throw new DatabaseException(
                    Kind.NOT_REACHABLE,
                    "no embedded database of Remit runs in "
                            + home
                            + "; start the node whose folder that is first, as the same user",
                    e);
        }
    }

    /// The database that Remit uses.
    public DatabaseAddress address() {
        return database("remit");
    }

    /// A database of that name on this server; created if it is not there.
    ///
    /// @param name lower-case letters, digits and underscores
    public DatabaseAddress database(String name) {
        if (!name.matches("[a-z][a-z0-9_]{0,62}")) {
            throw new IllegalArgumentException("not a plain name of a database: " + name);
        }
        try (var connection = Connections.open(server);
                var find =
                        connection.prepareStatement("SELECT FROM pg_database WHERE datname = ?");
                var create = connection.createStatement()) {
            find.setString(1, name);
            if (!find.executeQuery().next()) {
                create.execute("CREATE DATABASE " + name);
            }
            return server.withDatabase(name);
        } catch (SQLException e) {
            throw Connections.trouble(e, server);
        }
    }

    /// The process id of PostgreSQL's main process.
    public long pid() {
        return process.pid();
    }

    /// Stops it in order: nothing needs recovery at the next start.
    @Override
    public void close() {
        if (process.isAlive()) {
            postmaster.stop(process);
        }
        lock.close();
    }

    private static void create(Place place, Postmaster postmaster, String password)
            throws IOException {
        var fresh = Folders.temporary(place.folder(), "creating-", "rwx------");
        var account = place.account();
        account.own(fresh);
        var secret = place.folder().resolve("creating-password");
        Folders.writeSecret(secret, password);
        account.own(secret);
        try {
            postmaster.run(
                    "initdb",
                    List.of(
                            "--pgdata=" + fresh,
                            "--username=" + USER,
                            "--pwfile=" + secret,
                            "--auth=scram-sha-256",
                            "--data-checksums",
                            "--encoding=UTF8",
                            "--locale-provider=builtin",
                            "--builtin-locale=C.UTF-8",
                            "--locale=C"));
            Files.move(fresh, place.data(), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.delete(secret);
            Folders.delete(fresh);
        }
    }

    private static String password(Path file, boolean isNew) throws IOException {
        if (Files.exists(file)) {
            return Files.readString(file).strip();
        }
        if (!isNew) {
            throw new DatabaseException(
                    Kind.WRONG_PASSWORD,
                    "the password of the database should be in %s, and there is no such file. Restore it"
                                    .formatted(file)
                            + " from a backup; it was written when the database was created.");
        }
        var random = new byte[24];
        new SecureRandom().nextBytes(random);
        var password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Folders.writeSecret(file, password);
        return password;
    }

    private static void awaitReady(
            Process process, DatabaseAddress address, Place place, long logged) throws IOException {
        long end = System.nanoTime() + READY_WITHIN.toNanos();
        while (true) {
            if (!process.isAlive()) {
                throw diagnose(said(place.log(), logged), place, address);
            }
            try (var connection = Connections.open(address)) {
                if (connection.isValid(5)) {
                    return;
                }
            } catch (SQLException e) {
                if (Connections.isWrongPassword(e)) {
                    throw new DatabaseException(
                            Kind.WRONG_PASSWORD,
                            "the database in %s does not accept the password in the file 'password' of its"
                                            .formatted(place.data())
                                    + " home. Restore that file from a backup.",
                            e);
                }
            }
            if (System.nanoTime() > end) {
                throw new DatabaseException(
                        Kind.START_FAILED,
                        "PostgreSQL did not answer within %d minutes. It says:%n%s"
                                .formatted(READY_WITHIN.toMinutes(), said(place.log(), logged)));
            }
            Postmaster.pause();
        }
    }

    private static String said(Path log, long from) throws IOException {
        var bytes = Files.readAllBytes(log);
        int start = (int) Math.max(Math.min(from, bytes.length), bytes.length - 2000L);
        return new String(bytes, start, bytes.length - start, UTF_8).strip();
    }

    /// Why PostgreSQL ended at once, from what it said.
    static DatabaseException diagnose(String said, Place place, DatabaseAddress address) {
        if (said.contains("No space left on device")) {
            return noRoom(place.folder(), said);
        }
        if (said.contains("could not bind") || said.contains("Address already in use")) {
            return Ports.taken(address.hosts());
        }
        if (said.contains("lock file \"postmaster.pid\" already exists")
                || said.contains("is still in use")) {
            return new DatabaseException(
                    Kind.IN_USE,
                    "another PostgreSQL uses %s. Stop it, or set REMIT_HOME to another folder. It says:%n%s"
                            .formatted(place.data(), said));
        }
        return new DatabaseException(
                Kind.START_FAILED,
                "PostgreSQL does not start on %s. It says:%n%s%nIts log: %s"
                        .formatted(place.data(), said, place.log()));
    }

    private static void checkRoom(Path folder) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < ROOM_BYTES) {
            throw noRoom(folder, "free: " + (free >> 20) + " MB");
        }
    }

    private static DatabaseException noRoom(Path folder, String detail) {
        return new DatabaseException(
                Kind.NO_ROOM,
                "the disk that holds %s has no room; the database needs %d MB to begin with. Free some, or"
                                .formatted(folder, ROOM_BYTES >> 20)
                        + " set REMIT_HOME to a folder on another disk. ("
                        + detail
                        + ")");
    }

    private static DatabaseException trouble(IOException e, Path home) {
        var message = requireNonNull(e.toString());
        if (message.contains("No space left on device")) {
            return noRoom(home, message);
        }
        var file = e instanceof FileSystemException f ? f.getFile() : null;
        return new DatabaseException(
                Kind.START_FAILED,
                "the embedded PostgreSQL cannot be started in %s: %s. Check that this user may write there%s."
                        .formatted(home, message, file == null ? "" : " (" + file + ")"),
                e);
    }
}
