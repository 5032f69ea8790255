package dev.remit.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.json.Json;
import dev.remit.core.model.ModelAnswer;
import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.ChatAnswer.Stop;
import dev.remit.http.client.SseEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ResponsesAnswerTest {
    private static final Codec CODEC =
            new ResponsesCodec(InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000)));
    private static final Facts ASKED = asked();
    private static final ChatAnswer ANSWER =
            new ChatAnswer(
                    "resp_7",
                    "gpt-5.4",
                    List.of(
                            new Piece.Thought(
                                    "Hm.", "rs_7", "sealed", false, Dialect.OPENAI_RESPONSES),
                            new Piece.Text("A cat 🐈."),
                            new Piece.ToolCall("call_1", "look", Json.parse("{\"at\":1}"), null)),
                    Stop.TOOL_USE,
                    null,
                    null,
                    new Usage(80, 20, 0, 50, 30));

    @Test
    void a_whole_answer_is_read() throws Exception {
        var answer =
                CODEC.readAnswer(
                        """
                        {"id":"resp_1","object":"response","status":"completed","model":"gpt-5.4-2026","service_tier":"default",
                         "output":[
                           {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"One."},{"type":"summary_text","text":"Two."}],"encrypted_content":"e"},
                           {"type":"web_search_call","id":"ws_1","status":"completed"},
                           {"type":"message","id":"msg_1","role":"assistant","content":[{"type":"output_text","text":"Yes","annotations":[]}]}],
                         "usage":{"input_tokens":100,"input_tokens_details":{"cached_tokens":60},
                                  "output_tokens":40,"output_tokens_details":{"reasoning_tokens":30},"total_tokens":140},"new_field":{}}\
                        """
                                .getBytes(UTF_8));

        assertThat(answer.pieces())
                .containsExactly(
                        new Piece.Thought(
                                "One.\n\nTwo.", "rs_1", "e", false, Dialect.OPENAI_RESPONSES),
                        new Piece.Text("Yes"));
        assertThat(answer.usage()).isEqualTo(new Usage(40, 60, 0, 40, 30));
        assertThat(answer.stop()).isEqualTo(Stop.END);
        assertThat(answer.serviceTier()).isEqualTo("default");
    }

    @Test
    void an_answer_that_is_not_whole_is_garbage() {
        for (var body :
                List.of(
                        "",
                        "[]",
                        "{}",
                        "{\"output\":[],\"status\":\"failed\"}",
                        "{\"output\":[],\"status\":\"in_progress\"}",
                        "{\"status\":\"completed\",\"output\":[{\"type\":\"function_call\",\"name\":\"f\",\"arguments\":\"{\"}]}")) {
            assertThatThrownBy(() -> CODEC.readAnswer(body.getBytes(UTF_8)))
                    .isInstanceOf(Garbage.class);
        }
    }

    @Test
    void the_cap_and_the_filter_make_an_answer_incomplete() throws Exception {
        for (var stop : List.of(Stop.MAX_TOKENS, Stop.REFUSED)) {
            var cut =
                    new ChatAnswer(
                            "resp_1",
                            "m",
                            List.of(new Piece.Text("A")),
                            stop,
                            null,
                            null,
                            Usage.NONE);
            assertThat(CODEC.readAnswer(CODEC.writeAnswer(cut, ASKED)).stop()).isEqualTo(stop);
        }
    }

    @Test
    void what_is_written_is_read_back_the_same() throws Exception {
        assertThat(CODEC.readAnswer(CODEC.writeAnswer(ANSWER, ASKED))).isEqualTo(ANSWER);
    }

    @Test
    void what_is_streamed_is_read_back_the_same() throws Exception {
        var random = new SplittableRandom(1);
        var bytes = Streams.written(CODEC.streamWriter(ASKED), Streams.apart(ANSWER, random));
        var deltas = Streams.read(CODEC.streamReader(), Streams.events(bytes));

        assertThat(Streams.together(deltas, Dialect.OPENAI_RESPONSES)).isEqualTo(ANSWER);
    }

    /// As the `openai` package accumulates a stream: items, then parts, then deltas by place.
    @Test
    void clients_that_put_the_events_together_have_the_answer_before_it_is_repeated()
            throws Exception {
        var deltas = Streams.apart(ANSWER, new SplittableRandom(2));
        var events = Streams.events(Streams.written(CODEC.streamWriter(ASKED), deltas));
        var texts = new HashMap<String, String>();
        var arguments = new HashMap<Integer, String>();
        var items = new ArrayList<String>();
        int sequence = 0;
        for (var event : events) {
            var data = Json.parse(event.data());
            assertThat(data.path("type").asString("")).isEqualTo(event.type());
            assertThat(data.path("sequence_number").asInt(-1)).isEqualTo(sequence++);
            var place = data.path("output_index").asInt(-1);
            switch (event.type()) {
                case "response.output_item.added" -> {
                    assertThat(place).isEqualTo(items.size());
                    items.add(data.path("item").path("id").asString(""));
                }
                case "response.content_part.added" ->
                        texts.put(place + "/" + data.path("content_index").asInt(-1), "");
                case "response.output_text.delta" -> {
                    assertThat(data.path("item_id").asString("")).isEqualTo(items.get(place));
                    texts.merge(
                            place + "/" + data.path("content_index").asInt(-1),
                            data.path("delta").asString(""),
                            String::concat);
                }
                case "response.function_call_arguments.delta" ->
                        arguments.merge(place, data.path("delta").asString(""), String::concat);
                default -> {}
            }
        }
        assertThat(events.getFirst().type()).isEqualTo("response.created");
        assertThat(texts).isEqualTo(Map.of("1/0", "A cat 🐈."));
        assertThat(arguments).isEqualTo(Map.of(2, "{\"at\":1}"));
        var last = Json.parse(events.getLast().data()).path("response");
        assertThat(events.getLast().type()).isEqualTo("response.completed");
        assertThat(last).isEqualTo(Json.parse(CODEC.writeAnswer(ANSWER, ASKED)));
    }

    @Test
    void a_stream_as_openai_sends_it_is_understood() throws Exception {
        var events =
                Streams.events(
                        """
                        event: response.created
                        data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","model":"gpt","status":"in_progress","output":[]}}

                        data: {"type":"response.output_item.added","output_index":0,"item":{"type":"reasoning","id":"rs_1","summary":[]}}

                        data: {"type":"response.reasoning_summary_part.added","item_id":"rs_1","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":""}}

                        data: {"type":"response.reasoning_summary_text.delta","item_id":"rs_1","output_index":0,"summary_index":0,"delta":"One"}

                        data: {"type":"response.reasoning_summary_part.added","item_id":"rs_1","output_index":0,"summary_index":1,"part":{"type":"summary_text","text":""}}

                        data: {"type":"response.reasoning_summary_text.delta","item_id":"rs_1","output_index":0,"summary_index":1,"delta":"Two"}

                        data: {"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"e"}}

                        data: {"type":"response.output_item.added","output_index":1,"item":{"type":"message","id":"msg_1","content":[]}}

                        data: {"type":"response.content_part.added","item_id":"msg_1","output_index":1,"content_index":0,"part":{"type":"output_text","text":""}}

                        data: {"type":"response.output_text.delta","item_id":"msg_1","output_index":1,"content_index":0,"delta":"He","obfuscation":"xx"}

                        data: {"type":"response.something.new","output_index":1}

                        data: {"type":"response.output_text.delta","item_id":"msg_1","output_index":1,"content_index":0,"delta":"llo"}

                        data: {"type":"response.output_text.done","item_id":"msg_1","output_index":1,"content_index":0,"text":"Hello"}

                        data: {"type":"response.content_part.done","item_id":"msg_1","output_index":1,"content_index":0,"part":{"type":"output_text","text":"Hello"}}

                        data: {"type":"response.output_item.done","output_index":1,"item":{"type":"message","content":[{"type":"output_text","text":"Hello"}]}}

                        data: {"type":"response.output_item.added","output_index":2,"item":{"type":"function_call","call_id":"c","name":"f","arguments":""}}

                        data: {"type":"response.function_call_arguments.delta","output_index":2,"delta":"{\\"a\\":"}

                        data: {"type":"response.function_call_arguments.delta","output_index":2,"delta":"1}"}

                        data: {"type":"response.function_call_arguments.done","output_index":2,"arguments":"{\\"a\\":1}"}

                        data: {"type":"response.output_item.done","output_index":2,"item":{"type":"function_call","call_id":"c","name":"f","arguments":"{\\"a\\":1}"}}

                        data: {"type":"response.completed","response":{"id":"resp_1","status":"completed","usage":{"input_tokens":9,"output_tokens":3,"total_tokens":12}}}

                        """);
        var answer =
                Streams.together(
                        Streams.read(CODEC.streamReader(), events), Dialect.OPENAI_RESPONSES);

        assertThat(answer.pieces())
                .containsExactly(
                        new Piece.Thought(
                                "One\n\nTwo", "rs_1", "e", false, Dialect.OPENAI_RESPONSES),
                        new Piece.Text("Hello"),
                        new Piece.ToolCall("c", "f", Json.parse("{\"a\":1}"), null));
        assertThat(answer.stop()).isEqualTo(Stop.TOOL_USE);
        assertThat(answer.usage()).isEqualTo(new Usage(9, 0, 0, 3, 0));
    }

    @Test
    void a_stream_without_its_end_is_garbage() throws Exception {
        var deltas = Streams.apart(ANSWER, new SplittableRandom(3));
        var events = Streams.events(Streams.written(CODEC.streamWriter(ASKED), deltas));
        for (int length = 0; length < events.size(); length++) {
            var reader = CODEC.streamReader();
            for (var event : events.subList(0, length)) {
                reader.read(event);
            }
            assertThatThrownBy(reader::end).isInstanceOf(Garbage.class);
        }
    }

    @Test
    void an_error_in_the_midst_ends_the_stream_and_never_looks_clean() throws Exception {
        var writer = CODEC.streamWriter(ASKED);
        writer.write(new Delta.Started("1", "m"));
        var events =
                Streams.events(
                        writer.error(
                                GatewayError.of(GatewayError.Kind.UPSTREAM, "The model broke.")));

        assertThat(events).extracting(SseEvent::type).containsExactly("error", "response.failed");
        var error = Json.parse(events.getFirst().data());
        assertThat(error.path("message").asString("")).isEqualTo("The model broke.");
        assertThat(error.path("error").path("code").asString("")).isEqualTo("server_error");
        assertThat(writer.end()).isEmpty();
        assertThat(broken(events).kind()).isEqualTo(ModelAnswer.Kind.UNAVAILABLE);
    }

    @Test
    void a_provider_that_broke_off_is_not_told_as_a_good_end() {
        var writer = CODEC.streamWriter(ASKED);
        writer.write(new Delta.Started("1", "m"));
        writer.write(
                new Delta.Broken(
                        new ProviderError(
                                ModelAnswer.Kind.OVERLOADED, 200, "Too much.", "", null, false)));

        assertThat(new String(writer.end(), UTF_8))
                .contains("event: error", "response.failed")
                .doesNotContain("response.completed");
    }

    @Test
    void a_failed_response_says_why() throws Exception {
        var error =
                broken(
                        Streams.events(
                                """
                                data: {"type":"response.failed","response":{"status":"failed","error":{"code":"rate_limit_exceeded","message":"Slow down"}}}

                                """));

        assertThat(error.kind()).isEqualTo(ModelAnswer.Kind.RATE_LIMITED);
        assertThat(error.message()).isEqualTo("Slow down");
    }

    @Test
    void errors_are_told_as_openai_does() {
        var error =
                new GatewayError(
                        GatewayError.Kind.BUDGET,
                        "The budget is used up.",
                        Duration.ofMillis(1500),
                        false,
                        Map.of("limit", "5 USD"));
        var body = Json.parse(CODEC.writeError(error));

        assertThat(body.at("/error/code").asString("")).isEqualTo("insufficient_quota");
        assertThat(body.at("/error/details/limit").asString("")).isEqualTo("5 USD");
        assertThat(CODEC.errorHeaders(error))
                .containsEntry("x-should-retry", "false")
                .containsEntry("retry-after", "2");
    }

    private static ProviderError broken(List<SseEvent> events) throws Garbage {
        var deltas = Streams.read(CODEC.streamReader(), events);
        return deltas.stream()
                .filter(Delta.Broken.class::isInstance)
                .map(d -> ((Delta.Broken) d).error())
                .findFirst()
                .orElseThrow();
    }

    private static Facts asked() {
        try {
            return CODEC.facts(
                    "{\"model\":\"m\",\"input\":\"x\"}".getBytes(UTF_8), Codec.InPath.NOTHING);
        } catch (BadRequest e) {
            throw new AssertionError(e);
        }
    }
}
