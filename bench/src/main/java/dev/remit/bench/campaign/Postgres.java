package dev.remit.bench.campaign;

import dev.remit.store.database.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The database: a PostgreSQL on a machine of its own, which may be killed, stopped, starved and
/// started again.
final class Postgres implements AutoCloseable {
    static final int PORT = 5432;

    private static final String USER = "remit";
    private static final String PASSWORD = "campaign";
    private static final long SECONDS = 60;

    private final Network network;
    private final Disk disk;
    private final Path programs;
    private final Path log;
    private final int port;
    private volatile @Nullable Process process;
    private volatile boolean wanted;

    private Postgres(Network network, Disk disk, Path programs, Path log, int port) {
        this.network = network;
        this.disk = disk;
        this.programs = programs;
        this.log = log;
        this.port = port;
    }

    /// Makes a new, empty one, and starts it.
    static Postgres make(Network network, Disk disk, Path folder, int port)
            throws IOException, InterruptedException {
        var programs = EmbeddedPostgres.programs(folder);
        var log = folder.resolve("postgres.log");
        var made = new Postgres(network, disk, programs, log, port);
        made.create(folder);
        made.start();
        try {
            made.awaitReady();
            made.execute("CREATE DATABASE remit");
        } catch (SQLException e) {
            throw new IOException("PostgreSQL makes no database", e);
        } finally {
            if (!made.isUp()) {
                made.close();
            }
        }
        return made;
    }

    private void create(Path folder) throws IOException, InterruptedException {
        var password = folder.resolve("password");
        Files.writeString(password, PASSWORD + "\n");
        var data = disk.mount().resolve("pg");
        Files.createDirectories(data);
        if (isRoot()) {
            Command.run("chown", "-R", "65534:65534", data.toString());
        }
        var words = new ArrayList<>(plainUser());
        words.addAll(
                List.of(
                        programs.resolve("initdb").toString(),
                        "--pgdata=" + data,
                        "--username=" + USER,
                        "--pwfile=" + password,
                        "--auth=scram-sha-256",
                        "--data-checksums",
                        "--encoding=UTF8",
                        "--locale=C"));
        Command.run(words.toArray(new String[0]));
        Files.writeString(
                data.resolve("pg_hba.conf"),
                """
                host all all 127.0.0.1/32 scram-sha-256
                host all all 10.77.0.0/24 scram-sha-256
                """);
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static List<String> plainUser() {
        return isRoot()
                ? List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--")
                : List.of();
    }

    /// The log stands on another disk, so that it can tell of a full one.
    synchronized void start() throws IOException {
        var words = new ArrayList<>(plainUser());
        words.addAll(
                List.of(
                        programs.resolve("postgres").toString(),
                        "-D",
                        disk.mount().resolve("pg").toString(),
                        "-p",
                        Integer.toString(port)));
        for (var setting :
                List.of(
                        "listen_addresses=" + network.address(Network.DATABASE),
                        "unix_socket_directories=",
                        "fsync=on",
                        "synchronous_commit=on",
                        "full_page_writes=on",
                        "max_connections=200",
                        "shared_buffers=64MB",
                        "max_wal_size=256MB",
                        "jit=off",
                        "timezone=UTC",
                        "log_timezone=UTC")) {
            words.addAll(List.of("-c", setting));
        }
        var builder = new ProcessBuilder(network.on(Network.DATABASE, words));
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        process = builder.start();
        wanted = true;
    }

    /// What an operator's init system does: what died and should not have is started again.
    void supervise() throws IOException {
        var now = process;
        if (wanted && now != null && !now.isAlive()) {
            start();
        }
    }

    boolean isUp() {
        var now = process;
        return now != null && now.isAlive();
    }

    void kill() {
        wanted = false;
        var now = process;
        if (now != null) {
            now.destroyForcibly();
        }
    }

    /// Ends all sessions and stops; it may take its time.
    void stop() throws IOException, InterruptedException {
        wanted = false;
        var now = process;
        if (now != null && now.isAlive()) {
            Command.attempt("kill", "-INT", Long.toString(now.pid()));
        }
    }

    /// Started again as soon as it has ended.
    void comeBack() {
        wanted = true;
    }

    /// Its processes now.
    List<Long> processes() {
        var all = new ArrayList<Long>();
        var now = process;
        if (now != null) {
            all.add(now.pid());
            now.descendants().forEach(child -> all.add(child.pid()));
        }
        return all;
    }

    void terminateSome() throws SQLException, IOException {
        execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE datname = 'remit' AND random() < 0.4");
    }

    private void awaitReady() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (true) {
            try {
                execute("SELECT 1");
                return;
            } catch (SQLException e) {
                if (System.nanoTime() > end || !isUp()) {
                    throw new IOException("PostgreSQL does not start; see " + log, e);
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    private void execute(String sql) throws SQLException, IOException {
        network.enter(Network.DATABASE);
        var properties = new Properties();
        properties.setProperty("user", USER);
        properties.setProperty("password", PASSWORD);
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("socketTimeout", "5");
        var url = "jdbc:postgresql://" + network.address(Network.DATABASE) + ":" + port;
        try (var connection = DriverManager.getConnection(url + "/postgres", properties);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// For a server's `REMIT_DATABASE_URL`.
    String url() {
        return "postgresql://%s:%s@%s:%d/remit?loginTimeout=30"
                .formatted(USER, PASSWORD, network.address(Network.DATABASE), port);
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        wanted = false;
        var now = process;
        if (now != null) {
            var children = now.descendants().toList();
            now.destroyForcibly().onExit().join();
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
