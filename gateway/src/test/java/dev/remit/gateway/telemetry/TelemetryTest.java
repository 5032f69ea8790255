package dev.remit.gateway.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.identity.Key;
import dev.remit.core.money.Attempt;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.core.secret.Secrets;
import dev.remit.core.settings.Settings;
import dev.remit.core.settings.Settings.Provider.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TelemetryTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";
    private static final Settings.Provider PROVIDER =
            new Settings.Provider(
                    "claude",
                    Kind.ANTHROPIC,
                    null,
                    "claude",
                    Map.of(),
                    Map.of(),
                    false,
                    Key.Limits.NONE);
    private static final URI ADDRESS = URI.create("https://api.example.org:8443/v1/messages");

    private static final Secrets SECRETS =
            new Secrets() {
                @Override
                public Optional<String> find(String name) {
                    return name.equals("collector") ? Optional.of("k") : Optional.empty();
                }

                @Override
                public Set<String> values() {
                    return Set.of("k");
                }
            };

    private final Telemetry telemetry = new Telemetry(Duration.ofHours(1));
    private Collector collector;

    @BeforeEach
    void listen() throws IOException {
        collector = new Collector();
    }

    @AfterEach
    void close() {
        telemetry.close();
        collector.close();
    }

    private Settings.Telemetry to(@Nullable URI otlp) {
        return new Settings.Telemetry(
                otlp,
                Map.of("x-collector-key", "${secret.collector}", "x-none", "${secret.none}"),
                1);
    }

    private static Telemetry.Begun call(@Nullable String traceparent) {
        return new Telemetry.Begun("chat", "fast", "growth", "openai", true, traceparent);
    }

    private static Attempt attempt(Attempt.End end, @Nullable String why) {
        return new Attempt(
                UUID.randomUUID(),
                1,
                Instant.parse("2026-11-21T12:00:00Z"),
                new Attempt.Who(List.of(), null, "growth", null, null, null, "bob", Map.of()),
                new Attempt.Target("fast", "claude", "claude-sonnet-5", "claude-sonnet-5-0101"),
                new Usage(100, 20, 3, 40, 10),
                new Money(1_234),
                true,
                new Money(50),
                "openai",
                true,
                Duration.ofMillis(80),
                Duration.ofMillis(1_500),
                end,
                why,
                "2026-07-02",
                null);
    }

    private void one(@Nullable String traceparent) {
        var call = telemetry.begin(call(traceparent), true);
        var failed = call.attempt(PROVIDER, "claude-opus-4-8", ADDRESS);
        failed.end(attempt(Attempt.End.FAILED, "secret prompt text"), null, "rate_limited");
        var good = call.attempt(PROVIDER, "claude-sonnet-5", ADDRESS);
        good.end(attempt(Attempt.End.ANSWERED, null), "END", null);
        call.end(Attempt.End.ANSWERED, null);
    }

    // ---- OTLP

    @Test
    void spans_say_what_the_convention_wants() {
        telemetry.configure(to(collector.uri()), SECRETS);
        one(PARENT);
        telemetry.close();

        var call = collector.span("remit chat");
        assertThat(call.trace()).isEqualTo(TRACE);
        assertThat(call.parent()).isEqualTo("b7ad6b7169203331");
        assertThat(call.kind()).isEqualTo(2); // SERVER
        assertThat(call.attributes())
                .containsEntry("remit.route", "fast")
                .containsEntry("remit.team", "growth");
        var good = collector.span("chat claude-sonnet-5");
        assertThat(good.trace()).isEqualTo(TRACE);
        assertThat(good.parent()).isEqualTo(call.id());
        assertThat(good.kind()).isEqualTo(3); // CLIENT
        assertThat(good.attributes())
                .containsEntry("gen_ai.operation.name", "chat")
                .containsEntry("gen_ai.provider.name", "anthropic")
                .containsEntry("gen_ai.request.model", "claude-sonnet-5")
                .containsEntry("gen_ai.response.model", "claude-sonnet-5-0101")
                .containsEntry("gen_ai.usage.input_tokens", "123") // cached ones included
                .containsEntry("gen_ai.usage.output_tokens", "40")
                .containsEntry("gen_ai.usage.cache_read.input_tokens", "20")
                .containsEntry("gen_ai.response.finish_reasons", "[end]")
                .containsEntry("server.address", "api.example.org")
                .containsEntry("server.port", "8443")
                .containsEntry("remit.cost_micros", "1234")
                .containsEntry("remit.attempt", "2")
                .doesNotContainKey("error.type");
        assertThat(collector.span("chat claude-opus-4-8").attributes())
                .containsEntry("error.type", "rate_limited")
                .containsEntry("remit.attempt", "1");
        assertThat(collector.keys).containsOnly("k");
    }

    @Test
    void metrics_say_what_the_convention_wants() {
        telemetry.configure(to(collector.uri()), SECRETS);
        one(null);
        telemetry.close();

        assertThat(collector.points("gen_ai.client.operation.duration"))
                .hasSize(2)
                .allMatch(point -> point.get("sum").equals("1.5"))
                .anyMatch(point -> "rate_limited".equals(point.get("error.type")));
        assertThat(collector.points("gen_ai.client.token.usage"))
                .anyMatch(point ->
                        point.get("gen_ai.token.type").equals("input")
                                && point.get("count").equals("2")
                                && Double.parseDouble(point.get("sum")) == 246)
                .anyMatch(point -> point.get("gen_ai.token.type").equals("output"));
        assertThat(collector.points("gen_ai.server.time_to_first_token")).hasSize(1);
        assertThat(collector.metrics).extracting(Collector.Metric::unit).contains("s", "{token}");
    }

    @Test
    void nothing_that_was_said_is_exported() {
        telemetry.configure(to(collector.uri()), SECRETS);
        one(PARENT);
        telemetry.close();
        assertThat(collector.bodies).isNotEmpty();
        for (var body : collector.bodies) {
            assertThat(new String(body, UTF_8))
                    .doesNotContain("secret prompt")
                    .doesNotContain("bob");
        }
    }

    @Test
    void the_provider_is_told_the_attempts_span_or_else_what_the_client_said() {
        var untold = telemetry.begin(call(PARENT), true).attempt(PROVIDER, "m", null);
        assertThat(untold.traceparent()).isEqualTo(PARENT);
        assertThat(telemetry.begin(call(null), true).attempt(PROVIDER, "m", null).traceparent())
                .isNull();
        telemetry.configure(to(collector.uri()), SECRETS);
        var told = telemetry.begin(call(PARENT), true).attempt(PROVIDER, "m", null);
        assertThat(told.traceparent()).matches("00-" + TRACE + "-[0-9a-f]{16}-01");
        assertThat(told.traceparent()).isNotEqualTo(PARENT);
        assertThat(
                        telemetry
                                .begin(call("rubbish"), true)
                                .attempt(PROVIDER, "m", null)
                                .traceparent())
                .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
    }

    @Test
    void a_client_that_does_not_want_to_be_traced_is_not() {
        telemetry.configure(to(collector.uri()), SECRETS);
        one("00-" + TRACE + "-b7ad6b7169203331-00");
        telemetry.close();
        assertThat(collector.spans).isEmpty();
    }

    @Test
    void a_reload_sends_what_comes_after_it_elsewhere() throws IOException {
        try (var second = new Collector()) {
            telemetry.configure(to(collector.uri()), SECRETS);
            var before = telemetry.begin(call(null), true);
            telemetry.configure(to(second.uri()), SECRETS);
            before.end(Attempt.End.CANCELLED, "cancelled"); // nothing breaks
            one(null);
            telemetry.configure(to(null), SECRETS);
            one(null);
            telemetry.configure(to(second.uri()), SECRETS);
            telemetry.close();
        }
        assertThat(telemetry.figures().text())
                .contains("remit_requests_total{route=\"fast\",end=\"answered\"} 2");
    }

    /// Takes connections, and never says a word.
    private static ServerSocket deaf() throws IOException {
        for (int port = 23_000; port < 32_000; port += 17) {
            try {
                return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
            } catch (IOException taken) {
                continue;
            }
        }
        throw new IOException("no free port");
    }

    @Test
    void a_dead_collector_costs_nothing_but_what_it_was_to_be_told() throws IOException {
        try (var deaf = deaf()) {
            var busy = new Telemetry(Duration.ofMillis(1));
            busy.configure(
                    new Settings.Telemetry(
                            URI.create("http://127.0.0.1:" + deaf.getLocalPort()), Map.of(), 1),
                    SECRETS);
            for (int i = 0; i < 20_000; i++) { // far more than the queue holds
                var call = busy.begin(call(null), true);
                call.attempt(PROVIDER, "m", null)
                        .end(attempt(Attempt.End.ANSWERED, null), "END", null);
                call.end(Attempt.End.ANSWERED, null);
            }
            assertThat(busy.figures().text())
                    .contains("remit_requests_total{route=\"fast\",end=\"answered\"} 20000")
                    .contains("remit_in_flight{route=\"fast\"} 0");
            busy.configure(new Settings.Telemetry(null, Map.of(), 1), SECRETS); // does not wait
        }
    }

    // ---- Prometheus

    private static final Pattern SAMPLE =
            Pattern.compile(
                    "[a-z_]+(\\{([a-z_]+=\"([^\"\\\\\n]|\\\\[\\\\\"n])*\",?)+})? -?[0-9.]+");

    @Test
    void the_figures_are_told_as_prometheus_reads_them() {
        one(null);
        telemetry.figures().refused("budget");
        telemetry.figures().found("watch", "MASK");
        telemetry.figures().looked(true);
        telemetry.figures().gauge("remit_ledger_queue", "Rows to be written.", () -> 7);
        telemetry
                .figures()
                .gauge("remit_breaker", "1: open.", "target", () -> Map.of("a\"b\\c\nd", 1L));
        var text = telemetry.figures().text();
        assertThat(text.lines())
                .allMatch(line ->
                        line.startsWith("# HELP remit_")
                                || line.startsWith("# TYPE remit_")
                                || SAMPLE.matcher(line).matches());
        assertThat(text)
                .endsWith("\n")
                .contains(
                        "remit_requests_total{route=\"fast\",end=\"answered\"} 1\n",
                        "remit_attempts_total{route=\"fast\",provider=\"claude\",end=\"failed\"} 1\n",
                        "remit_tokens_total{provider=\"claude\",model=\"claude-sonnet-5\",bucket=\"input\"} 200\n",
                        "remit_tokens_total{provider=\"claude\",model=\"claude-sonnet-5\",bucket=\"reasoning\"} 20\n",
                        "remit_tokens_total{provider=\"claude\",model=\"claude-sonnet-5\",bucket=\"output\"} 60\n",
                        "remit_cost_micros_total{route=\"fast\",provider=\"claude\"} 2468\n",
                        "remit_saved_micros_total{route=\"fast\",provider=\"claude\"} 100\n",
                        "remit_refusals_total{why=\"budget\"} 1\n",
                        "remit_guard_findings_total{guard=\"watch\",mode=\"mask\"} 1\n",
                        "remit_cache_total{result=\"hit\"} 1\n",
                        "remit_ledger_queue 7\n",
                        "remit_breaker{target=\"a\\\"b\\\\c\\nd\"} 1\n",
                        "# TYPE remit_first_token_seconds histogram\n",
                        "remit_first_token_seconds_bucket{provider=\"claude\",le=\"0.1\"} 2\n",
                        "remit_first_token_seconds_bucket{provider=\"claude\",le=\"0.05\"} 0\n",
                        "remit_first_token_seconds_bucket{provider=\"claude\",le=\"+Inf\"} 2\n",
                        "remit_first_token_seconds_sum{provider=\"claude\"} 0.16\n",
                        "remit_attempt_duration_seconds_count{provider=\"claude\"} 2\n");
    }

    @Test
    void no_client_can_fill_the_memory_with_names() {
        for (int i = 0; i < 5_000; i++) {
            telemetry
                    .begin(new Telemetry.Begun("chat", "r" + i, null, "openai", false, null), true)
                    .end(Attempt.End.REFUSED, "unknown");
            telemetry.begin(call(null), false).end(Attempt.End.REFUSED, "unknown");
        }
        var text = telemetry.figures().text();
        assertThat(text.lines().filter(line -> line.startsWith("remit_requests_total")).count())
                .isLessThan(510);
        assertThat(text).contains("remit_requests_total{route=\"other\",end=\"refused\"}");
        assertThat(text).contains("remit_in_flight{route=\"other\"} 0");
    }

    @Test
    void counting_loses_nothing_under_many_threads_and_an_end_counts_once() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int t = 0; t < 8; t++) {
                threads.submit(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        var call = telemetry.begin(call(null), true);
                        call.end(Attempt.End.ANSWERED, null);
                        call.end(Attempt.End.FAILED, "again");
                    }
                });
            }
        }
        assertThat(telemetry.figures().text())
                .contains("remit_requests_total{route=\"fast\",end=\"answered\"} 8000")
                .doesNotContain("end=\"failed\"")
                .contains("remit_request_duration_seconds_count{route=\"fast\"} 8000");
    }
}
