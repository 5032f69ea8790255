package dev.remit.gateway.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.ChatAnswer;
import dev.remit.gateway.wire.ChatAnswer.Stop;
import dev.remit.gateway.wire.Delta;
import dev.remit.gateway.wire.Dialect;
import dev.remit.gateway.wire.Piece;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class AnswerCacheTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private final AnswerCache cache = new AnswerCache(100_000, 10, () -> now);

    private static CacheKey key(String scope, String target, Dialect dialect, String body) {
        return CacheKey.of(scope, target, "chat", dialect, body.getBytes(UTF_8)).orElseThrow();
    }

    private static CacheKey key(String body) {
        return key("team:a", "fast", Dialect.OPENAI_CHAT, body);
    }

    private static CacheKey key(int number) {
        return key("{\"n\":" + number + "}");
    }

    private Kept kept(String text, Stop stop) {
        var answer =
                new ChatAnswer(
                        "id", "m", List.of(new Piece.Text(text)), stop, null, null, Usage.NONE);
        return new Kept(Optional.of(answer), Optional.empty(), "p/m", new Money(5), now);
    }

    @Test
    void the_same_request_is_the_same_however_it_is_written() {
        assertThat(key("{\"model\":\"x\",\"stream\":true,\"a\":[1, 2],\"b\":{\"c\":1,\"d\":2}}"))
                .isEqualTo(
                        key(
                                "{ \"b\":{\"d\":2,\"c\":1}, \"a\":[1,2], \"user\":\"u\","
                                        + " \"metadata\":{\"t\":\"1\"}, \"stream_options\":{} }"));
    }

    @Test
    void anything_that_can_change_the_answer_makes_another_request() {
        var body = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"temperature\":0}";
        var one = key(body);
        assertThat(one)
                .isNotEqualTo(key(body.replace("hi", "ho")))
                .isNotEqualTo(key(body.replace(":0}", ":1}")))
                .isNotEqualTo(key("team:a", "capable", Dialect.OPENAI_CHAT, body))
                .isNotEqualTo(key("team:a", "fast", Dialect.ANTHROPIC, body));
    }

    @Test
    void another_team_is_never_given_the_answer() {
        var mine = key("team:a", "fast", Dialect.OPENAI_CHAT, "{}");
        cache.put(mine, kept("secret plan", Stop.END), HOUR);
        assertThat(cache.find(mine, HOUR)).isPresent();
        assertThat(cache.find(key("team:b", "fast", Dialect.OPENAI_CHAT, "{}"), HOUR)).isEmpty();
        // no boundary can be moved from one part into the next
        assertThat(key("team:a", "bfast", Dialect.OPENAI_CHAT, "{}"))
                .isNotEqualTo(key("team:ab", "fast", Dialect.OPENAI_CHAT, "{}"));
    }

    @Test
    void an_answer_is_forgotten_when_its_time_is_over_or_was_made_shorter() {
        cache.put(key(1), kept("a", Stop.END), HOUR);
        now = now.plus(Duration.ofMinutes(59));
        assertThat(cache.find(key(1), HOUR)).isPresent();
        assertThat(cache.find(key(1), Duration.ofMinutes(10))).isEmpty();
        now = now.plus(Duration.ofMinutes(1));
        assertThat(cache.find(key(1), Duration.ofDays(1))).isEmpty();
        assertThat(cache.held()).isEqualTo(new AnswerCache.Held(0, 0));
    }

    @Test
    void what_failed_was_refused_or_cut_off_is_not_kept() {
        for (var stop : List.of(Stop.MAX_TOKENS, Stop.REFUSED, Stop.PAUSED)) {
            assertThat(cache.put(key(1), kept("a", stop), HOUR)).isFalse();
        }
        assertThat(cache.put(key(1), kept("", Stop.END), HOUR)).isFalse();
        var refusal =
                new ChatAnswer(
                        "id",
                        "m",
                        List.of(new Piece.Refusal("no")),
                        Stop.END,
                        null,
                        null,
                        Usage.NONE);
        assertThat(Kept.isWorthKeeping(refusal)).isFalse();
        assertThat(cache.find(key(1), HOUR)).isEmpty();
        for (var stop : List.of(Stop.END, Stop.STOP_SEQUENCE, Stop.TOOL_USE)) {
            assertThat(cache.put(key(1), kept("a", stop), HOUR)).isTrue();
        }
    }

    @Test
    void what_was_not_asked_for_longest_goes_first() {
        for (int i = 0; i < 10; i++) {
            cache.put(key(i), kept("a", Stop.END), HOUR);
        }
        assertThat(cache.find(key(0), HOUR)).isPresent();
        cache.put(key(10), kept("a", Stop.END), HOUR);
        assertThat(cache.find(key(0), HOUR)).isPresent();
        assertThat(cache.find(key(1), HOUR)).isEmpty();
        assertThat(cache.held().answers()).isEqualTo(10);
    }

    @Test
    void it_never_holds_more_bytes_than_allowed() {
        assertThat(cache.put(key(0), kept("x".repeat(13_000), Stop.END), HOUR)).isFalse();
        for (int i = 0; i < 50; i++) {
            cache.put(key(i % 13), kept("x".repeat(i * 200), Stop.END), HOUR);
            assertThat(cache.held().bytes()).isBetween(0L, 100_000L);
        }
        cache.clear();
        assertThat(cache.held()).isEqualTo(new AnswerCache.Held(0, 0));
    }

    @Test
    void many_threads_at_once_leave_the_sums_right() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int t = 0; t < 8; t++) {
                int seed = t;
                threads.submit(() -> {
                    for (int i = 0; i < 500; i++) {
                        cache.put(key((seed * 7 + i) % 25), kept("x".repeat(i), Stop.END), HOUR);
                        cache.find(key(i % 25), HOUR);
                    }
                    return true;
                });
            }
        }
        assertThat(cache.held().answers()).isLessThanOrEqualTo(10);
        now = now.plus(HOUR);
        for (int i = 0; i < 25; i++) {
            cache.find(key(i), HOUR);
        }
        assertThat(cache.held()).isEqualTo(new AnswerCache.Held(0, 0));
    }

    @Test
    void an_answer_is_told_again_as_a_stream() {
        var answer =
                new ChatAnswer(
                        "id",
                        "m",
                        List.of(
                                new Piece.Thought("hm", "t1", "sig", false, Dialect.ANTHROPIC),
                                new Piece.Text("Hello"),
                                new Piece.ToolCall("c1", "look", Json.parse("{\"a\":1}"), null)),
                        Stop.TOOL_USE,
                        null,
                        null,
                        new Usage(1, 2, 3, 4, 0));
        var kept = new Kept(Optional.of(answer), Optional.empty(), "p/m", Money.ZERO, now);
        assertThat(kept.replay())
                .containsExactly(
                        new Delta.Started("id", "m"),
                        new Delta.Opened(0, Delta.Kind.THOUGHT, "t1", null),
                        new Delta.Grown(0, "hm"),
                        new Delta.Signed(0, "sig"),
                        new Delta.Closed(0),
                        new Delta.Opened(1, Delta.Kind.TEXT, null, null),
                        new Delta.Grown(1, "Hello"),
                        new Delta.Closed(1),
                        new Delta.Opened(2, Delta.Kind.TOOL_CALL, "c1", "look"),
                        new Delta.Grown(2, "{\"a\":1}"),
                        new Delta.Closed(2),
                        new Delta.Used(new Usage(1, 2, 3, 4, 0)),
                        new Delta.Ended(Stop.TOOL_USE, null));
    }

    @Test
    void what_is_no_json_object_has_no_key() {
        assertThat(CacheKey.of("s", "t", "chat", Dialect.OPENAI_CHAT, "[]".getBytes(UTF_8)))
                .isEmpty();
        assertThat(CacheKey.of("s", "t", "chat", Dialect.OPENAI_CHAT, "{".getBytes(UTF_8)))
                .isEmpty();
    }
}
