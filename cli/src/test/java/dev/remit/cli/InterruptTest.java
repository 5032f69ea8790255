package dev.remit.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Ctrl-C, sent to a real process.
@DisabledOnOs(OS.WINDOWS)
class InterruptTest {
    private static final String ID = "019a2f3c-77b1-7000-8000-000000000001";

    @TempDir Path folder;

    @Test
    @Timeout(60)
    void ctrl_c_lets_go_of_the_session_says_how_to_come_back_and_exits_with_4()
            throws IOException, InterruptedException {
        try (var server = new FakeServer()) {
            server.home(folder);
            server.session(ID, "{'agent':'demo','status':'running'}")
                    .events(
                            ID,
                            "{'type':'opened','definition':{'name':'demo'}}",
                            "{'type':'model_called','turn':1,'attempt':1,'route':'capable'}");
            var process = start("run", "demo", "--home", folder.toString());
            try {
                assertThat(server.streaming.await(30, TimeUnit.SECONDS)).isTrue();
                new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
                assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("it ends").isTrue();
                var err = new String(process.getErrorStream().readAllBytes(), UTF_8);
                var out = new String(process.getInputStream().readAllBytes(), UTF_8);
                assertThat(process.exitValue()).isEqualTo(ExitCode.GOING_ON);
                assertThat(err).contains("the session goes on").contains("./remit attach " + ID);
                assertThat(out).as("the cursor is shown again").endsWith("\u001b[?25h");
            } finally {
                process.destroyForcibly();
            }
            assertThat(server.whatWasAsked()).noneMatch(w -> w.endsWith(":cancel"));
        }
    }

    private static Process start(String... arguments) throws IOException {
        var command = new ArrayList<String>();
        if (Files.isDirectory(Path.of("/proc/self"))) {
            // whoever runs these tests in the background ignores Ctrl-C, and so would its children
            command.addAll(List.of("env", "--default-signal=INT"));
        }
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Dremit.terminals=1",
                        "dev.remit.cli.Main"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).start();
    }
}
