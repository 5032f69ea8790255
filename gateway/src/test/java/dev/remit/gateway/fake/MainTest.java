package dev.remit.gateway.fake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        return Main.run(
                List.of(arguments),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new CountDownLatch(0));
    }

    @Test
    void it_prints_what_to_paste_and_ends_when_told_to() {
        assertThat(run("--latency", "50ms", "--tokens-per-second=80")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsPattern("export OPENAI_BASE_URL=http://127.0.0.1:2\\d{4}/v1\n")
                .containsPattern("export ANTHROPIC_BASE_URL=http://127.0.0.1:2\\d{4}\n");
    }

    @Test
    void options_hold_over_the_script() throws Exception {
        var script = "../examples/drills/rough-day.yaml";
        var options =
                FakeOptions.parse(
                        List.of(
                                "--seed",
                                "7",
                                "--script",
                                script,
                                "--latency",
                                "0ms",
                                "--port",
                                "19999"));
        assertThat(options.port()).isEqualTo(19_999);
        assertThat(options.drill().seed()).isEqualTo(7);
        assertThat(options.drill().latency()).isEqualTo(new Spread.Fixed(Duration.ZERO));
        assertThat(options.drill().tokensPerSecond()).isEqualTo(80);
        assertThat(options.drill().requestsPerMinute()).isEqualTo(600);
    }

    @Test
    void wrong_usage_is_told() {
        assertThat(run("--port")).isEqualTo(2);
        assertThat(run("--port", "many")).isEqualTo(2);
        assertThat(run("--prot", "1")).isEqualTo(2);
        assertThat(run("--script", "no/such/file.yaml")).isEqualTo(2);
        assertThat(run("now")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains(
                        "--port needs a value",
                        "--port many: a number from 0 to 65535",
                        "no option --prot",
                        "no/such/file.yaml cannot be read",
                        "one argument too many: now",
                        "Usage: ./remit fake-provider");
    }
}
