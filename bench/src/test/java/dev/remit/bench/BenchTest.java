package dev.remit.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bench.Report.Comparison;
import dev.remit.core.json.Json;
import dev.remit.core.session.LogCodec;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchTest {
    private static final Series FAST =
            new Series("ours", "steps/s", List.of(900.0, 1000.0, 1300.0));
    private static final Series SLOW =
            new Series("theirs", "steps/s", List.of(200.0, 250.0, 900.0));

    @Test
    void a_ratio_is_that_of_the_medians_and_says_whether_the_target_is_met() {
        assertThat(Comparison.atLeast("x", FAST, SLOW, 4))
                .satisfies(c -> assertThat(c.ratio()).isEqualTo(4))
                .satisfies(c -> assertThat(c.met()).isTrue());
        assertThat(Comparison.atMost("x", FAST, SLOW, 3.9).met()).isFalse();
    }

    @Test
    void a_report_is_a_table_or_one_json_document() {
        var report =
                new Report(
                        Instant.parse("2026-11-20T12:00:00Z"),
                        "here",
                        List.of(Comparison.atLeast("steps", FAST, SLOW, 4)));
        assertThat(report.table())
                .contains(
                        "here", "ours", "1000", "(900 to 1300 in 3 rounds)", "target >= 4.0: met");
        assertThat(Json.parse(report.json()).at("/comparisons/0/ratio").asDouble()).isEqualTo(4);
    }

    @Test
    void the_events_that_are_measured_with_have_one_kilobyte_in_their_body() {
        for (var event : List.of(Samples.started(12_345), Samples.ended(12_345))) {
            var encoded = LogCodec.encode(event);
            assertThat(encoded.blobs()).isEmpty();
            assertThat((int) encoded.bytes())
                    .isBetween(Samples.EVENT_BYTES - 64, Samples.EVENT_BYTES + 64);
        }
    }

    @Test
    void a_wrong_call_says_how_it_is_done() throws Exception {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        assertThat(Bench.run(new String[] {"stairs"}, new PrintStream(out), new PrintStream(err)))
                .isEqualTo(2);
        assertThat(out.size()).isZero();
        assertThat(err.toString(java.nio.charset.StandardCharsets.UTF_8))
                .contains("unknown: stairs", "usage: ./remit bench steps");
    }

    @Test
    void help_goes_to_standard_output() throws Exception {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var asked = new String[] {"gateway", "--help"};
        assertThat(Bench.run(asked, new PrintStream(out), new PrintStream(err))).isZero();
        assertThat(out.toString(java.nio.charset.StandardCharsets.UTF_8))
                .startsWith("usage: ./remit bench steps")
                .contains("--peers DIR");
        assertThat(err.size()).isZero();
    }
}
