package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.client.RemitClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// How commands find and start their server; the server is a real process.
@Tag("slow")
@Timeout(120)
class ServerStartTest {
    private static final List<String> FAKE =
            List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    "dev.remit.cli.FakeServer");

    @TempDir Path folder;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Home home = new Home(Path.of(""));

    @BeforeEach
    void choose_a_home() {
        home = new Home(folder.resolve("the home"));
    }

    @AfterEach
    void end() {
        var server = home.server();
        if (server != null) {
            kill(server.pid());
        }
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid)
                .ifPresent(process -> {
                    process.destroyForcibly();
                    process.onExit().join();
                });
    }

    private LocalServer local(List<String> command) {
        var shell =
                new Shell(
                        InputStream.nullInputStream(),
                        new ByteArrayOutputStream(),
                        err,
                        Map.of(),
                        folder,
                        false,
                        false,
                        StandardCharsets.UTF_8);
        return new LocalServer(home, new Console(shell, "never"), command, "");
    }

    private long pid() {
        return Objects.requireNonNull(home.server()).pid();
    }

    private long starts() throws IOException {
        return Files.readAllLines(home.folder().resolve("starts")).size();
    }

    @Test
    void several_commands_at_once_start_one_server()
            throws IOException, InterruptedException, ExecutionException {
        try (var commands = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<String> command =
                    () -> {
                        try (var client = local(FAKE).connect()) {
                            return client.health().path("status").asString();
                        }
                    };
            for (var done : commands.invokeAll(Stream.generate(() -> command).limit(5).toList())) {
                assertThat(done.get()).isEqualTo("ok");
            }
        }

        assertThat(starts()).isEqualTo(1);
    }

    @Test
    void a_server_that_shared_a_database_is_never_started_with_an_empty_one_of_its_own()
            throws IOException {
        Files.createDirectories(home.folder());
        var note = home.folder().resolve("database");
        Files.writeString(note, "url\n");
        assertThatThrownBy(() -> local(FAKE).connect())
                .isInstanceOf(Failure.class)
                .hasMessageContaining("its database is known to nobody here");
        assertThat(home.folder().resolve("starts")).doesNotExist();

        Files.writeString(note, "/var/lib/remit-a\n");
        local(FAKE).connect().close();
        assertThat(Files.readString(home.folder().resolve("arguments")))
                .endsWith(" --database /var/lib/remit-a");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void the_server_has_a_session_of_its_own_so_no_ctrl_c_reaches_it() throws IOException {
        local(FAKE).connect().close();

        var status = Files.readString(Path.of("/proc/" + pid() + "/stat"));
        var fields = status.substring(status.lastIndexOf(')') + 2).split(" ", -1);
        assertThat(fields[3]).as("its session").isEqualTo(Long.toString(pid()));
    }

    @Test
    void a_server_that_dies_is_started_again_for_whoever_is_connected() throws IOException {
        try (var client = local(FAKE).connect()) {
            long first = pid();
            kill(first);

            assertThat(client.agents(null).items()).hasSize(1);

            assertThat(pid()).isNotEqualTo(first);
            assertThat(starts()).isEqualTo(2);
            assertThat(err.toString(StandardCharsets.UTF_8)).contains("the server died");
        }
    }

    @Test
    void a_server_that_was_stopped_in_good_order_is_not_started_behind_its_back()
            throws IOException {
        try (RemitClient client = local(FAKE).connect()) {
            kill(pid());
            Files.delete(home.folder().resolve("server.json"));

            assertThatThrownBy(client::health).isInstanceOf(LocalServer.StoppedException.class);
        }
        assertThat(starts()).isEqualTo(1);
    }

    @Test
    void a_start_that_fails_shows_what_the_server_said() {
        var failing =
                List.of("/bin/sh", "-c", "echo 'remit: no room is left on the disk'; exit 6", "x");

        assertThatThrownBy(() -> local(failing).connect())
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure -> {
                            assertThat(failure.code()).isEqualTo(ExitCode.TROUBLE);
                            assertThat(failure).hasMessageContaining("exit code 6");
                            assertThat(failure.advice())
                                    .anyMatch(line -> line.contains("no room is left"));
                        });
    }

    @Test
    void what_a_dead_server_left_is_not_taken_for_a_running_one() throws IOException {
        Files.createDirectories(home.logs());
        Files.writeString(home.folder().resolve("key"), "x");
        Files.writeString(
                home.folder().resolve("server.json"),
                "{\"url\":\"http://127.0.0.1:1\",\"pid\":"
                        + ProcessHandle.current().pid()
                        + ",\"build\":\"\"}");

        try (var client = local(FAKE).connect()) {
            assertThat(client.health().path("status").asString()).isEqualTo("ok");
        }
    }
}
