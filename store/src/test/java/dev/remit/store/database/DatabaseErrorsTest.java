package dev.remit.store.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.remit.store.TestDatabases;
import dev.remit.store.database.DatabaseException.Kind;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// An external database that cannot be used: each time the message says what to do, and never the
/// password.
class DatabaseErrorsTest {
    private static final String PASSWORD = "not-to-be-shown";

    private static DatabaseAddress fresh() {
        return TestDatabases.server()
                .database("test_" + UUID.randomUUID().toString().replace("-", ""));
    }

    private static DatabaseAddress as(DatabaseAddress address, String user, String password) {
        return new DatabaseAddress(address.hosts(), address.database(), user, password, Map.of());
    }

    private static DatabaseException refused(DatabaseAddress address) {
        var e = catchThrowableOfType(DatabaseException.class, () -> Database.open(address).close());
        assertThat(e).isNotNull();
        assertThat(e.getMessage()).doesNotContain(address.password());
        return e;
    }

    private static void execute(DatabaseAddress address, String sql) throws SQLException {
        try (var connection = Connections.open(address);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void an_address_is_read_in_both_forms() {
        var expected =
                new DatabaseAddress(
                        "db:5433", "remit", "me", "p@ss/w", Map.of("sslmode", "require"));
        for (var text :
                List.of(
                        "postgres://me:p%40ss%2Fw@db:5433/remit?sslmode=require",
                        "jdbc:postgresql://db:5433/remit?user=me&password=p%40ss%2Fw&sslmode=require",
                        expected.toUrl())) {
            assertThat(DatabaseAddress.parse(text)).isEqualTo(expected);
        }
        assertThat(expected).hasToString("postgres://me@db:5433/remit");
    }

    @Test
    void an_address_that_is_none_is_not_repeated_in_the_message() {
        for (var text :
                List.of(
                        "mysql://me:" + PASSWORD + "@db/remit",
                        "postgres://me:" + PASSWORD + "@x@db/remit",
                        "postgres://me:" + PASSWORD + "%zz@db/remit",
                        "postgres://db/remit",
                        "")) {
            var e =
                    catchThrowableOfType(
                            DatabaseException.class, () -> DatabaseAddress.parse(text));
            assertThat(e.kind()).isEqualTo(Kind.BAD_ADDRESS);
            assertThat(e).hasMessageContaining("postgres://user:password@host:port/database");
            assertThat(e.getMessage()).doesNotContain(PASSWORD);
        }
    }

    @Test
    void a_wrong_password_is_called_so() {
        var e = refused(as(fresh(), "remit", PASSWORD));
        assertThat(e.kind()).isEqualTo(Kind.WRONG_PASSWORD);
        assertThat(e).hasMessageContaining("REMIT_DATABASE_URL");
    }

    @Test
    void a_database_that_does_not_exist_is_called_so() {
        var e = refused(TestDatabases.server().address().withDatabase("nowhere"));
        assertThat(e.kind()).isEqualTo(Kind.NO_SUCH_DATABASE);
        assertThat(e).hasMessageContaining("'nowhere'").hasMessageContaining("CREATE DATABASE");
    }

    @Test
    void a_server_that_nobody_runs_cannot_be_reached() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var e =
                refused(
                        new DatabaseAddress(
                                "127.0.0.1:" + port, "remit", "me", PASSWORD, Map.of()));
        assertThat(e.kind()).isEqualTo(Kind.NOT_REACHABLE);
        assertThat(e).hasMessageContaining("127.0.0.1:" + port);
    }

    @Test
    void a_server_that_acknowledges_before_it_stores_is_refused() throws SQLException {
        for (var unsafe : List.of("off", "local")) {
            var address = fresh();
            execute(
                    address,
                    "ALTER DATABASE %s SET synchronous_commit = %s"
                            .formatted(address.database(), unsafe));
            var e = refused(address);
            assertThat(e.kind()).isEqualTo(Kind.UNSAFE_SETTINGS);
            assertThat(e).hasMessageContaining("synchronous_commit = " + unsafe);
        }
    }

    @Test
    void a_server_that_is_too_old_is_refused() throws IOException {
        try (var old = new OldServer()) {
            var e =
                    refused(
                            new DatabaseAddress(
                                    "127.0.0.1:" + old.port(),
                                    "remit",
                                    "me",
                                    PASSWORD,
                                    Map.of(
                                            "sslmode",
                                            "disable",
                                            "gssEncMode",
                                            "disable",
                                            "assumeMinServerVersion",
                                            "9.4")));
            assertThat(e.kind()).isEqualTo(Kind.WRONG_SERVER_VERSION);
            assertThat(e).hasMessageContaining("14.9").hasMessageContaining("15 or newer");
        }
    }

    @Test
    void a_user_who_may_not_create_tables_is_told_so() throws SQLException {
        var address = fresh();
        execute(
                address,
                """
                DO $$ BEGIN
                    CREATE ROLE reader LOGIN PASSWORD 'reader-password';
                EXCEPTION WHEN duplicate_object THEN NULL;
                END $$
                """);
        var e = refused(as(address, "reader", "reader-password"));
        assertThat(e.kind()).isEqualTo(Kind.MIGRATION_FAILED);
        assertThat(e).hasMessageContaining("must be allowed to create");
    }

    /// Says that it is PostgreSQL 14.9, which is all that it can.
    private static final class OldServer implements AutoCloseable {
        private final ServerSocket listening =
                new ServerSocket(0, 5, InetAddress.getLoopbackAddress());

        OldServer() throws IOException {
            Thread.ofVirtual().start(this::serve);
        }

        int port() {
            return listening.getLocalPort();
        }

        private void serve() {
            while (!listening.isClosed()) {
                try (var socket = listening.accept();
                        var in = new DataInputStream(socket.getInputStream());
                        var out = new DataOutputStream(socket.getOutputStream())) {
                    in.readNBytes(in.readInt() - 4);
                    message(out, 'R', new byte[4]);
                    parameter(out, "server_version", "14.9");
                    parameter(out, "client_encoding", "UTF8");
                    parameter(out, "DateStyle", "ISO, MDY");
                    parameter(out, "standard_conforming_strings", "on");
                    parameter(out, "integer_datetimes", "on");
                    parameter(out, "TimeZone", "UTC");
                    message(out, 'Z', new byte[] {'I'});
                    out.flush();
                    in.readAllBytes();
                } catch (IOException e) {
                    // the client has heard enough
                }
            }
        }

        private static void parameter(DataOutputStream out, String name, String value)
                throws IOException {
            message(out, 'S', (name + "\0" + value + "\0").getBytes(StandardCharsets.UTF_8));
        }

        private static void message(DataOutputStream out, char type, byte[] body)
                throws IOException {
            out.writeByte(type);
            out.writeInt(body.length + 4);
            out.write(body);
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }
}
