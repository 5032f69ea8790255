package dev.remit.gateway.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.model.ModelAnswer;
import dev.remit.core.model.ModelAnswer.Kind;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.gateway.Requests;
import dev.remit.gateway.fake.FakeFault;
import dev.remit.gateway.fake.FakeReply;
import dev.remit.gateway.fake.FakeVendor;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FailureTest {
    private static final String SCHEMA = "{\"type\":\"object\",\"properties\":{}}";
    private Bench bench;

    @BeforeEach
    void start() throws Exception {
        bench = new Bench();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    private static Requests ask(String provider) {
        return Requests.to(provider).system("Be brief.").user("Hello?");
    }

    private static FakeReply status(int status, Map<String, String> headers) {
        return FakeReply.failing(new FakeFault.Status(status, headers));
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic", "openai"})
    void each_status_has_its_kind(String provider) throws Exception {
        var kinds =
                Map.ofEntries(
                        Map.entry(400, Kind.INVALID),
                        Map.entry(402, Kind.UNAUTHORIZED),
                        Map.entry(403, Kind.UNAUTHORIZED),
                        Map.entry(404, Kind.INVALID),
                        Map.entry(408, Kind.TIMED_OUT),
                        Map.entry(413, Kind.INVALID),
                        Map.entry(422, Kind.INVALID),
                        Map.entry(429, Kind.RATE_LIMITED),
                        Map.entry(500, Kind.UNAVAILABLE),
                        Map.entry(502, Kind.UNAVAILABLE),
                        Map.entry(503, Kind.OVERLOADED),
                        Map.entry(529, Kind.OVERLOADED));
        for (var kind : kinds.entrySet()) {
            bench.fake.replies(status(kind.getKey(), Map.of()));
            var failure = bench.failure(ask(provider));
            assertThat(failure.kind()).as("%d", kind.getKey()).isEqualTo(kind.getValue());
            assertThat(failure.why()).contains("HTTP " + kind.getKey(), "on order");
            assertThat(failure.usage()).isEqualTo(Usage.NONE);
            assertThat(failure.cost()).isEqualTo(Money.ZERO);
            assertThat(failure.retryAfter()).isNull();
        }
    }

    private Duration delay(String... headers) throws Exception {
        var map = new HashMap<String, String>();
        for (int i = 0; i < headers.length; i += 2) {
            map.put(headers[i], headers[i + 1]);
        }
        bench.fake.replies(status(429, map));
        return bench.failure(ask("anthropic")).retryAfter();
    }

    @Test
    void the_vendors_own_delay_is_found_however_it_is_said() throws Exception {
        assertThat(delay("retry-after", "7")).isEqualTo(Duration.ofSeconds(7));
        assertThat(delay("retry-after", "1.5")).isEqualTo(Duration.ofMillis(1500));
        assertThat(delay("retry-after-ms", "250", "retry-after", "1"))
                .isEqualTo(Duration.ofMillis(250));
        assertThat(delay("retry-after", "Fri, 20 Nov 2026 12:00:30 GMT"))
                .isEqualTo(Duration.ofSeconds(30));
        assertThat(delay("retry-after", "Fri, 20 Nov 2026 11:00:00 GMT")).isEqualTo(Duration.ZERO);
        assertThat(delay("retry-after", "999999999")).isEqualTo(Duration.ofDays(1));
        assertThat(delay("retry-after", "soon")).isNull();
        assertThat(
                        delay(
                                "anthropic-ratelimit-requests-remaining", "5",
                                "anthropic-ratelimit-requests-reset", "2026-11-20T12:09:00Z",
                                "anthropic-ratelimit-input-tokens-remaining", "0",
                                "anthropic-ratelimit-input-tokens-reset", "2026-11-20T12:00:09Z"))
                .isEqualTo(Duration.ofSeconds(9));
        assertThat(
                        delay(
                                "x-ratelimit-remaining-tokens", "0",
                                "x-ratelimit-reset-tokens", "1m2.5s",
                                "x-ratelimit-remaining-requests", "0",
                                "x-ratelimit-reset-requests", "120ms"))
                .isEqualTo(Duration.ofMillis(62_500));
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic", "openai"})
    void a_wrong_key_says_what_to_do_and_is_never_shown(String provider) throws Exception {
        bench.fake.key("another");
        var failure = bench.failure(ask(provider));
        assertThat(failure.kind()).isEqualTo(Kind.UNAUTHORIZED);
        assertThat(failure.why()).contains("API_KEY").doesNotContain(Bench.KEY);
        bench.keys.clear();
        failure = bench.failure(ask(provider));
        assertThat(failure.kind()).isEqualTo(Kind.UNAUTHORIZED);
        assertThat(failure.why()).contains("there is no key", "API_KEY");
        assertThat(bench.fake.requests()).hasSize(1);
        bench.keys.put(provider, "bad\nkey");
        assertThat(bench.failure(ask(provider)).why()).doesNotContain("bad").contains("anew");
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic", "openai"})
    void a_key_in_a_vendors_words_is_blotted_out(String provider) throws Exception {
        bench.fake.replies(
                FakeReply.failing(
                        new FakeFault.Broken(1, "api_error", "bad " + Bench.KEY + " here")));
        var failure = bench.failure(ask(provider));
        assertThat(failure.why()).contains("bad *** here").doesNotContain(Bench.KEY);

        var plain = "0123abcd-no-prefix"; // a compatible server's key looks like anything
        bench.keys.put(provider, plain);
        bench.fake.replies(FakeReply.failing(new FakeFault.Broken(1, "api_error", "bad " + plain)));
        assertThat(bench.failure(ask(provider)).why()).contains("bad ***");
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic", "openai"})
    void a_stream_that_ends_before_its_end_is_cut(String provider) throws Exception {
        for (var fault : List.of(new FakeFault.Cut(3), new FakeFault.Unfinished(3))) {
            bench.fake.replies(FakeReply.text("a long story").with(fault));
            var request = ask(provider);
            var failure = bench.failure(request);
            assertThat(failure.kind()).isEqualTo(Kind.CUT);
            // nobody knows what was billed: it is taken to be the bound
            assertThat(failure.cost()).isEqualTo(bench.gateway.bound(request.make()).orElseThrow());
        }
    }

    @Test
    void what_a_cut_stream_had_told_of_its_usage_is_kept() throws Exception {
        bench.fake.replies(
                FakeReply.text("a long story")
                        .billing(new Usage(100, 20, 3, 50, 0))
                        .with(new FakeFault.Cut(3)));
        assertThat(bench.failure(ask("anthropic")).usage()).isEqualTo(new Usage(100, 20, 3, 1, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic", "openai"})
    void what_cannot_be_read_is_garbage(String provider) throws Exception {
        bench.fake.replies(FakeReply.text("story").with(new FakeFault.Garbage()));
        assertThat(bench.failure(ask(provider)).kind()).isEqualTo(Kind.GARBAGE);
        bench.fake.replies(FakeReply.text(""));
        assertThat(bench.failure(ask(provider)).kind()).isEqualTo(Kind.GARBAGE);
        bench.fake.replies(FakeReply.text("this is no JSON"));
        assertThat(bench.failure(ask(provider).answer(SCHEMA)).kind()).isEqualTo(Kind.GARBAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic", "openai"})
    void an_error_in_mid_stream_has_its_kind(String provider) throws Exception {
        var kinds =
                Map.of(
                        "overloaded_error", Kind.OVERLOADED,
                        "rate_limit_error", Kind.RATE_LIMITED,
                        "api_error", Kind.UNAVAILABLE,
                        "invalid_request_error", Kind.INVALID);
        for (var kind : kinds.entrySet()) {
            bench.fake.replies(FakeReply.failing(new FakeFault.Broken(2, kind.getKey(), "sorry")));
            var failure = bench.failure(ask(provider));
            assertThat(failure.kind()).isEqualTo(kind.getValue());
            assertThat(failure.why()).contains("sorry");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic", "openai"})
    void a_model_that_stalls_is_noticed_though_its_line_is_busy(String provider) throws Exception {
        bench.close();
        bench = new Bench(new Patience(Duration.ofSeconds(15), Duration.ofMillis(200)));
        for (var pings : new boolean[] {true, false}) {
            bench.fake.replies(FakeReply.text("story").with(new FakeFault.Stall(4, pings)));
            assertThat(bench.failure(ask(provider)).kind()).isEqualTo(Kind.TIMED_OUT);
        }
        assertThat(bench.fake.awaitHangUp(Duration.ofSeconds(10))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic", "openai"})
    void a_model_that_never_begins_is_given_up(String provider) throws Exception {
        bench.close();
        bench = new Bench(new Patience(Duration.ofMillis(200), Duration.ofSeconds(15)));
        bench.fake.replies(
                FakeReply.failing(new FakeFault.Mute()),
                FakeReply.text("story").with(new FakeFault.Stall(0, true)));
        assertThat(bench.failure(ask(provider)).kind()).isEqualTo(Kind.TIMED_OUT);
        assertThat(bench.failure(ask(provider)).kind()).isEqualTo(Kind.TIMED_OUT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic", "openai"})
    void a_call_ends_with_its_time_even_while_tokens_come(String provider) throws Exception {
        bench.fake.replies(
                FakeReply.text("word ".repeat(5000)).slow(Duration.ZERO, Duration.ofMillis(20)));
        var failure = bench.failure(ask(provider).timeout(Duration.ofMillis(400)));
        assertThat(failure.kind()).isEqualTo(Kind.TIMED_OUT);
        assertThat(bench.failure(ask(provider).timeout(Duration.ofNanos(1))).kind())
                .isEqualTo(Kind.TIMED_OUT);
        assertThat(bench.failure(ask(provider).timeout(Duration.ofSeconds(-5))).kind())
                .isEqualTo(Kind.TIMED_OUT);
    }

    @Test
    void a_server_that_is_not_there_is_unavailable_and_nothing_was_spent() throws Exception {
        URI gone;
        try (var other = FakeVendor.start()) {
            gone = other.uri();
        }
        var failure = bench.failure(ask("openai").choice("openai", "llama", gone.toString()));
        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure.why()).contains(gone.toString(), "nobody listens");
        assertThat(failure.cost()).isEqualTo(Money.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic", "openai"})
    void cancelling_a_call_hangs_up_on_the_vendor(String provider) throws Exception {
        bench.fake.replies(
                FakeReply.text("word ".repeat(5000)).slow(Duration.ZERO, Duration.ofMillis(5)));
        var writing = new CountDownLatch(1);
        var thrown = new CompletableFuture<Throwable>();
        var caller =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                bench.gateway.call(ask(provider).make(), t -> writing.countDown());
                                thrown.complete(new AssertionError("it answered"));
                            } catch (InterruptedException e) {
                                thrown.complete(e);
                            }
                        });
        writing.await();
        caller.interrupt();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(bench.fake.awaitHangUp(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void a_base_url_that_must_not_be_called_is_refused_before_any_call() throws Exception {
        var wrong = new ArrayList<ModelAnswer.Failure>();
        for (var url :
                List.of(
                        "not a url",
                        "ftp://host/v1",
                        "http://user:hidden@localhost/v1",
                        "http://localhost/v1?key=hidden",
                        "http://93.184.216.34/v1")) {
            wrong.add(bench.failure(ask("openai").choice("openai", "llama", url)));
        }
        assertThat(wrong)
                .allSatisfy(failure -> {
                    assertThat(failure.kind()).isEqualTo(Kind.INVALID);
                    assertThat(failure.why()).doesNotContain("hidden");
                });
        assertThat(wrong.getLast().why()).contains("in clear");
    }

    @Test
    void an_unknown_provider_says_which_there_are() throws Exception {
        var failure = bench.failure(Requests.to("mistral").user("x"));
        assertThat(failure.kind()).isEqualTo(Kind.INVALID);
        assertThat(failure.why()).contains("anthropic, openai, rehearsal");
        assertThat(bench.gateway.bound(Requests.to("mistral").make())).contains(Money.ZERO);
    }
}
