package dev.remit.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.json.Json;
import dev.remit.core.model.ModelAnswer;
import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.ChatAnswer.Stop;
import dev.remit.gateway.wire.Codec.InPath;
import dev.remit.http.client.SseEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GeminiAnswerTest {
    private static final Codec CODEC = Codec.of(Dialect.GEMINI);
    private static final InPath PATH = new InPath("gemini-3-flash", true);
    private static final ChatAnswer ANSWER =
            new ChatAnswer(
                    "r1",
                    "gemini-3-flash-001",
                    List.of(
                            new Piece.Thought("Hm.", null, null, false, null),
                            new Piece.Text("A cat 🐈."),
                            new Piece.Thought("", null, "dHh0", false, Dialect.GEMINI),
                            new Piece.ToolCall("c1", "look", Json.parse("{\"at\":1}"), "Y2FsbA=="),
                            new Piece.ToolCall("c2", "hear", Json.object(), null)),
                    Stop.TOOL_USE,
                    null,
                    null,
                    new Usage(80, 20, 0, 50, 30));

    @Test
    void a_whole_answer_is_read() throws Exception {
        var answer =
                read(
                        """
                        {"candidates":[{"content":{"role":"model","parts":[
                            {"text":"Hm.","thought":true},
                            {"text":"Yes","thoughtSignature":"c2ln"}]},"finishReason":"STOP","index":0,"safetyRatings":[]}],
                         "usageMetadata":{"promptTokenCount":100,"cachedContentTokenCount":60,"candidatesTokenCount":10,
                            "thoughtsTokenCount":30,"toolUsePromptTokenCount":5,"totalTokenCount":145,"promptTokensDetails":[]},
                         "modelVersion":"gemini-3-flash","responseId":"r1"}\
                        """);

        assertThat(answer.pieces())
                .containsExactly(
                        new Piece.Thought("Hm.", null, null, false, null),
                        new Piece.Text("Yes"),
                        new Piece.Thought("", null, "c2ln", false, Dialect.GEMINI));
        assertThat(answer.usage()).isEqualTo(new Usage(45, 60, 0, 40, 30));
        assertThat(answer.stop()).isEqualTo(Stop.END);
    }

    @Test
    void a_call_without_an_id_gets_one_that_no_other_answer_has() throws Exception {
        var body =
                "{\"responseId\":\"%s\",\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\"}}]},\"finishReason\":\"STOP\"}]}";
        var one = (Piece.ToolCall) read(body.formatted("one")).pieces().getFirst();
        var two = (Piece.ToolCall) read(body.formatted("two")).pieces().getFirst();

        assertThat(one.id()).matches("[a-zA-Z0-9_-]{1,64}").isNotEqualTo(two.id());
        assertThat(read(body.formatted("one")).stop()).isEqualTo(Stop.TOOL_USE);
    }

    @Test
    void a_prompt_that_was_not_let_through_is_a_refusal() throws Exception {
        var body =
                "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"},\"usageMetadata\":{\"promptTokenCount\":4,\"totalTokenCount\":4}}";
        var answer = read(body);
        assertThat(answer.stop()).isEqualTo(Stop.REFUSED);
        assertThat(answer.pieces().getFirst()).isInstanceOf(Piece.Refusal.class);
        assertThat(answer.usage().input()).isEqualTo(4);

        var deltas = Streams.read(CODEC.streamReader(), List.of(new SseEvent("message", body, "")));
        assertThat(Streams.together(deltas, Dialect.GEMINI).stop()).isEqualTo(Stop.REFUSED);
    }

    @Test
    void answers_that_the_model_failed_to_write_are_garbage() {
        for (var body :
                List.of(
                        "",
                        "{}",
                        "{\"candidates\":[]}",
                        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"x\"}]}}]}",
                        "{\"candidates\":[{\"finishReason\":\"MALFORMED_FUNCTION_CALL\"}]}")) {
            assertThatThrownBy(() -> read(body)).isInstanceOf(Garbage.class);
        }
    }

    @Test
    void every_other_reason_says_how_it_ended() throws Exception {
        var reasons =
                Map.of(
                        "STOP", Stop.END,
                        "MAX_TOKENS", Stop.MAX_TOKENS,
                        "SAFETY", Stop.REFUSED,
                        "RECITATION", Stop.REFUSED,
                        "PROHIBITED_CONTENT", Stop.REFUSED,
                        "SPII", Stop.REFUSED,
                        "SOMETHING_NEW", Stop.REFUSED);
        for (var reason : reasons.entrySet()) {
            var answer =
                    read(
                            "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"x\"}]},\"finishReason\":\""
                                    + reason.getKey()
                                    + "\"}]}");
            assertThat(answer.stop()).as(reason.getKey()).isEqualTo(reason.getValue());
        }
    }

    @Test
    void what_is_written_is_read_back_the_same() throws Exception {
        assertThat(CODEC.readAnswer(CODEC.writeAnswer(ANSWER, asked()))).isEqualTo(ANSWER);
    }

    @Test
    void what_is_streamed_is_read_back_the_same() throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            var deltas = Streams.apart(ANSWER, new SplittableRandom(seed));
            var bytes = Streams.written(CODEC.streamWriter(asked()), deltas);
            var read = Streams.read(CODEC.streamReader(), Streams.events(bytes));

            assertThat(Streams.together(read, Dialect.GEMINI)).isEqualTo(ANSWER);
        }
    }

    @Test
    void a_client_that_does_not_ask_for_events_gets_a_list() throws Exception {
        var path = new InPath("m", true, false);
        var writer = CODEC.streamWriter(asked(), path, Dialect.GEMINI);
        var bytes = Streams.written(writer, Streams.apart(ANSWER, new SplittableRandom(4)));
        var elements = Json.parse(bytes);
        assertThat(elements.isArray()).isTrue();

        var reader = CODEC.streamReader();
        var deltas = new ArrayList<Delta>();
        for (var element : elements) {
            deltas.addAll(reader.read(new SseEvent("message", Json.write(element), "")));
        }
        reader.end();
        assertThat(Streams.together(deltas, Dialect.GEMINI)).isEqualTo(ANSWER);
    }

    @Test
    void an_error_in_the_midst_is_told_in_googles_shape_and_never_looks_clean() throws Exception {
        for (var path : List.of(PATH, new InPath("m", true, false))) {
            var writer = CODEC.streamWriter(asked(), path, Dialect.ANTHROPIC);
            writer.write(new Delta.Started("1", "m"));
            var said =
                    new String(
                            writer.error(
                                    GatewayError.of(GatewayError.Kind.OVERLOADED, "Too much.")),
                            UTF_8);

            assertThat(said).contains("\"status\":\"UNAVAILABLE\"").doesNotContain("finishReason");
            assertThat(writer.end()).isEmpty();
        }
        var reader = CODEC.streamReader();
        var deltas =
                reader.read(
                        new SseEvent(
                                "message",
                                "{\"error\":{\"code\":503,\"message\":\"The model is overloaded.\",\"status\":\"UNAVAILABLE\"}}",
                                ""));
        assertThat(((Delta.Broken) deltas.getFirst()).error().kind())
                .isEqualTo(ModelAnswer.Kind.OVERLOADED);
    }

    @Test
    void arguments_that_are_no_json_are_an_error_and_no_good_end() {
        var writer = CODEC.streamWriter(asked());
        writer.write(new Delta.Opened(0, Delta.Kind.TOOL_CALL, "c", "f"));
        writer.write(new Delta.Grown(0, "{\"a\":"));
        writer.write(new Delta.Closed(0));
        writer.write(new Delta.Ended(Stop.TOOL_USE, null));

        assertThat(new String(writer.end(), UTF_8)).contains("\"error\"");
    }

    @Test
    void a_stream_without_its_end_is_garbage() throws Exception {
        var deltas = Streams.apart(ANSWER, new SplittableRandom(3));
        var events = Streams.events(Streams.written(CODEC.streamWriter(asked()), deltas));
        for (int length = 0; length < events.size(); length++) {
            var reader = CODEC.streamReader();
            for (var event : events.subList(0, length)) {
                reader.read(event);
            }
            assertThatThrownBy(reader::end).isInstanceOf(Garbage.class);
        }
    }

    @Test
    void errors_of_google_are_understood() {
        var limited =
                error(
                        429,
                        """
                        [{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details.","status":"RESOURCE_EXHAUSTED",
                          "details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.5s"}]}}]\
                        """);
        assertThat(limited.kind()).isEqualTo(ModelAnswer.Kind.RATE_LIMITED);
        assertThat(limited.retryAfter()).isEqualTo(Duration.ofMillis(34_500));
        assertThat(limited.code()).isEqualTo("RESOURCE_EXHAUSTED");

        var key =
                error(
                        400,
                        """
                        {"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT",
                          "details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID"}]}}\
                        """);
        assertThat(key.kind()).isEqualTo(ModelAnswer.Kind.UNAUTHORIZED);

        var tooLong =
                error(
                        400,
                        """
                        {"error":{"code":400,"message":"The input token count (1193412) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}\
                        """);
        assertThat(tooLong.contextTooLong()).isTrue();
        assertThat(tooLong.kind()).isEqualTo(ModelAnswer.Kind.INVALID);
    }

    @Test
    void a_used_up_budget_is_told_as_googles_quota() {
        var error =
                new GatewayError(
                        GatewayError.Kind.BUDGET,
                        "Used up.",
                        Duration.ofSeconds(60),
                        false,
                        Map.of("scope", "team:growth"));
        var body = Json.parse(CODEC.writeError(error)).path("error");

        assertThat(body.path("code").asInt(0)).isEqualTo(429);
        assertThat(body.path("status").asString("")).isEqualTo("RESOURCE_EXHAUSTED");
        assertThat(body.path("details").findValuesAsString("@type"))
                .containsExactly(
                        "type.googleapis.com/google.rpc.ErrorInfo",
                        "type.googleapis.com/google.rpc.QuotaFailure",
                        "type.googleapis.com/google.rpc.RetryInfo");
    }

    private static ProviderError error(int status, String body) {
        return CODEC.readError(status, body.getBytes(UTF_8), name -> null);
    }

    private static ChatAnswer read(String body) throws Garbage {
        return CODEC.readAnswer(body.getBytes(UTF_8));
    }

    private static Facts asked() {
        try {
            return CODEC.facts("{\"contents\":[]}".getBytes(UTF_8), PATH);
        } catch (BadRequest e) {
            throw new AssertionError(e);
        }
    }
}
