package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
            var process =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    "-Dremit.terminals=1",
                                    "dev.remit.cli.Main",
                                    "run",
                                    "demo",
                                    "--home",
                                    folder.toString())
                            .start();
            assertThat(server.streaming.await(30, TimeUnit.SECONDS)).isTrue();

            new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();

            var err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).isEqualTo(ExitCode.GOING_ON);
            assertThat(err).contains("the session goes on").contains("./remit attach " + ID);
            assertThat(out).as("the cursor is shown again").endsWith("\u001b[?25h");
            assertThat(server.whatWasAsked()).noneMatch(w -> w.endsWith(":cancel"));
        }
    }
}
