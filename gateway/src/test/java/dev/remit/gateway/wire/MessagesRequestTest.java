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
import tools.jackson.databind.JsonNode;

final class MessagesRequestTest {
    private static final Codec CODEC = Codec.of(Dialect.ANTHROPIC);
    private static final String WHOLE =
            """
            {"model":"capable","max_tokens":300,
             "system":[{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral"}}],
             "messages":[
               {"role":"user","content":[
                 {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},
                 {"type":"image","source":{"type":"url","url":"https://example.com/cat.png"}},
                 {"type":"document","title":"a.pdf","source":{"type":"base64","media_type":"application/pdf","data":"BBBB"}},
                 {"type":"text","text":"What is here?"}]},
               {"role":"assistant","content":[
                 {"type":"thinking","thinking":"Hm.","signature":"c2ln"},
                 {"type":"redacted_thinking","data":"aGlkZGVu"},
                 {"type":"tool_use","id":"toolu_1","name":"look","input":{"at":1}}]},
               {"role":"user","content":[
                 {"type":"tool_result","tool_use_id":"toolu_1","is_error":true,
                  "content":[{"type":"text","text":"dark"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"CCCC"}}]}]}],
             "tools":[{"name":"look","description":"Look.","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}}],
             "tool_choice":{"type":"any","disable_parallel_tool_use":true},
             "thinking":{"type":"enabled","budget_tokens":2048},
             "temperature":1,"top_k":5,"stop_sequences":["END"],
             "metadata":{"user_id":"u-1"},"stream":true}\
            """;

    @Test
    void what_must_be_known_is_found_in_one_pass() throws Exception {
        var facts = facts(WHOLE);

        assertThat(facts.model()).isEqualTo("capable");
        assertThat(facts.stream()).isTrue();
        assertThat(facts.usageInStream()).isTrue();
        assertThat(facts.maxOutput()).isEqualTo(300);
        assertThat(facts.turns()).isEqualTo(3);
        assertThat(facts.tools()).isEqualTo(1);
        assertThat(facts.media().count()).isEqualTo(4);
        assertThat(facts.structured()).isFalse();
        assertThat(facts.bounded()).isTrue();
        assertThat(facts.longCache()).isFalse();
        assertThat(facts.user()).isEqualTo("u-1");
        assertThat(facts.serviceTier()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"system\":[{\"type\":\"text\",\"text\":\"x\",\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}}]",
                "\"tools\":[{\"name\":\"x\",\"cache_control\":{\"ttl\":\"1h\"}}]",
                "\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}"
            })
    void what_is_kept_for_an_hour_is_found_wherever_it_is_asked_for(String field) throws Exception {
        assertThat(facts(asking(field)).longCache()).isTrue();
        assertThat(facts(asking(field.replace("1h", "5m"))).longCache()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}]",
                "\"mcp_servers\":[{\"type\":\"url\",\"url\":\"https://example.com\"}]",
                "\"container\":\"c\"",
                "\"system\":[{\"type\":\"document\",\"source\":{\"type\":\"url\",\"url\":\"https://example.com/a.pdf\"}}]",
                "\"system\":[{\"source\":{\"file_id\":\"f\",\"type\":\"file\"},\"type\":\"image\"}]"
            })
    void what_the_vendor_keeps_or_fetches_has_no_bound(String field) throws Exception {
        assertThat(facts(asking(field)).bounded()).isFalse();
    }

    @Test
    void what_costs_more_than_usual_is_told_as_a_tier() throws Exception {
        assertThat(facts(asking("\"speed\":\"fast\"")).serviceTier()).isEqualTo("fast");
        assertThat(facts(asking("\"inference_geo\":\"us\"")).serviceTier()).isEqualTo("us");
        assertThat(facts(asking("\"service_tier\":\"standard_only\"")).serviceTier())
                .isEqualTo("standard_only");
        assertThat(
                        facts(asking("\"tools\":[{\"type\":\"bash_20250124\",\"name\":\"bash\"}]"))
                                .bounded())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"max_tokens\":5,\"messages\":[{}]}",
                "{\"model\":\"m\",\"max_tokens\":5}",
                "{\"model\":\"m\",\"max_tokens\":\"5\",\"messages\":[{}]}",
                "{\"model\":\"m\",\"max_tokens\":5,\"max_tokens\":6,\"messages\":[{}]}",
                "{\"model\":\"m\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"role\":\"user\"}]}",
                "{\"model\":\"m\",\"max_tokens\":5,\"messages\":[[]]}"
            })
    void what_is_no_request_is_refused(String body) {
        assertThatThrownBy(() -> facts(body)).isInstanceOf(BadRequest.class);
    }

    @Test
    void a_change_touches_nothing_else() throws Exception {
        assertThat(splice(WHOLE, new Changes("claude-x", 77, true, true)))
                .isEqualTo(
                        WHOLE.replace("\"capable\"", "\"claude-x\"")
                                .replace("_tokens\":300", "_tokens\":77"));
        assertThat(
                        splice(
                                asking("\"x\":1").replace("\"max_tokens\":9,", ""),
                                new Changes("m", 7, true, true)))
                .isEqualTo(
                        "{\"max_tokens\":7,"
                                + asking("\"x\":1").replace("\"max_tokens\":9,", "").substring(1));
    }

    @Test
    void thoughts_of_other_vendors_are_taken_out_before_anthropic_sees_them() throws Exception {
        var sealed = new Seal(Dialect.GEMINI, false, "", "sig").text();
        var body =
                """
                {"model":"m","max_tokens":9,"messages":[{"role":"assistant","content":[%s{"type":"text","text":"T"}, {"type":"thinking","thinking":"b","signature":"own"}%s]}]}\
                """;
        var foreign = "{\"type\":\"thinking\",\"thinking\":\"a\",\"signature\":\"" + sealed + "\"}";
        var hidden = "{\"type\":\"redacted_thinking\",\"data\":\"" + sealed + "\"}";
        var same = new Changes("m", null, true, true);

        assertThat(splice(body.formatted(foreign + ", " + hidden + " , ", " , " + foreign), same))
                .isEqualTo(body.formatted("", ""));
        var only =
                "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"assistant\",\"content\":["
                        + foreign
                        + "]}]}";
        assertThat(splice(only, same)).contains("\"content\":[{\"type\":\"text\"");
        var innocent = body.formatted("{\"type\":\"text\",\"text\":\"" + sealed + "\"},", "");
        assertThat(splice(innocent, same)).isEqualTo(innocent);
    }

    // ---- meaning

    @Test
    void a_request_is_read_with_all_that_it_says() throws Exception {
        var request = CODEC.readRequest(WHOLE.getBytes(UTF_8), InPath.NOTHING);

        assertThat(request.turns())
                .containsExactly(
                        new Turn(Role.SYSTEM, List.of(new Piece.Text("Be brief.", true))),
                        new Turn(
                                Role.USER,
                                List.of(
                                        new Piece.Media("image/png", "AAAA", null, null, null),
                                        new Piece.Media(
                                                null,
                                                null,
                                                "https://example.com/cat.png",
                                                null,
                                                null),
                                        new Piece.Media(
                                                "application/pdf", "BBBB", null, null, "a.pdf"),
                                        new Piece.Text("What is here?"))),
                        new Turn(
                                Role.ASSISTANT,
                                List.of(
                                        new Piece.Thought(
                                                "Hm.", null, "c2ln", false, Dialect.ANTHROPIC),
                                        new Piece.Thought(
                                                "", null, "aGlkZGVu", true, Dialect.ANTHROPIC),
                                        new Piece.ToolCall(
                                                "toolu_1",
                                                "look",
                                                Json.parse("{\"at\":1}"),
                                                null))),
                        new Turn(
                                Role.USER,
                                List.of(
                                        new Piece.ToolResult(
                                                "toolu_1",
                                                "look",
                                                List.of(
                                                        new Piece.Text("dark"),
                                                        new Piece.Media(
                                                                "image/png",
                                                                "CCCC",
                                                                null,
                                                                null,
                                                                null)),
                                                true))));
        assertThat(request.tools().getFirst().cacheHint()).isTrue();
        assertThat(request.toolChoice()).isEqualTo(new ToolChoice.Required());
        assertThat(request.parallelTools()).isFalse();
        assertThat(request.thinking()).isEqualTo(new Thinking(null, 2048, true));
        assertThat(request.sampling())
                .isEqualTo(new Sampling(1.0, null, 5, null, null, null, List.of("END")));
        assertThat(request.user()).isEqualTo("u-1");
        assertThat(request.usageInStream()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}]",
                "\"mcp_servers\":[{}]",
                "\"container\":{\"id\":\"x\"}",
                "\"thinking\":{\"type\":\"dreaming\"}",
                "\"tool_choice\":{\"type\":\"maybe\"}",
                "\"output_config\":{\"format\":{\"type\":\"grammar\"}}"
            })
    void what_cannot_be_translated_is_refused_with_a_sentence(String field) {
        assertThatThrownBy(() -> read(asking(field))).isInstanceOf(BadRequest.class);
    }

    @Test
    void several_answers_cannot_be_had() {
        var one = Chats.asking("claude-opus-4-6", user("x"));
        var two =
                new ChatRequest(
                        one.model(),
                        one.turns(),
                        one.tools(),
                        one.toolChoice(),
                        null,
                        one.sampling(),
                        null,
                        one.output(),
                        one.thinking(),
                        2,
                        false,
                        false,
                        null,
                        Map.of());
        assertThatThrownBy(() -> CODEC.writeRequest(two, true))
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining("`n` must be 1");
    }

    @Test
    void what_anthropic_demands_of_messages_is_kept() throws Exception {
        var request =
                Chats.asking(
                        "claude-opus-4-5",
                        new Turn(Role.ASSISTANT, List.of(new Piece.Text("Hello."))),
                        user("a"),
                        user("  "),
                        user("b"),
                        new Turn(
                                Role.ASSISTANT,
                                List.of(
                                        new Piece.ToolCall("call:1", "f", Json.object(), null),
                                        new Piece.Thought("x", null, null, false, null))),
                        user("first"),
                        new Turn(
                                Role.USER,
                                List.of(
                                        new Piece.ToolResult(
                                                "call:1",
                                                "f",
                                                List.of(new Piece.Text(" ")),
                                                false))));
        var body = write(request);

        assertThat(body.path("messages"))
                .isEqualTo(
                        Json.parse(
                                """
                                [{"role":"user","content":[{"type":"text","text":"Begin."}]},
                                 {"role":"assistant","content":[{"type":"text","text":"Hello."}]},
                                 {"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
                                 {"role":"assistant","content":[{"type":"tool_use","id":"call_1","name":"f","input":{}}]},
                                 {"role":"user","content":[
                                   {"type":"tool_result","tool_use_id":"call_1","content":[]},
                                   {"type":"text","text":"first"}]}]\
                                """));
        assertThat(body.path("max_tokens").asInt(0)).isEqualTo(4096);
    }

    @Test
    void a_temperature_beyond_one_is_one_and_newer_models_get_none() throws Exception {
        assertThat(write(sampling("claude-sonnet-4-0")).path("temperature").asDouble(0))
                .isEqualTo(1);
        assertThat(write(sampling("claude-sonnet-4-0")).has("top_p")).isTrue();
        assertThat(write(sampling("claude-sonnet-4-5")).has("top_p")).isFalse();
        assertThat(write(sampling("claude-opus-4-8")).has("temperature")).isFalse();
    }

    private static ChatRequest sampling(String model) throws BadRequest {
        return Chats.as(read(asking("\"temperature\":1.7,\"top_p\":0.9")), model);
    }

    @Test
    void thinking_is_a_budget_for_older_models_and_an_effort_for_newer_ones() throws Exception {
        var budget =
                Chats.as(
                        read(WHOLE.replace("\"type\":\"any\"", "\"type\":\"auto\"")),
                        "claude-sonnet-4-5");
        assertThat(write(budget).path("thinking").has("budget_tokens")).isFalse(); // cap of 300
        var wide =
                read(
                        WHOLE.replace("\"type\":\"any\"", "\"type\":\"auto\"")
                                .replace(":300", ":9000"));
        assertThat(
                        write(Chats.as(wide, "claude-sonnet-4-5"))
                                .at("/thinking/budget_tokens")
                                .asInt(0))
                .isEqualTo(2048);
        var newer = write(Chats.as(wide, "claude-opus-4-7"));
        assertThat(newer.at("/thinking/type").asString("")).isEqualTo("adaptive");
        assertThat(newer.at("/output_config/effort").asString("")).isEqualTo("low");
        assertThat(write(Chats.as(wide, "claude-3-5-haiku-latest")).has("thinking")).isFalse();
        var forced = write(Chats.as(read(WHOLE.replace(":300", ":9000")), "claude-sonnet-4-5"));
        assertThat(forced.has("thinking")).isFalse();
    }

    @Test
    void a_schema_is_enforced_by_the_vendor_or_by_a_tool() throws Exception {
        var schema =
                Json.parse(
                        """
                        {"$schema":"x","type":"object","required":["n"],
                         "properties":{"n":{"type":"integer","minimum":3,"description":"A number."}}}\
                        """);
        var newer = write(answering("claude-opus-4-6", schema));
        assertThat(newer.at("/output_config/format/schema"))
                .isEqualTo(
                        Json.parse(
                                """
                                {"type":"object","required":["n"],"additionalProperties":false,
                                 "properties":{"n":{"type":"integer",
                                   "description":"A number.\\n\\n{\\"minimum\\":3}"}}}\
                                """));
        var older = write(answering("claude-3-5-haiku-latest", schema));
        assertThat(older.at("/tools/0/name").asString("")).isEqualTo("remit_answer");
        assertThat(older.at("/tool_choice/name").asString("")).isEqualTo("remit_answer");
        var open =
                Json.parse("{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}");
        assertThat(write(answering("claude-opus-4-6", open)).at("/tools/0/name").asString(""))
                .isEqualTo("remit_answer");
    }

    private static ChatRequest answering(String model, JsonNode schema) {
        var request = Chats.asking(model, user("x"));
        return new ChatRequest(
                model,
                request.turns(),
                List.of(),
                request.toolChoice(),
                null,
                request.sampling(),
                100,
                new Output.Schema("answer", null, schema, true),
                request.thinking(),
                1,
                false,
                false,
                null,
                Map.of());
    }

    @Test
    void a_request_that_was_written_is_read_as_the_same() throws Exception {
        for (int seed = 0; seed < 300; seed++) {
            var random = new SplittableRandom(seed);
            var request =
                    new ChatRequest(
                            "claude-3-opus-20240229",
                            List.of(
                                    new Turn(
                                            Role.SYSTEM,
                                            List.of(
                                                    new Piece.Text(
                                                            "s" + seed, random.nextBoolean()),
                                                    new Piece.Text("z"))),
                                    new Turn(
                                            Role.USER,
                                            List.of(
                                                    new Piece.Media(
                                                            "text/plain",
                                                            DataUrl.base64("wörds"),
                                                            null,
                                                            null,
                                                            "a.txt"),
                                                    new Piece.Text(
                                                            "a 🐈 \" \n", random.nextBoolean()))),
                                    new Turn(
                                            Role.ASSISTANT,
                                            List.of(
                                                    new Piece.Thought(
                                                            "h",
                                                            null,
                                                            "s" + seed,
                                                            false,
                                                            Dialect.ANTHROPIC),
                                                    new Piece.Thought(
                                                            "", null, "r", true, Dialect.ANTHROPIC),
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
                                                            List.of(
                                                                    new Piece.Text("r"),
                                                                    new Piece.Media(
                                                                            "image/png",
                                                                            "AA",
                                                                            null,
                                                                            null,
                                                                            null)),
                                                            random.nextBoolean()),
                                                    new Piece.Text("on")))),
                            List.of(
                                    new ToolSpec(
                                            "f",
                                            random.nextBoolean() ? "d" : null,
                                            Json.parse("{\"type\":\"object\"}"),
                                            null,
                                            random.nextBoolean())),
                            switch (random.nextInt(4)) {
                                case 0 -> new ToolChoice.Auto();
                                case 1 -> new ToolChoice.None();
                                case 2 -> new ToolChoice.Required();
                                default -> new ToolChoice.Named("f");
                            },
                            null,
                            new Sampling(
                                    random.nextBoolean() ? 0.5 : null,
                                    random.nextBoolean() ? 0.25 : null,
                                    random.nextBoolean() ? 9 : null,
                                    null,
                                    null,
                                    null,
                                    random.nextBoolean() ? List.of("x", "y") : List.of()),
                            1 + random.nextInt(1000),
                            new Output.Text(),
                            Thinking.DEFAULT,
                            1,
                            random.nextBoolean(),
                            true,
                            null,
                            Map.of());
            assertThat(CODEC.readRequest(CODEC.writeRequest(request, true), InPath.NOTHING))
                    .isEqualTo(request);
        }
    }

    @Test
    void names_tell_what_a_model_takes() {
        assertThat(ClaudeModel.of("claude-3-5-sonnet-20241022").version()).isEqualTo(35);
        assertThat(ClaudeModel.of("claude-3-opus-20240229").version()).isEqualTo(30);
        assertThat(ClaudeModel.of("claude-opus-4-20250514").version()).isEqualTo(40);
        assertThat(ClaudeModel.of("claude-opus-4-1-20250805").version()).isEqualTo(41);
        assertThat(ClaudeModel.of("anthropic.claude-sonnet-4-5-20250929-v1:0").version())
                .isEqualTo(45);
        assertThat(ClaudeModel.of("anthropic/claude-opus-4.6").version()).isEqualTo(46);
        assertThat(ClaudeModel.of("claude-sonnet-5").version()).isEqualTo(50);
        assertThat(ClaudeModel.of("claude-haiku-4-5@20251001").version()).isEqualTo(45);
        assertThat(ClaudeModel.of("something").version()).isEqualTo(99);
    }

    private static Turn user(String text) {
        return new Turn(Role.USER, List.of(new Piece.Text(text)));
    }

    private static JsonNode write(ChatRequest request) throws BadRequest {
        return Json.parse(CODEC.writeRequest(request, true));
    }

    private static ChatRequest read(String body) throws BadRequest {
        return CODEC.readRequest(body.getBytes(UTF_8), InPath.NOTHING);
    }

    private static String asking(String rest) {
        return "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],"
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
