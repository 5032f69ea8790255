package dev.remit.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.json.Json;
import dev.remit.core.model.ModelAnswer;
import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.ChatAnswer.Stop;
import dev.remit.gateway.wire.Codec.InPath;
import dev.remit.gateway.wire.GatewayError.Kind;
import dev.remit.http.client.SseEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChatAnswerTest {
    private static final Codec CODEC = new ChatCodec(() -> Instant.ofEpochSecond(1_700_000_000));
    private static final String WHOLE =
            """
            {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"gpt-5",
             "choices":[{"index":0,"message":{"role":"assistant","content":"A cat.","refusal":null,
               "annotations":[],"tool_calls":[{"id":"call_1","type":"function",
                 "function":{"name":"look","arguments":"{\\"at\\":1}"}}]},
               "logprobs":null,"finish_reason":"tool_calls"}],
             "usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120,
               "prompt_tokens_details":{"cached_tokens":64,"audio_tokens":0},
               "completion_tokens_details":{"reasoning_tokens":8}},
             "service_tier":"default","system_fingerprint":"fp"}\
            """;
    private static final String STREAM =
            """
            data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-5","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"finish_reason":null}],"usage":null}

            data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"content":"A "},"finish_reason":null}],"usage":null}

            : still there

            data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"content":"cat."},"finish_reason":null}],"usage":null}

            data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"look","arguments":""}}]},"finish_reason":null}]}

            data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\\"at\\""}}]},"finish_reason":null}]}

            data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"call_2","type":"function","function":{"name":"hear","arguments":"{}"}}]},"finish_reason":null}]}

            data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]},"finish_reason":null}]}

            data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}

            data: {"id":"chatcmpl-1","choices":[],"usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120,"prompt_tokens_details":{"cached_tokens":64},"completion_tokens_details":{"reasoning_tokens":8}}}

            data: [DONE]

            """;
    private static final Usage USAGE = new Usage(36, 64, 0, 20, 8);

    @Test
    void an_answer_is_read_with_usage_in_disjoint_buckets() throws Exception {
        var answer = read(WHOLE);

        assertThat(answer)
                .isEqualTo(
                        new ChatAnswer(
                                "chatcmpl-1",
                                "gpt-5",
                                List.of(
                                        new Piece.Text("A cat."),
                                        new Piece.ToolCall(
                                                "call_1", "look", Json.parse("{\"at\":1}"), null)),
                                Stop.TOOL_USE,
                                null,
                                "default",
                                USAGE));
    }

    @Test
    void a_stream_says_the_same_even_if_calls_interleave() throws Exception {
        var deltas = Streams.read(CODEC.streamReader(), Streams.events(STREAM));
        var answer = Streams.together(deltas, Dialect.OPENAI_CHAT);

        assertThat(answer.pieces())
                .containsExactly(
                        new Piece.Text("A cat."),
                        new Piece.ToolCall("call_1", "look", Json.parse("{\"at\":1}"), null),
                        new Piece.ToolCall("call_2", "hear", Json.object(), null));
        assertThat(answer.stop()).isEqualTo(Stop.TOOL_USE);
        assertThat(answer.usage()).isEqualTo(USAGE);
    }

    @Test
    void an_event_of_usage_alone_says_nothing_else() throws Exception {
        var events = Streams.events(STREAM);
        var reader = CODEC.streamReader();
        for (var event : events.subList(0, events.size() - 2)) {
            assertThat(reader.read(event)).noneMatch(Delta.Used.class::isInstance);
        }
        assertThat(reader.read(events.get(events.size() - 2)))
                .containsExactly(new Delta.Used(USAGE));
    }

    @Test
    void a_stream_that_is_cut_anywhere_is_never_taken_for_whole() throws Exception {
        var events =
                Streams.events(
                        STREAM.replace(
                                "\"finish_reason\":\"tool_calls\"}]}",
                                "\"finish_reason\":\"tool_calls\"}]}"));
        for (int cut = 0; cut < events.size() - 2; cut++) {
            var part = events.subList(0, cut);
            assertThatThrownBy(() -> Streams.read(CODEC.streamReader(), part))
                    .isInstanceOf(Garbage.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "<html>",
                "{\"error\":{\"message\":\"no\"}}",
                "{\"choices\":[]}",
                "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"x\"}}]}",
                "{\"choices\":[{\"index\":0,\"finish_reason\":\"stop\"}]}",
                "{\"choices\":[{\"message\":{\"tool_calls\":[{\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]},\"finish_reason\":\"tool_calls\"}]}",
                "{\"choices\":[{\"message\":{\"tool_calls\":[{\"id\":\"c\",\"function\":{\"arguments\":\"{}\"}}]},\"finish_reason\":\"tool_calls\"}]}"
            })
    void what_is_no_whole_answer_is_garbage(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(Garbage.class);
    }

    @Test
    void a_call_that_the_cap_cut_is_no_call() throws Exception {
        var answer =
                read(
                        """
                        {"choices":[{"message":{"content":"x","tool_calls":[{"id":"c","function":
                          {"name":"f","arguments":"{\\"a"}}]},"finish_reason":"length"}]}\
                        """);
        assertThat(answer.pieces()).containsExactly(new Piece.Text("x"));
        assertThat(answer.stop()).isEqualTo(Stop.MAX_TOKENS);
    }

    @Test
    void quirks_of_other_servers_are_understood() throws Exception {
        var deepseek =
                read(
                        """
                        {"choices":[{"message":{"reasoning_content":"Hm.","content":"x"},"finish_reason":"stop"}],
                         "usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_cache_hit_tokens":4}}\
                        """);
        assertThat(deepseek.pieces().getFirst())
                .isEqualTo(
                        new Piece.Thought(
                                "Hm.", null, "reasoning_content", false, Dialect.OPENAI_CHAT));
        assertThat(deepseek.usage()).isEqualTo(new Usage(6, 4, 0, 5, 0));
        var grok =
                read(
                        """
                        {"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],
                         "usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":45,
                                  "completion_tokens_details":{"reasoning_tokens":30}}}\
                        """);
        assertThat(grok.usage()).isEqualTo(new Usage(10, 0, 0, 35, 30));
        var magistral =
                read(
                        """
                        {"choices":[{"message":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm."}]},
                          {"type":"text","text":"x"}]},"finish_reason":"stop"}]}\
                        """);
        assertThat(magistral.pieces())
                .containsExactly(
                        new Piece.Thought("Hm.", null, null, false, null), new Piece.Text("x"));
        var called =
                read(
                        """
                        {"choices":[{"message":{"tool_calls":[{"id":"c","function":{"name":"f","arguments":{}}}]},
                          "finish_reason":"stop"}]}\
                        """);
        assertThat(called.stop()).isEqualTo(Stop.TOOL_USE);
    }

    // ---- to clients

    @Test
    void an_answer_has_every_field_that_clients_demand() throws Exception {
        var answer = read(WHOLE);
        assertThat(Json.parse(CODEC.writeAnswer(answer, asked(false))))
                .isEqualTo(
                        Json.parse(
                                """
                                {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"gpt-5",
                                 "choices":[{"index":0,"message":{"role":"assistant","content":"A cat.","refusal":null,
                                   "tool_calls":[{"id":"call_1","type":"function",
                                     "function":{"name":"look","arguments":"{\\"at\\":1}"}}]},
                                   "logprobs":null,"finish_reason":"tool_calls"}],
                                 "usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120,
                                   "prompt_tokens_details":{"cached_tokens":64},
                                   "completion_tokens_details":{"reasoning_tokens":8}},
                                 "service_tier":"default"}\
                                """));
    }

    @Test
    void a_stream_begins_with_the_role_and_tells_usage_if_asked() throws Exception {
        var deltas =
                List.<Delta>of(
                        new Delta.Started("1", "m"),
                        new Delta.Opened(0, Delta.Kind.TEXT, null, null),
                        new Delta.Grown(0, "Hi"),
                        new Delta.Closed(0),
                        new Delta.Opened(1, Delta.Kind.TOOL_CALL, "c", "f"),
                        new Delta.Closed(1),
                        new Delta.Ended(Stop.TOOL_USE, null),
                        new Delta.Used(USAGE));
        var head =
                "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"m\",\"choices\":[";
        var body =
                """
                {"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}
                {"index":0,"delta":{"content":"Hi"},"logprobs":null,"finish_reason":null}
                {"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"f","arguments":""}}]},"logprobs":null,"finish_reason":null}
                {"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]},"logprobs":null,"finish_reason":null}
                {"index":0,"delta":{},"logprobs":null,"finish_reason":"tool_calls"}
                """;
        var plain = new StringBuilder();
        var withUsage = new StringBuilder();
        for (var choice : body.strip().split("\n")) {
            plain.append(head).append(choice).append("]}\n\n");
            withUsage.append(head).append(choice).append("],\"usage\":null}\n\n");
        }
        withUsage.append(head);
        withUsage.append(
                "],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":20,\"total_tokens\":120,");
        withUsage.append("\"prompt_tokens_details\":{\"cached_tokens\":64},");
        withUsage.append("\"completion_tokens_details\":{\"reasoning_tokens\":8}}}\n\n");

        assertThat(written(false, deltas)).isEqualTo(plain + "data: [DONE]\n\n");
        assertThat(written(true, deltas)).isEqualTo(withUsage + "data: [DONE]\n\n");
    }

    @Test
    void an_error_in_a_stream_is_its_last_word() throws Exception {
        var writer = CODEC.streamWriter(asked(true), InPath.NOTHING, Dialect.ANTHROPIC);
        writer.write(new Delta.Started("1", "m"));
        var error = new String(writer.error(GatewayError.of(Kind.UPSTREAM, "lost")), UTF_8);

        assertThat(error).startsWith("data: {\"error\":{\"message\":\"lost\"").endsWith("}\n\n");
        assertThat(writer.end()).isEmpty();
        assertThat(writer.write(new Delta.Grown(0, "x"))).isEmpty();
        var reader = CODEC.streamReader();
        assertThat(reader.read(Streams.events(error).getFirst()))
                .singleElement()
                .isInstanceOf(Delta.Broken.class);
        assertThatThrownBy(reader::end).isInstanceOf(Garbage.class);
    }

    // ---- errors

    @Test
    void a_used_up_budget_looks_like_openais_own_quota() {
        var error =
                new GatewayError(
                        Kind.BUDGET,
                        "The budget of team growth is used up: 20.00 of 20.00 USD.",
                        Duration.ofMillis(1_500),
                        false,
                        Map.of("limit", "20.00"));
        var body = Json.parse(CODEC.writeError(error)).path("error");

        assertThat(CODEC.status(error)).isEqualTo(429);
        assertThat(body.path("type").asString("")).isEqualTo("insufficient_quota");
        assertThat(body.path("code").asString("")).isEqualTo("insufficient_quota");
        assertThat(body.at("/details/limit").asString("")).isEqualTo("20.00");
        assertThat(CODEC.errorHeaders(error))
                .isEqualTo(
                        Map.of(
                                "x-should-retry",
                                "false",
                                "retry-after",
                                "2",
                                "retry-after-ms",
                                "1500"));
    }

    @ParameterizedTest
    @EnumSource
    void every_error_has_the_shape_that_clients_read(Kind kind) {
        var error = GatewayError.of(kind, "why");
        var body = Json.parse(CODEC.writeError(error)).path("error");

        assertThat(body.path("message").asString("")).isEqualTo("why");
        assertThat(body.path("type").isString()).isTrue();
        assertThat(body.has("param")).isTrue();
        assertThat(CODEC.errorHeaders(error)).containsKey("x-should-retry");
    }

    @Test
    void a_providers_error_is_understood_and_shows_no_key() {
        var headers = Map.of("retry-after", "7");
        var long_ =
                error(
                        400,
                        "{\"error\":{\"message\":\"This model's maximum context length is 8 tokens.\",\"type\":\"invalid_request_error\",\"code\":\"context_length_exceeded\"}}",
                        Map.of());
        assertThat(long_.contextTooLong()).isTrue();
        assertThat(long_.kind()).isEqualTo(ModelAnswer.Kind.INVALID);
        assertThat(long_.code()).isEqualTo("context_length_exceeded");
        var limited =
                error(
                        429,
                        "{\"error\":{\"message\":\"slow\",\"code\":\"rate_limit_exceeded\"}}",
                        headers);
        assertThat(limited.kind()).isEqualTo(ModelAnswer.Kind.RATE_LIMITED);
        assertThat(limited.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(error(429, "{\"error\":{\"code\":\"insufficient_quota\"}}", headers).kind())
                .isEqualTo(ModelAnswer.Kind.UNAUTHORIZED);
        assertThat(
                        error(
                                        401,
                                        "{\"error\":{\"message\":\"Incorrect key: sk-proj-abcdef123\"}}",
                                        Map.of())
                                .message())
                .doesNotContain("abcdef");
        assertThat(error(502, "<html>Bad gateway</html>", Map.of()).message()).contains("502");
        assertThat(error(503, "", Map.of()).kind()).isEqualTo(ModelAnswer.Kind.OVERLOADED);
        var dated =
                error(
                        429,
                        "{}",
                        Map.of(
                                "date",
                                "Sat, 21 Nov 2026 12:00:00 GMT",
                                "retry-after",
                                "Sat, 21 Nov 2026 12:00:30 GMT"));
        assertThat(dated.retryAfter()).isEqualTo(Duration.ofSeconds(30));
    }

    private static ProviderError error(int status, String body, Map<String, String> headers) {
        return CODEC.readError(status, body.getBytes(UTF_8), headers::get);
    }

    private static String written(boolean usage, List<Delta> deltas) throws BadRequest {
        var writer = CODEC.streamWriter(asked(usage), InPath.NOTHING, Dialect.ANTHROPIC);
        return new String(Streams.written(writer, deltas), UTF_8);
    }

    private static ChatAnswer read(String body) throws Garbage {
        return CODEC.readAnswer(body.getBytes(UTF_8));
    }

    static Facts asked(boolean usage) throws BadRequest {
        var body =
                "{\"model\":\"fast\",\"stream\":true,\"stream_options\":{\"include_usage\":"
                        + usage
                        + "},\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        return CODEC.facts(body.getBytes(UTF_8), InPath.NOTHING);
    }

    @Test
    void events_without_data_are_signs_of_life() throws Exception {
        assertThat(CODEC.streamReader().read(new SseEvent("message", "", ""))).isEmpty();
    }
}
