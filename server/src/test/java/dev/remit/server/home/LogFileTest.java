package dev.remit.server.home;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.secret.Redactor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

class LogFileTest {
    private static final Redactor WITHOUT_HUNTER2 =
            new Redactor() {
                @Override
                public JsonNode redact(JsonNode value) {
                    return value;
                }

                @Override
                public String redact(String text) {
                    if (text.contains("poison")) {
                        throw new IllegalStateException("cannot");
                    }
                    return text.replace("hunter2", "[redacted]");
                }
            };

    @TempDir Path folder;

    private List<String> logged(Runnable work) throws IOException {
        try (var log = LogFile.open(HomeFolder.open(folder), WITHOUT_HUNTER2, 2000)) {
            assertThat(log).isNotNull();
            work.run();
        }
        return Files.readAllLines(folder.resolve("logs/server.log"));
    }

    @Test
    void a_record_is_one_readable_line() throws IOException {
        var lines = logged(() -> LoggerFactory.getLogger("dev.remit.A").info("hello {}", "you"));
        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst())
                .matches(
                        "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO    A: hello you");
    }

    @Test
    void no_secret_gets_into_the_log_not_even_by_an_exception() throws IOException {
        var cause = new IllegalStateException("password is hunter2");
        var lines = logged(() -> LoggerFactory.getLogger("A").warn("with hunter2", cause));
        assertThat(String.join("\n", lines))
                .contains("with [redacted]")
                .contains("password is [redacted]")
                .contains("at dev.remit")
                .doesNotContain("hunter2");
    }

    @Test
    void a_record_cannot_pretend_to_be_two() throws IOException {
        var lines =
                logged(() ->
                        LoggerFactory.getLogger("A")
                                .info("x\n2026-11-20T00:00:00.000Z INFO forged\u001b[2J"));
        assertThat(lines).hasSize(2);
        assertThat(lines.getLast()).startsWith("    2026").doesNotContain("\u001b");
    }

    @Test
    void what_cannot_be_redacted_is_left_out() throws IOException {
        var lines = logged(() -> LoggerFactory.getLogger("A").info("poison"));
        assertThat(lines.getFirst()).contains("left out").doesNotContain("poison");
    }

    @Test
    void a_full_log_makes_room_and_old_ones_go() throws IOException {
        var logger = LoggerFactory.getLogger("A");
        logged(() -> {
            for (int i = 0; i < 300; i++) {
                logger.info("record {}", i);
            }
        });
        try (var files = Files.list(folder.resolve("logs"))) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "server.log",
                            "server.log.1",
                            "server.log.2",
                            "server.log.3",
                            "server.log.4");
        }
        assertThat(Files.readString(folder.resolve("logs/server.log"))).contains("record 299");
        assertThat(Files.size(folder.resolve("logs/server.log.4"))).isLessThanOrEqualTo(2000);
    }
}
