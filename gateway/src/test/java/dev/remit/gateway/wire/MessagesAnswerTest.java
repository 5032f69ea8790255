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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MessagesAnswerTest {
    private static final Codec CODEC = Codec.of(Dialect.ANTHROPIC);
    private static final String WHOLE =
            """
            {"id":"msg_1","type":"message","role":"assistant","model":"claude-opus-4-6",
             "content":[{"type":"thinking","thinking":"Hm.","signature":"c2ln"},
               {"type":"redacted_thinking","data":"aGlkZGVu"},
               {"type":"text","text":"A cat.","citations":null},
               {"type":"server_tool_use","id":"srv","name":"web_search","input":{}},
               {"type":"tool_use","id":"toolu_1","name":"look","input":{"at":1}}],
             "stop_reason":"tool_use","stop_sequence":null,
             "usage":{"input_tokens":10,"cache_creation_input_tokens":100,"cache_read_input_tokens":64,
               "output_tokens":20,"service_tier":"standard",
               "cache_creation":{"ephemeral_5m_input_tokens":50,"ephemeral_1h_input_tokens":50}}}\
            """;
    static final String STREAM =
            """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-opus-4-6","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":0,"cache_read_input_tokens":64,"output_tokens":1}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

            event: ping
            data: {"type":"ping"}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm."}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: content_block_start
            data: {"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"aGlkZGVu"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":1}

            event: content_block_start
            data: {"type":"content_block_start","index":2,"content_block":{"type":"server_tool_use","id":"s","name":"web_search","input":{}}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{}"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":2}

            event: content_block_start
            data: {"type":"content_block_start","index":3,"content_block":{"type":"text","text":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":3,"delta":{"type":"text_delta","text":"A "}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":3,"delta":{"type":"text_delta","text":"cat."}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":3}

            event: content_block_start
            data: {"type":"content_block_start","index":4,"content_block":{"type":"tool_use","id":"toolu_1","name":"look","input":{}}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":4,"delta":{"type":"input_json_delta","partial_json":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":4,"delta":{"type":"input_json_delta","partial_json":"{\\"at\\":"}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":4,"delta":{"type":"input_json_delta","partial_json":"1}"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":4}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":20}}

            event: message_stop
            data: {"type":"message_stop"}

            """;
    private static final List<Piece> PIECES =
            List.of(
                    new Piece.Thought("Hm.", null, "c2ln", false, Dialect.ANTHROPIC),
                    new Piece.Thought("", null, "aGlkZGVu", true, Dialect.ANTHROPIC),
                    new Piece.Text("A cat."),
                    new Piece.ToolCall("toolu_1", "look", Json.parse("{\"at\":1}"), null));

    @Test
    void an_answer_is_read_and_an_hour_of_caching_is_weighed() throws Exception {
        var answer = read(WHOLE);

        assertThat(answer.pieces()).isEqualTo(PIECES);
        assertThat(answer.stop()).isEqualTo(Stop.TOOL_USE);
        assertThat(answer.serviceTier()).isEqualTo("standard");
        // 50 for minutes, and 50 for an hour at 1.6
        assertThat(answer.usage()).isEqualTo(new Usage(10, 64, 130, 20, 0));
    }

    @Test
    void a_stream_says_the_same_and_later_counts_stand() throws Exception {
        var deltas = Streams.read(CODEC.streamReader(), Streams.events(STREAM));
        var answer = Streams.together(deltas, Dialect.ANTHROPIC);

        assertThat(answer.id()).isEqualTo("msg_1");
        assertThat(answer.pieces()).isEqualTo(PIECES);
        assertThat(answer.stop()).isEqualTo(Stop.TOOL_USE);
        assertThat(answer.usage()).isEqualTo(new Usage(10, 64, 0, 20, 0));
    }

    @Test
    void a_stream_that_is_cut_anywhere_is_never_taken_for_whole() {
        var events = Streams.events(STREAM);
        for (int cut = 0; cut < events.size(); cut++) {
            var part = events.subList(0, cut);
            assertThatThrownBy(() -> Streams.read(CODEC.streamReader(), part))
                    .isInstanceOf(Garbage.class);
        }
    }

    @Test
    void a_stream_that_loses_an_event_is_garbage_or_still_in_order() throws Exception {
        var events = Streams.events(STREAM);
        for (int lost = 0; lost < events.size(); lost++) {
            var rest = new java.util.ArrayList<>(events);
            rest.remove(lost);
            try {
                Streams.together(Streams.read(CODEC.streamReader(), rest), Dialect.ANTHROPIC);
            } catch (Garbage e) {
                assertThat(e.why()).isNotBlank();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"x\"}}",
                "{\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}",
                "{\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":\"x\"}],\"stop_reason\":\"tool_use\"}"
            })
    void what_is_no_whole_answer_is_garbage(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(Garbage.class);
    }

    @ParameterizedTest
    @CsvSource({
        "end_turn,END",
        "max_tokens,MAX_TOKENS",
        "stop_sequence,STOP_SEQUENCE",
        "tool_use,TOOL_USE",
        "pause_turn,PAUSED",
        "refusal,REFUSED",
        "model_context_window_exceeded,MAX_TOKENS"
    })
    void every_reason_is_understood_and_said_again(String word, Stop stop) throws Exception {
        var read =
                read(
                        WHOLE.replace(
                                "\"stop_reason\":\"tool_use\"",
                                "\"stop_reason\":\"" + word + "\""));
        assertThat(read.stop()).isEqualTo(stop);
        if (!word.startsWith("model_")) {
            assertThat(written(read)).contains("\"stop_reason\":\"" + word + "\"");
        }
    }

    private static String written(ChatAnswer answer) throws BadRequest {
        return new String(CODEC.writeAnswer(answer, asked()), UTF_8);
    }

    @Test
    void the_answer_that_a_tool_gave_is_a_text_again() throws Exception {
        var whole =
                read(
                        """
                        {"content":[{"type":"tool_use","id":"t","name":"remit_answer","input":{"n":3}}],
                         "stop_reason":"tool_use"}\
                        """);
        assertThat(whole.pieces()).containsExactly(new Piece.Text("{\"n\":3}"));
        assertThat(whole.stop()).isEqualTo(Stop.END);
        var deltas =
                Streams.read(
                        CODEC.streamReader(),
                        Streams.events(
                                STREAM.replace("\"name\":\"look\"", "\"name\":\"remit_answer\"")));
        var streamed = Streams.together(deltas, Dialect.ANTHROPIC);
        assertThat(streamed.pieces().getLast()).isEqualTo(new Piece.Text("{\"at\":1}"));
        assertThat(streamed.stop()).isEqualTo(Stop.END);
    }

    // ---- to clients

    @Test
    void a_stream_is_written_in_the_vendors_order_of_events() throws Exception {
        var deltas = Streams.read(CODEC.streamReader(), Streams.events(STREAM));
        var writer = CODEC.streamWriter(asked());
        var said = new String(Streams.written(writer, deltas), UTF_8);
        // what Anthropic's own tools did is not said, nor are empty pieces
        var expected =
                STREAM.replaceAll(
                                "(?s)event: content_block_start\ndata: [^\n]*server_tool_use.*?(?=event: content_block_start\ndata: [^\n]*\"index\":3)",
                                "")
                        .replaceAll(
                                "event: content_block_delta\n[^\n]*\"partial_json\":\"\"[^\n]*\n\n",
                                "")
                        .replace("\"index\":3", "\"index\":2")
                        .replace("\"index\":4", "\"index\":3")
                        .replace("event: ping\ndata: {\"type\":\"ping\"}\n\n", "");
        var events = Streams.events(said);
        assertThat(events.get(1).type()).isEqualTo("ping");
        var rest = new java.util.ArrayList<>(events);
        rest.remove(1);
        var wanted = Streams.events(expected);
        assertThat(rest).hasSameSizeAs(wanted);
        for (int i = 0; i < wanted.size(); i++) {
            var got = Json.parse(rest.get(i).data());
            var want = Json.parse(wanted.get(i).data());
            assertThat(rest.get(i).type()).isEqualTo(wanted.get(i).type());
            assertThat(got.path("type")).isEqualTo(want.path("type"));
            assertThat(got.path("index")).isEqualTo(want.path("index"));
            assertThat(got.path("delta")).isEqualTo(want.path("delta"));
            assertThat(got.path("content_block")).isEqualTo(want.path("content_block"));
        }
        assertThat(rest.get(rest.size() - 2).data())
                .contains(
                        "\"usage\":{\"input_tokens\":10,\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":64,\"output_tokens\":20}");
    }

    @Test
    void blocks_come_one_after_the_other_even_if_pieces_interleave() throws Exception {
        var deltas =
                List.<Delta>of(
                        new Delta.Started("x", "m"),
                        new Delta.Opened(0, Delta.Kind.TOOL_CALL, "a", "f"),
                        new Delta.Opened(1, Delta.Kind.TOOL_CALL, "b", "g"),
                        new Delta.Opened(2, Delta.Kind.TEXT, null, null),
                        new Delta.Grown(1, "{\"b\":"),
                        new Delta.Grown(0, "{\"a\":1}"),
                        new Delta.Grown(2, "t"),
                        new Delta.Grown(1, "2}"),
                        new Delta.Closed(1),
                        new Delta.Closed(0),
                        new Delta.Grown(2, "u"),
                        new Delta.Ended(Stop.TOOL_USE, null));
        var said = Streams.written(CODEC.streamWriter(asked()), deltas);
        var events = Streams.events(said);
        int open = 0;
        int next = 0;
        for (var event : events) {
            var data = Json.parse(event.data());
            switch (event.type()) {
                case "content_block_start" -> {
                    assertThat(open++).isZero();
                    assertThat(data.path("index").asInt(-1)).isEqualTo(next);
                }
                case "content_block_stop" -> {
                    open--;
                    assertThat(data.path("index").asInt(-1)).isEqualTo(next++);
                }
                default -> {}
            }
        }
        var answer =
                Streams.together(Streams.read(CODEC.streamReader(), events), Dialect.ANTHROPIC);
        assertThat(answer.pieces())
                .containsExactly(
                        new Piece.ToolCall("a", "f", Json.parse("{\"a\":1}"), null),
                        new Piece.ToolCall("b", "g", Json.parse("{\"b\":2}"), null),
                        new Piece.Text("tu"));
    }

    @Test
    void an_error_in_a_stream_is_an_event_of_its_own_and_the_last() throws Exception {
        var writer = CODEC.streamWriter(asked());
        writer.write(new Delta.Started("1", "m"));
        var error = new String(writer.error(GatewayError.of(Kind.OVERLOADED, "lost")), UTF_8);

        assertThat(error)
                .isEqualTo(
                        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"lost\"}}\n\n");
        assertThat(writer.end()).isEmpty();
        var reader = CODEC.streamReader();
        assertThat(reader.read(Streams.events(error).getFirst()))
                .singleElement()
                .isInstanceOfSatisfying(
                        Delta.Broken.class,
                        broken ->
                                assertThat(broken.error().kind())
                                        .isEqualTo(ModelAnswer.Kind.OVERLOADED));
        assertThatThrownBy(reader::end).isInstanceOf(Garbage.class);
    }

    @Test
    void a_used_up_budget_is_a_matter_of_billing_that_nobody_tries_again() {
        var error = new GatewayError(Kind.BUDGET, "used up", null, false, Map.of("limit", "20"));

        assertThat(CODEC.status(error)).isEqualTo(402);
        assertThat(Json.parse(CODEC.writeError(error)))
                .isEqualTo(
                        Json.parse(
                                "{\"type\":\"error\",\"error\":{\"type\":\"billing_error\",\"message\":\"used up\",\"details\":{\"limit\":\"20\"}}}"));
        assertThat(CODEC.errorHeaders(error)).containsEntry("x-should-retry", "false");
        assertThat(CODEC.status(GatewayError.of(Kind.OVERLOADED, "x"))).isEqualTo(529);
    }

    @Test
    void a_providers_error_is_understood() {
        var tooLong =
                CODEC.readError(
                        400,
                        "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"prompt is too long: 9 tokens > 8 maximum\"}}"
                                .getBytes(UTF_8),
                        name -> null);
        assertThat(tooLong.contextTooLong()).isTrue();
        assertThat(tooLong.code()).isEqualTo("invalid_request_error");
        var poor =
                CODEC.readError(
                        400,
                        "{\"error\":{\"type\":\"invalid_request_error\",\"message\":\"Your credit balance is too low\"}}"
                                .getBytes(UTF_8),
                        name -> null);
        assertThat(poor.kind()).isEqualTo(ModelAnswer.Kind.UNAUTHORIZED);
        assertThat(CODEC.readError(529, new byte[0], name -> null).kind())
                .isEqualTo(ModelAnswer.Kind.OVERLOADED);
    }

    private static ChatAnswer read(String body) throws Garbage {
        return CODEC.readAnswer(body.getBytes(UTF_8));
    }

    private static Facts asked() throws BadRequest {
        var body =
                "{\"model\":\"fast\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        return CODEC.facts(body.getBytes(UTF_8), InPath.NOTHING);
    }
}
