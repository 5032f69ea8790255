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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BedrockTest {
    private static final Codec CODEC = Codec.of(Dialect.BEDROCK);

    @Test
    void a_whole_request_is_said_in_the_words_of_converse() throws Exception {
        var request =
                Codec.of(Dialect.OPENAI_RESPONSES)
                        .readRequest(
                                """
                                {"model":"anthropic.claude-sonnet-4-5-20250929-v1:0","instructions":"Be brief.",
                                 "input":[
                                   {"role":"user","content":[{"type":"input_text","text":"Look"},{"type":"input_image","image_url":"data:image/png;base64,AAAA"}]},
                                   {"role":"user","content":"now"},
                                   {"type":"function_call","call_id":"c1","name":"look","arguments":"{\\"at\\":1}"},
                                   {"type":"function_call_output","call_id":"c1","output":"a cat"}],
                                 "tools":[{"type":"function","name":"look","parameters":{"type":"object","properties":{}}}],
                                 "max_output_tokens":4000,"temperature":0.5,"reasoning":{"effort":"low"},
                                 "text":{"format":{"type":"json_schema","name":"cat","schema":{"type":"object"}}}}\
                                """
                                        .getBytes(UTF_8),
                                InPath.NOTHING);

        assertThat(Json.write(Json.parse(CODEC.writeRequest(request, false))))
                .isEqualTo(
                        Json.write(
                                Json.parse(
                                        """
                                        {"messages":[
                                           {"role":"user","content":[{"text":"Look"},{"image":{"format":"png","source":{"bytes":"AAAA"}}},{"text":"now"}]},
                                           {"role":"assistant","content":[{"toolUse":{"toolUseId":"c1","name":"look","input":{"at":1}}}]},
                                           {"role":"user","content":[{"toolResult":{"toolUseId":"c1","content":[{"text":"a cat"}]}}]}],
                                         "outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"schema":"{\\"type\\":\\"object\\"}","name":"cat"}}}},
                                         "toolConfig":{"tools":[{"toolSpec":{"name":"look","inputSchema":{"json":{"type":"object","properties":{}}}}}]},
                                         "system":[{"text":"Be brief."}],
                                         "inferenceConfig":{"maxTokens":4000,"temperature":0.5},
                                         "additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":2048}}}\
                                        """)));
    }

    @Test
    void a_whole_answer_is_read() throws Exception {
        var answer =
                CODEC.readAnswer(
                        """
                        {"output":{"message":{"role":"assistant","content":[
                           {"reasoningContent":{"reasoningText":{"text":"Hm.","signature":"s"}}},
                           {"reasoningContent":{"redactedContent":"eHg="}},
                           {"text":"A cat."},
                           {"toolUse":{"toolUseId":"t1","name":"look","input":{"at":1}}}]}},
                         "stopReason":"tool_use","usage":{"inputTokens":10,"outputTokens":5,"totalTokens":18,"cacheReadInputTokens":2,"cacheWriteInputTokens":1},"metrics":{"latencyMs":3}}\
                        """
                                .getBytes(UTF_8));

        assertThat(answer.pieces())
                .containsExactly(
                        new Piece.Thought("Hm.", null, "s", false, Dialect.BEDROCK),
                        new Piece.Thought("", null, "eHg=", true, Dialect.BEDROCK),
                        new Piece.Text("A cat."),
                        new Piece.ToolCall("t1", "look", Json.parse("{\"at\":1}"), null));
        assertThat(answer.usage()).isEqualTo(new Usage(10, 2, 1, 5, 0));
        assertThat(answer.stop()).isEqualTo(Stop.TOOL_USE);
    }

    @Test
    void a_stream_is_understood() throws Exception {
        var events =
                List.of(
                        event("messageStart", "{\"role\":\"assistant\"}"),
                        event(
                                "contentBlockDelta",
                                "{\"contentBlockIndex\":0,\"delta\":{\"reasoningContent\":{\"text\":\"Hm.\"}}}"),
                        event(
                                "contentBlockDelta",
                                "{\"contentBlockIndex\":0,\"delta\":{\"reasoningContent\":{\"signature\":\"s\"}}}"),
                        event("contentBlockStop", "{\"contentBlockIndex\":0}"),
                        event(
                                "contentBlockDelta",
                                "{\"contentBlockIndex\":1,\"delta\":{\"text\":\"A \"},\"p\":\"abc\"}"),
                        event(
                                "contentBlockDelta",
                                "{\"contentBlockIndex\":1,\"delta\":{\"text\":\"cat.\"}}"),
                        event("contentBlockStop", "{\"contentBlockIndex\":1}"),
                        event(
                                "contentBlockStart",
                                "{\"contentBlockIndex\":2,\"start\":{\"toolUse\":{\"toolUseId\":\"t\",\"name\":\"look\"}}}"),
                        event(
                                "contentBlockDelta",
                                "{\"contentBlockIndex\":2,\"delta\":{\"toolUse\":{\"input\":\"{\\\"a\\\":\"}}}"),
                        event(
                                "contentBlockDelta",
                                "{\"contentBlockIndex\":2,\"delta\":{\"toolUse\":{\"input\":\"1}\"}}}"),
                        event("contentBlockStop", "{\"contentBlockIndex\":2}"),
                        event("messageStop", "{\"stopReason\":\"tool_use\"}"),
                        event(
                                "metadata",
                                "{\"usage\":{\"inputTokens\":3,\"outputTokens\":4},\"metrics\":{}}"));
        var answer = Streams.together(Streams.read(CODEC.streamReader(), events), Dialect.BEDROCK);

        assertThat(answer.pieces())
                .containsExactly(
                        new Piece.Thought("Hm.", null, "s", false, Dialect.BEDROCK),
                        new Piece.Text("A cat."),
                        new Piece.ToolCall("t", "look", Json.parse("{\"a\":1}"), null));
        assertThat(answer.usage()).isEqualTo(new Usage(3, 0, 0, 4, 0));
        for (int length = 0; length < 12; length++) {
            var reader = CODEC.streamReader();
            for (var event : events.subList(0, length)) {
                reader.read(event);
            }
            if (length < 11) {
                assertThatThrownBy(reader::end).isInstanceOf(Garbage.class);
            }
        }
    }

    @Test
    void an_exception_in_the_stream_breaks_it_off() throws Exception {
        var reader = CODEC.streamReader();
        var deltas = new ArrayList<Delta>();
        deltas.addAll(reader.read(event("messageStart", "{}")));
        deltas.addAll(reader.read(event("throttlingException", "{\"message\":\"Slow down\"}")));

        assertThat(((Delta.Broken) deltas.getLast()).error().kind())
                .isEqualTo(ModelAnswer.Kind.RATE_LIMITED);
    }

    @Test
    void errors_are_known_by_their_header() {
        var error =
                CODEC.readError(
                        429,
                        "{\"message\":\"Too many tokens\"}".getBytes(UTF_8),
                        name ->
                                name.equals("x-amzn-errortype")
                                        ? "ThrottlingException:http://internal.amazon.com/"
                                        : null);

        assertThat(error.kind()).isEqualTo(ModelAnswer.Kind.RATE_LIMITED);
        assertThat(error.code()).isEqualTo("ThrottlingException");
        assertThat(
                        CODEC.readError(
                                        400,
                                        "{\"message\":\"Input is too long for requested model.\"}"
                                                .getBytes(UTF_8),
                                        name -> null)
                                .contextTooLong())
                .isTrue();
    }

    @Test
    void what_no_client_speaks_is_said_so() {
        assertThatThrownBy(() -> CODEC.facts(new byte[0], InPath.NOTHING))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("spoken to providers");
    }

    private static SseEvent event(String type, String data) {
        return new SseEvent(type, data, "");
    }
}
