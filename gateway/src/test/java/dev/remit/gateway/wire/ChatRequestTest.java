package dev.remit.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.json.Json;
import dev.remit.gateway.wire.ChatRequest.Output;
import dev.remit.gateway.wire.ChatRequest.Role;
import dev.remit.gateway.wire.ChatRequest.Sampling;
import dev.remit.gateway.wire.ChatRequest.Thinking;
import dev.remit.gateway.wire.ChatRequest.ToolChoice;
import dev.remit.gateway.wire.ChatRequest.ToolSpec;
import dev.remit.gateway.wire.ChatRequest.Turn;
import dev.remit.gateway.wire.Codec.InPath;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChatRequestTest {
    private static final Codec CODEC = Codec.of(Dialect.OPENAI_CHAT);
    private static final String WHOLE =
            """
            {"model":"capable","messages":[
               {"role":"developer","content":"Be brief."},
               {"role":"user","content":[
                 {"type":"text","text":"What is here?","cache_control":{"type":"ephemeral"}},
                 {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"low"}},
                 {"type":"image_url","image_url":{"url":"https://example.com/cat.png"}},
                 {"type":"input_audio","input_audio":{"data":"CCCC","format":"wav"}},
                 {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,BBBB"}}]},
               {"role":"assistant","content":null,"tool_calls":[
                 {"id":"call_1","type":"function","function":{"name":"look","arguments":"{\\"at\\":1}"}},
                 {"id":"call_2","type":"function","function":{"name":"hear","arguments":""}}]},
               {"role":"tool","tool_call_id":"call_1","content":"a cat"},
               {"role":"tool","tool_call_id":"call_2","content":[{"type":"text","text":"a purr"}]},
               {"role":"assistant","content":"A cat.","refusal":null},
               {"role":"user","content":"More."}],
             "tools":[{"type":"function","function":{"name":"look","description":"Look.","strict":true,
                "parameters":{"type":"object","properties":{"at":{"type":"integer"}}}}}],
             "tool_choice":{"type":"function","function":{"name":"look"}},
             "parallel_tool_calls":false,"max_completion_tokens":300,"temperature":0.5,"top_p":0.9,
             "presence_penalty":0.1,"frequency_penalty":-0.1,"seed":7,"stop":["END"],
             "reasoning_effort":"low",
             "response_format":{"type":"json_schema","json_schema":{"name":"cat","strict":true,
                "schema":{"type":"object"}}},
             "stream":true,"stream_options":{"include_usage":true},"service_tier":"flex",
             "metadata":{"ticket":"7"},"user":"u-1"}\
            """;

    @Test
    void what_must_be_known_is_found_in_one_pass() throws Exception {
        var facts = facts(WHOLE);

        assertThat(facts.model()).isEqualTo("capable");
        assertThat(facts.stream()).isTrue();
        assertThat(facts.usageInStream()).isTrue();
        assertThat(facts.maxOutput()).isEqualTo(300);
        assertThat(facts.answers()).isEqualTo(1);
        assertThat(facts.turns()).isEqualTo(7);
        assertThat(facts.tools()).isEqualTo(1);
        assertThat(facts.media().count()).isEqualTo(4);
        assertThat(facts.structured()).isTrue();
        assertThat(facts.serviceTier()).isEqualTo("flex");
        assertThat(facts.bounded()).isTrue();
        assertThat(facts.user()).isEqualTo("u-1");
        assertThat(facts.metadata()).isEqualTo(Map.of("ticket", "7"));
        assertThat(facts.bytes()).isEqualTo(WHOLE.getBytes(UTF_8).length);
    }

    @Test
    void the_prefix_is_the_same_while_a_conversation_goes_on() throws Exception {
        var tools = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a\"}}]";
        var start = "{\"role\":\"system\",\"content\":\"S\"},{\"role\":\"user\",\"content\":\"Q\"}";
        var more =
                ",{\"role\":\"assistant\",\"content\":\"A\"},{\"role\":\"user\",\"content\":\"R\"}";
        var first = facts("{\"model\":\"m\"," + tools + ",\"messages\":[" + start + "]}").prefix();

        assertThat(
                        facts("{\"messages\":[" + start + more + "]," + tools + ",\"model\":\"m\"}")
                                .prefix())
                .isEqualTo(first);
        assertThat(facts("{\"model\":\"m\",\"messages\":[" + start + "]}").prefix())
                .isNotEqualTo(first);
        assertThat(
                        facts(
                                        "{\"model\":\"m\","
                                                + tools
                                                + ",\"messages\":["
                                                + start.replace("Q", "P")
                                                + "]}")
                                .prefix())
                .isNotEqualTo(first);
    }

    @Test
    void of_two_caps_the_larger_bounds_the_answer() throws Exception {
        assertThat(facts(asking("\"max_tokens\":5,\"max_completion_tokens\":9")).maxOutput())
                .isEqualTo(9);
        assertThat(facts(asking("\"max_tokens\":null")).maxOutput()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{\"file_id\":\"f\"}}]}]",
                "\"messages\":[{\"role\":\"assistant\",\"audio\":{\"id\":\"a\"}}]",
                "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"web_search_options\":{}"
            })
    void what_the_vendor_keeps_or_finds_has_no_bound(String rest) throws Exception {
        assertThat(facts("{\"model\":\"m\"," + rest + "}").bounded()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"model\":\"m\"}",
                "{\"model\":\"m\",\"messages\":[]}",
                "{\"model\":\"m\",\"messages\":{}}",
                "{\"model\":\"m\",\"messages\":[1]}",
                "{\"model\":7,\"messages\":[{}]}",
                "{\"model\":\"m\",\"messages\":[{}],\"max_tokens\":0}",
                "{\"model\":\"m\",\"messages\":[{}],\"max_tokens\":-1}",
                "{\"model\":\"m\",\"messages\":[{}],\"max_tokens\":1.5}",
                "{\"model\":\"m\",\"messages\":[{}],\"max_tokens\":99999999999}",
                "{\"model\":\"m\",\"messages\":[{}],\"n\":0}",
                "{\"model\":\"m\",\"messages\":[{}],\"n\":100000}",
                "{\"model\":\"m\",\"messages\":[{}],\"stream\":\"yes\"}",
                "{\"model\":\"m\",\"model\":\"n\",\"messages\":[{}]}",
                "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{}],\"max_tokens\":9}",
                "{\"model\":\"m\",\"messages\":[{}],\"stream_options\":{\"include_usage\":true,\"include_usage\":false}}"
            })
    void what_is_no_request_is_refused(String body) {
        assertThatThrownBy(() -> facts(body)).isInstanceOf(BadRequest.class);
    }

    // ---- changes

    @Test
    void a_change_touches_nothing_else() throws Exception {
        assertThat(splice(WHOLE, new Changes("gpt-5", 99, true, true)))
                .isEqualTo(
                        WHOLE.replace("\"capable\"", "\"gpt-5\"")
                                .replace("_tokens\":300", "_tokens\":99"));
        var odd = " { \"messages\" : [ {} ] ,\t\"model\":\"\\u0061\" , \"x\" : 1e5 }\n";
        assertThat(splice(odd, new Changes("b\"c", null, true, true)))
                .isEqualTo(odd.replace("\"\\u0061\"", "\"b\\\"c\""));
    }

    @Test
    void a_cap_is_set_under_the_name_that_the_client_or_else_the_provider_uses() throws Exception {
        assertThat(splice(asking("\"max_tokens\":5"), new Changes("m", 3, true, false)))
                .isEqualTo(asking("\"max_tokens\":3"));
        assertThat(splice(asking("\"max_tokens\":null"), new Changes("m", 3, false, false)))
                .isEqualTo(asking("\"max_tokens\":3"));
        assertThat(splice(asking("\"n\":1"), new Changes("m", 3, true, false)))
                .isEqualTo("{\"max_completion_tokens\":3," + asking("\"n\":1").substring(1));
        assertThat(splice(asking("\"n\":1"), new Changes("m", 3, false, false)))
                .isEqualTo("{\"max_tokens\":3," + asking("\"n\":1").substring(1));
    }

    @Test
    void usage_is_asked_of_streams_alone() throws Exception {
        var ask = new Changes("m", null, true, true);
        var yes = "\"stream\":true,\"stream_options\":{\"include_usage\":true}";
        assertThat(splice(asking("\"stream\":true"), ask))
                .isEqualTo(
                        "{\"stream_options\":{\"include_usage\":true},"
                                + asking("\"stream\":true").substring(1));
        for (var options :
                List.of("null", "{}", "{\"include_usage\":false}", "{\"include_usage\":null}")) {
            assertThat(splice(asking("\"stream\":true,\"stream_options\":" + options), ask))
                    .isEqualTo(asking(yes));
        }
        assertThat(splice(asking("\"stream\":true,\"stream_options\":{\"x\":1}"), ask))
                .isEqualTo(
                        asking(
                                "\"stream\":true,\"stream_options\":{\"include_usage\":true,\"x\":1}"));
        assertThat(splice(asking("\"stream\":false"), ask)).isEqualTo(asking("\"stream\":false"));
        assertThat(splice(asking("\"n\":1"), ask)).isEqualTo(asking("\"n\":1"));
    }

    @Test
    void what_remit_put_into_answers_of_other_vendors_is_taken_out_again() throws Exception {
        var thought = new Piece.Thought("Hm.", null, "sig", false, Dialect.ANTHROPIC);
        var call = new Piece.ToolCall("c", "t", Json.object(), "gemini");
        var answer =
                new ChatAnswer(
                        "i",
                        "m",
                        List.of(thought, call),
                        ChatAnswer.Stop.TOOL_USE,
                        null,
                        null,
                        dev.remit.core.money.Usage.NONE);
        var said =
                Json.write(
                        Json.parse(CODEC.writeAnswer(answer, facts(WHOLE)))
                                .at("/choices/0/message"));
        var body =
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"},"
                        + said
                        + "]}";
        var spliced = Json.parse(splice(body, new Changes("n", null, true, false)));

        assertThat(spliced.at("/messages/1"))
                .isEqualTo(
                        Json.parse(
                                """
                                {"role":"assistant","content":null,"refusal":null,"tool_calls":[
                                 {"id":"c","type":"function","function":{"name":"t","arguments":"{}"}}]}\
                                """));
    }

    // ---- meaning

    @Test
    void a_request_is_read_with_all_that_it_says() throws Exception {
        var request = CODEC.readRequest(WHOLE.getBytes(UTF_8), InPath.NOTHING);

        assertThat(request.turns())
                .containsExactly(
                        new Turn(Role.SYSTEM, List.of(new Piece.Text("Be brief."))),
                        new Turn(
                                Role.USER,
                                List.of(
                                        new Piece.Text("What is here?", true),
                                        new Piece.Media("image/png", "AAAA", null, "low", null),
                                        new Piece.Media(
                                                null,
                                                null,
                                                "https://example.com/cat.png",
                                                null,
                                                null),
                                        new Piece.Media("audio/wav", "CCCC", null, null, null),
                                        new Piece.Media(
                                                "application/pdf", "BBBB", null, null, "a.pdf"))),
                        new Turn(
                                Role.ASSISTANT,
                                List.of(
                                        new Piece.ToolCall(
                                                "call_1", "look", Json.parse("{\"at\":1}"), null),
                                        new Piece.ToolCall("call_2", "hear", Json.object(), null))),
                        new Turn(
                                Role.USER,
                                List.of(
                                        new Piece.ToolResult(
                                                "call_1",
                                                "look",
                                                List.of(new Piece.Text("a cat")),
                                                false))),
                        new Turn(
                                Role.USER,
                                List.of(
                                        new Piece.ToolResult(
                                                "call_2",
                                                "hear",
                                                List.of(new Piece.Text("a purr")),
                                                false))),
                        new Turn(Role.ASSISTANT, List.of(new Piece.Text("A cat."))),
                        new Turn(Role.USER, List.of(new Piece.Text("More."))));
        assertThat(request.tools())
                .containsExactly(
                        new ToolSpec(
                                "look",
                                "Look.",
                                Json.parse(
                                        "{\"type\":\"object\",\"properties\":{\"at\":{\"type\":\"integer\"}}}"),
                                true,
                                false));
        assertThat(request.toolChoice()).isEqualTo(new ToolChoice.Named("look"));
        assertThat(request.parallelTools()).isFalse();
        assertThat(request.sampling())
                .isEqualTo(new Sampling(0.5, 0.9, null, 0.1, -0.1, 7L, List.of("END")));
        assertThat(request.maxOutput()).isEqualTo(300);
        assertThat(request.output())
                .isEqualTo(
                        new Output.Schema("cat", null, Json.parse("{\"type\":\"object\"}"), true));
        assertThat(request.thinking()).isEqualTo(new Thinking("low", null, null));
        assertThat(request.stream()).isTrue();
        assertThat(request.user()).isEqualTo("u-1");
    }

    @Test
    void every_choice_of_tools_is_understood() throws Exception {
        assertThat(read("\"tool_choice\":\"auto\"").toolChoice()).isEqualTo(new ToolChoice.Auto());
        assertThat(read("\"tool_choice\":\"none\"").toolChoice()).isEqualTo(new ToolChoice.None());
        assertThat(read("\"tool_choice\":\"required\"").toolChoice())
                .isEqualTo(new ToolChoice.Required());
        var allowed =
                read(
                        """
                        "tools":[{"type":"function","function":{"name":"a"}},{"type":"function","function":{"name":"b"}}],
                        "tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required",
                           "tools":[{"type":"function","function":{"name":"b"}}]}}\
                        """);
        assertThat(allowed.toolChoice()).isEqualTo(new ToolChoice.Required());
        assertThat(allowed.tools()).extracting(ToolSpec::name).containsExactly("b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"x\"}}]",
                "\"functions\":[]",
                "\"web_search_options\":{}",
                "\"audio\":{\"voice\":\"x\"}",
                "\"tool_choice\":\"maybe\"",
                "\"response_format\":{\"type\":\"grammar\"}",
                "\"temperature\":\"hot\""
            })
    void what_cannot_be_translated_is_refused_with_a_sentence(String field) {
        assertThatThrownBy(() -> read(field))
                .isInstanceOf(BadRequest.class)
                .hasMessageMatching("(?s).{20,}");
    }

    @Test
    void a_request_that_was_written_is_read_as_the_same() throws Exception {
        for (int seed = 0; seed < 300; seed++) {
            var random = new SplittableRandom(seed);
            var request =
                    new ChatRequest(
                            "gpt-4.1",
                            List.of(
                                    new Turn(Role.SYSTEM, List.of(new Piece.Text("s" + seed))),
                                    new Turn(
                                            Role.USER,
                                            List.of(
                                                    new Piece.Text("a 🐈 \" \n"),
                                                    new Piece.Media(
                                                            "image/png", "AA", null, "high", null),
                                                    new Piece.Text("b"))),
                                    new Turn(
                                            Role.ASSISTANT,
                                            List.of(
                                                    new Piece.Text("t"),
                                                    new Piece.ToolCall(
                                                            "c1",
                                                            "f",
                                                            Json.object().put("n", seed),
                                                            null))),
                                    new Turn(
                                            Role.USER,
                                            List.of(
                                                    new Piece.ToolResult(
                                                            "c1",
                                                            "f",
                                                            List.of(new Piece.Text("r")),
                                                            false))),
                                    new Turn(Role.ASSISTANT, List.of(new Piece.Refusal("no"))),
                                    new Turn(Role.USER, List.of(new Piece.Text("on")))),
                            List.of(
                                    new ToolSpec(
                                            "f",
                                            random.nextBoolean() ? "d" : null,
                                            Json.parse("{\"type\":\"object\"}"),
                                            random.nextBoolean() ? (Boolean) false : null,
                                            false)),
                            switch (random.nextInt(4)) {
                                case 0 -> new ToolChoice.Auto();
                                case 1 -> new ToolChoice.None();
                                case 2 -> new ToolChoice.Required();
                                default -> new ToolChoice.Named("f");
                            },
                            random.nextBoolean() ? (Boolean) random.nextBoolean() : null,
                            new Sampling(
                                    random.nextBoolean() ? 1.5 : null,
                                    random.nextBoolean() ? 0.25 : null,
                                    null,
                                    random.nextBoolean() ? -2.0 : null,
                                    random.nextBoolean() ? 2.0 : null,
                                    random.nextBoolean() ? random.nextLong(1000) : null,
                                    random.nextBoolean() ? List.of("x", "y") : List.of()),
                            random.nextBoolean() ? 1 + random.nextInt(1000) : null,
                            random.nextBoolean() ? new Output.Json() : new Output.Text(),
                            Thinking.DEFAULT,
                            1 + random.nextInt(3),
                            true,
                            random.nextBoolean(),
                            random.nextBoolean() ? "u" : null,
                            Map.of());
            var body = CODEC.writeRequest(request, random.nextBoolean());
            assertThat(CODEC.readRequest(body, InPath.NOTHING)).isEqualTo(request);
        }
    }

    @Test
    void pictures_in_a_result_follow_behind_all_results() throws Exception {
        var picture = new Piece.Media("image/png", "AA", null, null, null);
        var request =
                Chats.asking(
                        "gpt-4.1",
                        new Turn(Role.USER, List.of(new Piece.Text("look"))),
                        new Turn(
                                Role.ASSISTANT,
                                List.of(
                                        new Piece.ToolCall("a", "f", Json.object(), null),
                                        new Piece.ToolCall("b", "f", Json.object(), null))),
                        new Turn(
                                Role.USER,
                                List.of(
                                        new Piece.ToolResult("a", "f", List.of(picture), false),
                                        new Piece.ToolResult(
                                                "b", "f", List.of(new Piece.Text("none")), true),
                                        new Piece.Text("So?"))));
        var messages = Json.parse(CODEC.writeRequest(request, true)).path("messages");

        assertThat(messages.values().stream().map(m -> m.path("role").asString("")))
                .containsExactly("user", "assistant", "tool", "tool", "user");
        assertThat(messages.at("/3/content").asString("")).isEqualTo("Failed: none");
        assertThat(messages.at("/4/content/1/image_url/url").asString(""))
                .isEqualTo("data:image/png;base64,AA");
        assertThat(messages.at("/4/content/2/text").asString("")).isEqualTo("So?");
    }

    @Test
    void reasoning_models_are_spared_what_they_refuse() throws Exception {
        var request = read("\"temperature\":0.2,\"reasoning_effort\":\"high\",\"stop\":\"x\"");
        var gpt = Json.parse(CODEC.writeRequest(Chats.as(request, "gpt-5"), true));
        var old = Json.parse(CODEC.writeRequest(Chats.as(request, "gpt-4o"), false));

        assertThat(gpt.has("temperature")).isFalse();
        assertThat(gpt.path("reasoning_effort").asString("")).isEqualTo("high");
        assertThat(old.path("temperature").asDouble(0)).isEqualTo(0.2);
        assertThat(old.has("reasoning_effort")).isFalse();
    }

    private static ChatRequest read(String rest) throws BadRequest {
        return CODEC.readRequest(asking(rest).getBytes(UTF_8), InPath.NOTHING);
    }

    private static String asking(String rest) {
        return "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],"
                + rest
                + "}";
    }

    private static Facts facts(String body) throws BadRequest {
        return CODEC.facts(body.getBytes(UTF_8), InPath.NOTHING);
    }

    private static String splice(String body, Changes changes) throws BadRequest {
        return new String(CODEC.splice(body.getBytes(UTF_8), changes), UTF_8);
    }
}
