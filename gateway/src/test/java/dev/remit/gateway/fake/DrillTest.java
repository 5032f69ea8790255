package dev.remit.gateway.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DrillTest {
    private static final String ASK =
            "{'model':'gpt-4.1','max_tokens':20,'messages':[{'role':'user','content':'Hello?'}]}";

    private Caller caller;

    @BeforeEach
    void start() throws Exception {
        caller = new Caller();
    }

    @AfterEach
    void stop() {
        caller.close();
    }

    private void follow(String yaml) throws InvalidDrill {
        caller.fake.follows(DrillFile.read("drill.yaml", yaml));
    }

    private List<Integer> statuses(int calls) throws Exception {
        var statuses = new ArrayList<Integer>();
        for (int i = 0; i < calls; i++) {
            statuses.add(caller.post("/v1/chat/completions", ASK).statusCode());
        }
        return statuses;
    }

    @Test
    void faults_come_on_the_calls_that_they_are_ordered_for() throws Exception {
        follow(
                """
                faults:
                  - {kind: status, status: 503, on: [2]}
                  - {kind: status, status: 429, every: 3, retry_after: 250ms, should_retry: false}
                  - {kind: status, status: 500, model: "claude-*"}
                  - {kind: status, status: 500, provider: gemini}
                """);
        assertThat(statuses(6)).containsExactly(200, 503, 429, 200, 200, 429);
        statuses(2);
        var headers = caller.post("/v1/chat/completions", ASK).headers();
        assertThat(headers.firstValue("retry-after-ms")).contains("250");
        assertThat(headers.firstValue("retry-after")).contains("1");
        assertThat(headers.firstValue("x-should-retry")).contains("false");
    }

    @Test
    void the_same_seed_gives_the_same_run_and_another_another() throws Exception {
        var yaml = "faults: [{kind: status, status: 500, probability: 0.5}]\nseed: ";
        follow(yaml + 7);
        var first = statuses(40);
        follow(yaml + 7);
        assertThat(statuses(40)).isEqualTo(first);
        follow(yaml + 8);
        assertThat(statuses(40)).isNotEqualTo(first).contains(200, 500);
    }

    @Test
    void requests_a_minute_are_counted_for_each_key() throws Exception {
        follow("limits: {requests_per_minute: 2}");
        assertThat(statuses(3)).containsExactly(200, 200, 429);
        var other = caller.post("/v1/chat/completions", ASK, "authorization", "Bearer other");
        assertThat(other.statusCode()).isEqualTo(200);
        assertThat(other.headers().firstValue("x-ratelimit-limit-requests")).contains("2");
        assertThat(other.headers().firstValue("x-ratelimit-remaining-requests")).contains("1");
        assertThat(other.headers().firstValue("x-ratelimit-reset-requests").orElseThrow())
                .matches("30s|29\\.\\d+s");
        caller.post("/v1/chat/completions", ASK, "authorization", "Bearer other");
        var refused = caller.post("/v1/chat/completions", ASK, "authorization", "Bearer other");
        assertThat(refused.headers().firstValue("retry-after")).contains("30");
        assertThat(Caller.body(refused).at("/error/code").asString())
                .isEqualTo("rate_limit_exceeded");
    }

    @Test
    void a_rate_limit_fills_evenly() {
        var now = new Instant[] {Instant.EPOCH};
        var limit = new RateLimit(60, () -> now[0]);
        for (int i = 0; i < 60; i++) {
            assertThat(limit.take("a").granted()).isTrue();
        }
        var refused = limit.take("a");
        assertThat(refused.granted()).isFalse();
        assertThat(refused.retry()).isEqualTo(Duration.ofSeconds(1));
        assertThat(refused.reset()).isEqualTo(Duration.ofMinutes(1));
        now[0] = now[0].plusMillis(999);
        assertThat(limit.take("a").granted()).isFalse();
        now[0] = now[0].plusMillis(1);
        assertThat(limit.take("a").granted()).isTrue();
        now[0] = now[0].plusSeconds(3600);
        assertThat(limit.take("a").remaining()).isEqualTo(59);
    }

    @Test
    void it_bills_beyond_the_cap_if_it_is_to_and_never_otherwise() throws Exception {
        follow("answer: {tokens: 300}");
        var fair = caller.chat(ASK);
        assertThat(fair.at("/usage/completion_tokens").intValue()).isEqualTo(20);
        assertThat(fair.at("/choices/0/finish_reason").asString()).isEqualTo("length");
        follow("{answer: {tokens: 300}, bill: {beyond_cap: 500, cached: 0.5, reasoning: 7}}");
        var usage = caller.chat(ASK).path("usage");
        assertThat(usage.path("completion_tokens").intValue()).isEqualTo(520);
        assertThat(usage.at("/prompt_tokens_details/cached_tokens").intValue())
                .isEqualTo(usage.path("prompt_tokens").intValue() / 2);
        assertThat(usage.at("/completion_tokens_details/reasoning_tokens").intValue()).isEqualTo(7);
        assertThat(caller.fake.billed().output()).isEqualTo(540);
    }

    @Test
    void it_says_what_it_heard() throws Exception {
        follow("answer: {echo: last}");
        assertThat(caller.chat(ASK).at("/choices/0/message/content").asString())
                .isEqualTo("Hello?");
        follow("answer: {echo: request}");
        var all = caller.chat(ASK.replace("'max_tokens':20,", "")).at("/choices/0/message/content");
        assertThat(Caller.json(all.asString()).path("model").asString()).isEqualTo("gpt-4.1");
    }

    @Test
    void tools_are_called_and_schemas_kept_or_broken_as_ordered() throws Exception {
        var tool =
                "{'type':'function','function':{'name':'%s','parameters':{'type':'object',"
                        + "'required':['city'],'properties':{'city':{'type':'string'}}}}}";
        var ask =
                "{'model':'m','tools':["
                        + tool.formatted("weather")
                        + ","
                        + tool.formatted("time")
                        + "],'messages':[{'role':'user','content':'Hello?'}]}";
        follow("answer: {calls: all}");
        var message = caller.chat(ask).at("/choices/0/message");
        assertThat(message.path("tool_calls").size()).isEqualTo(2);
        assertThat(message.at("/tool_calls/1/function/name").asString()).isEqualTo("time");
        assertThat(message.at("/tool_calls/1/function/arguments").asString()).contains("city");
        follow("{answer: {calls: first}, faults: [{kind: wrong_schema}]}");
        message = caller.chat(ask).at("/choices/0/message");
        assertThat(message.path("tool_calls").size()).isEqualTo(1);
        assertThat(message.at("/tool_calls/0/function/arguments").asString())
                .doesNotContain("city");
    }

    @Test
    void a_script_may_be_changed_while_it_runs_and_a_bad_one_is_refused_with_its_lines()
            throws Exception {
        var good = caller.post("/_fake/script", "{'faults':[{'kind':'status','status':500}]}");
        assertThat(good.statusCode()).isEqualTo(200);
        assertThat(statuses(1)).containsExactly(500);
        var bad = caller.post("/_fake/script", "latency: 5\nfaults:\n  - {kind: stats}\n");
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(Caller.body(bad).path("error").asString())
                .contains("script.yaml:1:10", "has no unit", "script.yaml:3:", "status");
        assertThat(statuses(1)).containsExactly(500);
    }

    @Test
    void nothing_in_a_script_is_passed_over() {
        for (var wrong :
                List.of(
                        "sed: 7",
                        "latency: {from: 9ms, to: 3ms}",
                        "latency: {median: 9ms}",
                        "limits: {requests_per_minute: 0}",
                        "bill: {cached: 2}",
                        "faults: [{kind: status}]",
                        "faults: [{kind: slow_first_token}]",
                        "faults: [{status: 500}]",
                        "faults: [{kind: cut, on: [0]}]",
                        "faults: [{kind: cut, probability: often}]",
                        "answer: {calls: some}",
                        "- a list",
                        "remit: drill/v2")) {
            assertThatThrownBy(() -> DrillFile.read("drill.yaml", wrong))
                    .as(wrong)
                    .isInstanceOf(InvalidDrill.class)
                    .hasMessageContaining("drill.yaml:1:");
        }
    }

    @Test
    void latencies_are_spread_as_ordered() {
        var random = new SplittableRandom(7);
        var spread = new Spread.LongTailed(Duration.ofMillis(80), Duration.ofMillis(900));
        var drawn = Stream.generate(() -> spread.draw(random)).limit(20_000).sorted().toList();
        assertThat(drawn.get(10_000).toMillis()).isBetween(77L, 83L);
        assertThat(drawn.get(19_800).toMillis()).isBetween(780L, 1030L);
        var even = new Spread.Between(Duration.ofMillis(20), Duration.ofMillis(60));
        assertThat(Stream.generate(() -> even.draw(random)).limit(1000))
                .allMatch(d -> d.toMillis() >= 20 && d.toMillis() <= 60);
    }

    @Test
    void the_drills_that_ship_can_be_followed() throws IOException {
        try (var files = Files.list(Path.of("..", "examples", "drills"))) {
            var drills = files.toList();
            assertThat(drills).isNotEmpty();
            for (var drill : drills) {
                assertThat(read(drill).troubles()).isNotEmpty();
            }
        }
    }

    private static Drill read(Path file) throws IOException {
        try {
            return DrillFile.read(file.toString(), Files.readString(file));
        } catch (InvalidDrill e) {
            throw new AssertionError(e);
        }
    }
}
