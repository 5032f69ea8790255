package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `remit serve` shows on a terminal, and only there.
@Tag("slow")
class FirstKeyTest {
    private static final Pattern KEY = Pattern.compile("rmt_[a-z2-7]{12}_[A-Za-z0-9_-]{43}");
    private static final Map<String, String> TERMINAL =
            Map.of("JAVA_TOOL_OPTIONS", "-Dremit.terminals=1");

    @TempDir Path folder;

    @AfterEach
    void clear() {
        Leftovers.delete(folder.resolve("home"));
    }

    /// @return what it printed
    private String served(Map<String, String> environment) throws Exception {
        var home = folder.resolve("home");
        var output = Files.createTempFile(folder, "out", "");
        var process = ServerProcess.launch(home, output, environment, List.of());
        try {
            ServerProcess.awaitReady(home, output, process);
            while (!Files.readString(output).contains("state folder") && process.isAlive()) {
                Thread.onSpinWait();
            }
            process.destroy();
            process.waitFor();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output);
    }

    @Test
    void the_first_key_is_shown_once_on_a_terminal_and_stands_in_no_log() throws Exception {
        assertThat(served(Map.of())).doesNotContainPattern(KEY);

        var first = served(TERMINAL);
        assertThat(first)
                .containsPattern("ready at http://127\\.0\\.0\\.1:\\d+")
                .contains("state folder " + folder.resolve("home").toRealPath())
                .contains("/openai/v1");
        var key = KEY.matcher(first);
        assertThat(key.find()).isTrue();
        assertThat(log()).doesNotContain(key.group()).doesNotContain(key.group().substring(17));

        assertThat(served(TERMINAL)).doesNotContainPattern(KEY);
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("home/logs/server.log"));
    }
}
