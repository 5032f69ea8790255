package dev.remit.store.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.remit.store.database.DatabaseException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Starting and stopping it on a home of its own.
@Tag("slow")
class EmbeddedPostgresTest {
    private Path home;

    @BeforeEach
    void makeHome() throws IOException {
        home = Files.createTempDirectory("remit-embedded-");
    }

    @AfterEach
    void deleteHome() throws IOException {
        var server = home.resolve("server");
        if (Files.isSymbolicLink(server) && Files.exists(server)) {
            Folders.delete(server.toRealPath());
        }
        Folders.delete(home);
    }

    private DatabaseException refused(int port) {
        var e =
                catchThrowableOfType(
                        DatabaseException.class,
                        () -> EmbeddedPostgres.start(home, port, what -> {}).close());
        assertThat(e).isNotNull();
        return e;
    }

    private static String ask(EmbeddedPostgres server, String sql) throws SQLException {
        try (var connection = Connections.open(server.address());
                var statement = connection.createStatement()) {
            return statement.execute(sql) && statement.getResultSet().next()
                    ? statement.getResultSet().getString(1)
                    : "";
        }
    }

    @Test
    void what_was_written_is_there_at_the_next_start_and_nothing_is_unpacked_again()
            throws Exception {
        var steps = new ArrayList<String>();
        try (var server = EmbeddedPostgres.start(home, 0, steps::add)) {
            ask(server, "CREATE TABLE public.kept (answer int)");
            ask(server, "INSERT INTO public.kept VALUES (42)");
            for (var setting :
                    Map.of(
                                    "fsync", "on",
                                    "synchronous_commit", "on",
                                    "data_checksums", "on",
                                    "listen_addresses", "127.0.0.1",
                                    "unix_socket_directories", "",
                                    "password_encryption", "scram-sha-256")
                            .entrySet()) {
                assertThat(ask(server, "SHOW " + setting.getKey()))
                        .as(setting.getKey())
                        .isEqualTo(setting.getValue());
            }
            var mode = Files.getPosixFilePermissions(home.resolve("password"));
            assertThat(PosixFilePermissions.toString(mode)).isEqualTo("rw-------");
        }
        assertThat(steps).hasSize(3);
        steps.clear();
        try (var server = EmbeddedPostgres.start(home, 0, steps::add)) {
            assertThat(ask(server, "SELECT answer FROM public.kept")).isEqualTo("42");
        }
        assertThat(steps).containsExactly("starting PostgreSQL " + Binaries.VERSION);
    }

    @Test
    void one_home_is_used_once_at_a_time() {
        try (var server = EmbeddedPostgres.start(home)) {
            assertThat(server.pid()).isPositive();
            var e = refused(0);
            assertThat(e.kind()).isEqualTo(Kind.IN_USE);
            assertThat(e).hasMessageContaining("REMIT_HOME");
        }
        EmbeddedPostgres.start(home).close();
    }

    @Test
    void a_port_that_somebody_has_is_not_waited_for() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var e = refused(taken.getLocalPort());
            assertThat(e.kind()).isEqualTo(Kind.PORT_TAKEN);
            assertThat(e).hasMessageContaining("127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void data_of_another_major_version_is_left_alone() throws IOException {
        EmbeddedPostgres.start(home).close();
        var version = home.resolve("server/data/PG_VERSION");
        Files.writeString(version, "17\n");
        var e = refused(0);
        assertThat(e.kind()).isEqualTo(Kind.OTHER_MAJOR_VERSION);
        assertThat(e).hasMessageContaining("PostgreSQL 17").hasMessageContaining(Binaries.VERSION);
        Files.writeString(version, Binaries.MAJOR + "\n");
        EmbeddedPostgres.start(home).close();
    }

    @Test
    void a_lost_or_wrong_password_is_called_so() throws IOException {
        EmbeddedPostgres.start(home).close();
        var file = home.resolve("password");
        var right = Files.readString(file);
        Files.delete(file);
        assertThat(refused(0).kind()).isEqualTo(Kind.WRONG_PASSWORD);
        Files.writeString(file, "wrong");
        var e = refused(0);
        assertThat(e.kind()).isEqualTo(Kind.WRONG_PASSWORD);
        assertThat(e.getMessage()).doesNotContain(right);
        Files.writeString(file, right);
        EmbeddedPostgres.start(home).close();
    }

    @Test
    void the_pid_that_a_crash_left_may_be_somebody_elses() throws IOException {
        EmbeddedPostgres.start(home).close();
        // This process lives, and is no postmaster.
        Files.writeString(
                home.resolve("server/data/postmaster.pid"),
                ProcessHandle.current().pid() + "\n" + home + "\n");
        EmbeddedPostgres.start(home).close();
    }

    @Test
    void a_start_that_was_killed_half_way_is_begun_again() throws IOException {
        EmbeddedPostgres.start(home).close();
        var server = home.resolve("server").toRealPath();
        Files.createDirectories(server.resolve("unpacking-123/bin"));
        Files.createDirectories(server.resolve("creating-123/base"));
        Folders.delete(server.resolve("data"));
        EmbeddedPostgres.start(home).close();
        try (var left = Files.list(server)) {
            assertThat(left.map(p -> p.getFileName().toString()))
                    .noneMatch(n -> n.startsWith("unpacking-") || n.startsWith("creating-"));
        }
    }

    @Test
    void many_may_unpack_at_once() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Binaries> unpack = () -> Binaries.in(home, what -> {});
            for (var done : threads.invokeAll(List.of(unpack, unpack, unpack))) {
                assertThat(done.get().program("postgres")).isExecutable();
            }
        }
        try (var left = Files.list(home)) {
            assertThat(left).hasSize(1);
        }
    }

    @Test
    void what_postgres_says_is_told_as_what_to_do() throws IOException {
        var place = Place.in(home, Account.choose());
        var address = new DatabaseAddress("127.0.0.1:1", "x", "x", "x", Map.of());
        Map.of(
                        "FATAL: could not write: No space left on device", Kind.NO_ROOM,
                        "LOG: could not bind IPv4 address", Kind.PORT_TAKEN,
                        "FATAL: lock file \"postmaster.pid\" already exists", Kind.IN_USE,
                        "PANIC: something else", Kind.START_FAILED)
                .forEach((said, kind) ->
                        assertThat(EmbeddedPostgres.diagnose(said, place, address).kind())
                                .isEqualTo(kind));
    }
}
