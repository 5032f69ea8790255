package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server as a process of its own: how it starts, stops, dies and comes back.
@Tag("slow")
class ProcessTest {
    private static final long SECONDS = 90;

    /// Shared, for making a database takes a while. Each test ends what it started.
    @TempDir static Path shared;

    @TempDir Path folder;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endWhatStillRuns() throws InterruptedException {
        for (var process : processes) {
            process.destroy();
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    @AfterAll
    static void deleteTheDatabase() {
        Leftovers.delete(home());
    }

    private static Path home() {
        return shared.resolve("home");
    }

    private Path output() {
        return folder.resolve("output");
    }

    private Process start(Map<String, String> environment, String... arguments) throws IOException {
        var process = ServerProcess.launch(home(), output(), environment, List.of(arguments));
        processes.add(process);
        return process;
    }

    /// Starts a server and waits until it says where it listens.
    private Process ready(String... arguments) throws IOException, InterruptedException {
        var process = start(Map.of(), arguments);
        ServerProcess.awaitReady(home(), output(), process);
        return process;
    }

    private ApiClient client() throws IOException {
        return ServerProcess.client(home());
    }

    private String said() throws IOException {
        return Files.exists(output()) ? Files.readString(output()) : "";
    }

    private static int exit(Process process) throws InterruptedException {
        assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static String waiting(ApiClient client) {
        client.apply(Folders.patient("4s")).expect(200);
        var input = Json.object().put("name", "Res");
        var id = client.open("patient", input).expect(201).text("/id");
        client.idle(id, "timer");
        return id;
    }

    private void comesTrue(String id) throws IOException {
        try (var client = client()) {
            var session = client.closed(id);
            assertThat(session.path("stop_reason").asString("")).isEqualTo("completed");
            assertThat(session.at("/output/greeting").asString("")).isEqualTo("Hello at last, Res");
            var opened =
                    client.follow(id, 0, sent -> false).stream()
                            .filter(sent -> sent.type().equals("model_replied"));
            assertThat(opened).hasSize(1);
        }
    }

    @Test
    void a_session_goes_on_after_the_server_was_stopped_in_good_order() throws Exception {
        var first = ready();
        String id;
        try (var client = client()) {
            id = waiting(client);
            client.post("/v1/server:stop", Json.object()).expect(202);
        }
        assertThat(exit(first)).isZero();
        assertThat(home().resolve("server.json")).doesNotExist();
        ready();
        comesTrue(id);
    }

    @Test
    void a_session_goes_on_after_the_server_was_killed() throws Exception {
        var first = ready();
        String id;
        try (var client = client()) {
            id = waiting(client);
        }
        assertThat(first.destroyForcibly().waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        ready();
        comesTrue(id);
    }

    @Test
    void a_signal_stops_it_in_good_order() throws Exception {
        var log = home().resolve("logs/server.log");
        int before = Files.exists(log) ? Files.readString(log).length() : 0;
        var process = ready();
        process.destroy();
        assertThat(exit(process)).isEqualTo(143);
        assertThat(home().resolve("server.json")).doesNotExist();
        assertThat(said()).contains("ready at http://127.0.0.1:").contains("stopping");
        assertThat(Files.readString(log).substring(before))
                .contains("ready at")
                .contains("stopping")
                .contains("stopped")
                .doesNotContain("WARNING");
    }

    @Test
    void a_second_server_on_one_home_is_refused_with_a_clear_word() throws Exception {
        var first = ready();
        var second = start(Map.of());
        assertThat(exit(second)).isEqualTo(6);
        assertThat(said()).contains("another server (pid " + first.pid() + ") already serves");
        assertThat(said()).doesNotContain("\tat ").doesNotContain("Exception");
        try (var client = client()) {
            client.get("/health").expect(200);
        }
    }

    @Test
    void a_server_that_nobody_needs_stops_by_itself() throws Exception {
        assertThat(exit(ready("--idle-stop", "1s"))).isZero();
        assertThat(home().resolve("server.json")).doesNotExist();
    }

    @Test
    void a_server_with_a_waiting_timer_does_not_stop_by_itself() throws Exception {
        var process = ready("--idle-stop", "1s");
        String id;
        try (var client = client()) {
            id = waiting(client);
        }
        assertThat(process.waitFor(3, TimeUnit.SECONDS)).isFalse();
        comesTrue(id);
        assertThat(exit(process)).isZero();
    }

    @Test
    void a_taken_port_is_told_in_one_line() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var process = start(Map.of(), "--port", Integer.toString(taken.getLocalPort()));
            assertThat(exit(process)).isEqualTo(6);
            assertThat(said()).contains("port " + taken.getLocalPort() + " of 127.0.0.1 is taken");
            assertThat(said()).doesNotContain("\tat ").doesNotContain("Exception");
        }
    }

    @Test
    void a_database_that_is_not_there_is_told_in_one_line_without_its_password() throws Exception {
        var url = "postgresql://remit:hunter2secret@127.0.0.1:1/remit";
        var process = start(Map.of("REMIT_DATABASE_URL", url));
        assertThat(exit(process)).isEqualTo(6);
        assertThat(said().lines().filter(line -> line.startsWith("remit: "))).isNotEmpty();
        assertThat(said()).doesNotContain("hunter2secret").doesNotContain("\tat ");
        assertThat(Files.readString(home().resolve("logs/server.log")))
                .doesNotContain("hunter2secret");
    }

    @Test
    void wrong_usage_ends_with_2_and_says_what_is_right() throws Exception {
        var process = start(Map.of(), "--prot", "1");
        assertThat(exit(process)).isEqualTo(2);
        assertThat(said()).contains("unknown argument --prot").contains("Usage:");
    }

    @Test
    void a_database_that_dies_ends_the_server_which_says_so() throws Exception {
        var process = ready();
        var postgres =
                process.descendants()
                        .filter(child ->
                                child.parent().map(ProcessHandle::pid).orElse(0L) == process.pid()
                                        && child.isAlive())
                        .findFirst()
                        .orElseThrow();
        postgres.destroyForcibly();
        assertThat(exit(process)).isEqualTo(6);
        assertThat(said()).contains("PostgreSQL has ended by itself");
    }
}
