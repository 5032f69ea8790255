package dev.remit.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.json.Json;
import dev.remit.gateway.wire.ChatRequest.Output;
import dev.remit.gateway.wire.ChatRequest.Role;
import dev.remit.gateway.wire.ChatRequest.ToolChoice;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponsesRequestTest {
    private static final Codec CODEC = Codec.of(Dialect.OPENAI_RESPONSES);
    private static final String WHOLE =
            """
            {"model":"gpt-5.4","instructions":"Be brief.",
             "input":[
               {"role":"user","content":[
                 {"type":"input_text","text":"What is here?"},
                 {"type":"input_image","image_url":"data:image/png;base64,AAAA","detail":"low"},
                 {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,BBBB"}]},
               {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Hm."}],
                "encrypted_content":"secret"},
               {"type":"function_call","id":"fc_1","call_id":"call_1","name":"look","arguments":"{\\"at\\":1}"},
               {"type":"function_call","call_id":"call_2","name":"hear","arguments":""},
               {"type":"function_call_output","call_id":"call_1","output":"a cat"},
               {"type":"function_call_output","call_id":"call_2","output":[{"type":"input_text","text":"a purr"}]},
               {"type":"message","role":"assistant","content":[{"type":"output_text","text":"A cat."}]},
               {"role":"developer","content":"Say more."}],
             "tools":[{"type":"function","name":"look","description":"Look.","strict":true,
                       "parameters":{"type":"object","properties":{"at":{"type":"integer"}},"required":["at"],"additionalProperties":false}}],
             "tool_choice":{"type":"function","name":"look"},
             "parallel_tool_calls":false,"max_output_tokens":300,"temperature":0.5,"top_p":0.9,
             "reasoning":{"effort":"low","summary":"auto"},
             "text":{"format":{"type":"json_schema","name":"cat","strict":true,"schema":{"type":"object","properties":{"name":{"type":"string"}},"required":["name"],"additionalProperties":false}}},
             "metadata":{"ticket":"7"},"user":"u-1","store":false,"stream":true}\
            """;

    @Test
    void what_must_be_known_is_found_in_one_pass() throws Exception {
        var facts = facts(WHOLE);

        assertThat(facts.model()).isEqualTo("gpt-5.4");
        assertThat(facts.stream()).isTrue();
        assertThat(facts.usageInStream()).isTrue();
        assertThat(facts.maxOutput()).isEqualTo(300);
        assertThat(facts.turns()).isEqualTo(8);
        assertThat(facts.tools()).isEqualTo(1);
        assertThat(facts.media().count()).isEqualTo(2);
        assertThat(facts.structured()).isTrue();
        assertThat(facts.bounded()).isTrue();
        assertThat(facts.user()).isEqualTo("u-1");
        assertThat(facts.metadata()).isEqualTo(Map.of("ticket", "7"));
        assertThat(facts.bytes()).isEqualTo(WHOLE.getBytes(UTF_8).length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"previous_response_id\":\"resp_1\",\"input\":\"x\"",
                "\"conversation\":\"conv_1\",\"input\":\"x\"",
                "\"prompt\":{\"id\":\"p\"}",
                "\"input\":[{\"type\":\"item_reference\",\"id\":\"rs_1\"}]",
                "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"file_id\":\"f\"}]}]",
                "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"image_url\":\"https://a/b\"}]}]",
                "\"input\":\"x\",\"tools\":[{\"type\":\"web_search\"}]"
            })
    void what_openai_keeps_or_fetches_has_no_bound(String fields) throws Exception {
        assertThat(facts("{\"model\":\"m\"," + fields + "}").bounded()).isFalse();
    }

    @Test
    void the_prefix_of_a_conversation_stays_while_it_grows() throws Exception {
        var first = "{\"role\":\"user\",\"content\":\"Hi\"}";
        var one = facts("{\"model\":\"m\",\"instructions\":\"i\",\"input\":[" + first + "]}");
        var grown =
                facts(
                        "{\"model\":\"m\",\"instructions\":\"i\",\"input\":["
                                + first
                                + ",{\"role\":\"user\",\"content\":\"More\"}]}");
        var other = facts("{\"model\":\"m\",\"instructions\":\"j\",\"input\":[" + first + "]}");

        assertThat(grown.prefix()).isEqualTo(one.prefix()).isNotEqualTo(other.prefix());
    }

    @Test
    void work_that_runs_on_in_the_background_is_refused() {
        assertThatThrownBy(() -> facts("{\"model\":\"m\",\"input\":\"x\",\"background\":true}"))
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining("leave it out and stream");
    }

    @Test
    void a_field_that_is_there_twice_is_refused() {
        assertThatThrownBy(() -> facts("{\"model\":\"m\",\"model\":\"n\",\"input\":\"x\"}"))
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining("twice");
    }

    @Test
    void only_the_model_and_the_cap_are_changed() throws Exception {
        var body = " {\"input\" : \"ä\\u00e4\",  \"model\":\"a\" ,\"max_output_tokens\":  9 }\n";
        assertThat(spliced(body, new Changes("gpt", null, false, true)))
                .isEqualTo(body.replace("\"a\"", "\"gpt\""));
        assertThat(spliced(body, new Changes("gpt", 7, false, true)))
                .isEqualTo(body.replace("\"a\"", "\"gpt\"").replace("  9 ", "  7 "));
        assertThat(spliced("{\"model\":\"a\",\"input\":\"x\"}", new Changes("b", 7, true, false)))
                .isEqualTo("{\"max_output_tokens\":7,\"model\":\"b\",\"input\":\"x\"}");
    }

    @Test
    void a_whole_request_is_read_into_the_canonical_form() throws Exception {
        var request = CODEC.readRequest(WHOLE.getBytes(UTF_8), Codec.InPath.NOTHING);

        assertThat(request.turns().stream().map(ChatRequest.Turn::role))
                .containsExactly(
                        Role.SYSTEM,
                        Role.USER,
                        Role.ASSISTANT,
                        Role.USER,
                        Role.ASSISTANT,
                        Role.SYSTEM);
        assertThat(request.turns().get(1).pieces())
                .containsExactly(
                        new Piece.Text("What is here?"),
                        new Piece.Media("image/png", "AAAA", null, "low", null),
                        new Piece.Media("application/pdf", "BBBB", null, null, "a.pdf"));
        assertThat(request.turns().get(2).pieces())
                .containsExactly(
                        new Piece.Thought("Hm.", "rs_1", "secret", false, Dialect.OPENAI_RESPONSES),
                        new Piece.ToolCall("call_1", "look", Json.parse("{\"at\":1}"), null),
                        new Piece.ToolCall("call_2", "hear", Json.object(), null));
        assertThat(request.turns().get(3).pieces())
                .containsExactly(
                        new Piece.ToolResult(
                                "call_1", "look", List.of(new Piece.Text("a cat")), false),
                        new Piece.ToolResult(
                                "call_2", "hear", List.of(new Piece.Text("a purr")), false));
        assertThat(request.toolChoice()).isEqualTo(new ToolChoice.Named("look"));
        assertThat(request.parallelTools()).isFalse();
        assertThat(request.maxOutput()).isEqualTo(300);
        assertThat(request.output()).isInstanceOf(Output.Schema.class);
        assertThat(request.thinking()).isEqualTo(new ChatRequest.Thinking("low", null, true));
        assertThat(request.user()).isEqualTo("u-1");
    }

    @Test
    void what_is_written_is_read_back_the_same() throws Exception {
        var request = CODEC.readRequest(WHOLE.getBytes(UTF_8), Codec.InPath.NOTHING);
        var again = CODEC.readRequest(CODEC.writeRequest(request, true), Codec.InPath.NOTHING);

        assertThat(again).isEqualTo(request);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"previous_response_id\":\"resp_1\",\"input\":\"x\"",
                "\"input\":[{\"type\":\"item_reference\",\"id\":\"rs_1\"}]",
                "\"input\":\"x\",\"tools\":[{\"type\":\"web_search\"}]",
                "\"input\":[{\"type\":\"web_search_call\",\"id\":\"ws_1\"}]",
                "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_file\",\"file_id\":\"f\"}]}]",
                "\"input\":\"x\",\"store\":true"
            })
    void what_only_openai_can_do_is_refused_with_what_to_do_instead(String fields) {
        assertThatThrownBy(() ->
                        CODEC.readRequest(
                                ("{\"model\":\"m\"," + fields + "}").getBytes(UTF_8),
                                Codec.InPath.NOTHING))
                .isInstanceOf(BadRequest.class)
                .hasMessageMatching(".*(send|offer|leave it out).*");
    }

    @Test
    void openai_is_not_asked_for_what_its_models_refuse() throws Exception {
        var read = CODEC.readRequest(WHOLE.getBytes(UTF_8), Codec.InPath.NOTHING);

        var plain = Json.parse(CODEC.writeRequest(named(read, "gpt-4.1"), true));
        assertThat(plain.has("reasoning")).isFalse();
        assertThat(plain.path("temperature").asDouble(0)).isEqualTo(0.5);
        var thinking = Json.parse(CODEC.writeRequest(named(read, "o4-mini"), true));
        assertThat(thinking.at("/reasoning/effort").asString("")).isEqualTo("low");
        assertThat(thinking.path("include")).hasSize(1);
        assertThat(thinking.has("temperature")).isFalse();
        assertThat(thinking.path("store").asBoolean(true)).isFalse();
    }

    private static ChatRequest named(ChatRequest r, String model) {
        return new ChatRequest(
                model,
                r.turns(),
                r.tools(),
                r.toolChoice(),
                r.parallelTools(),
                r.sampling(),
                r.maxOutput(),
                r.output(),
                r.thinking(),
                r.answers(),
                r.stream(),
                r.usageInStream(),
                r.user(),
                r.metadata());
    }

    @Test
    void allowed_tools_are_the_only_ones_that_another_vendor_sees() throws Exception {
        var request =
                CODEC.readRequest(
                        """
                        {"model":"m","input":"x","tools":[{"type":"function","name":"a"},{"type":"function","name":"b"}],
                         "tool_choice":{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"b"}]}}\
                        """
                                .getBytes(UTF_8),
                        Codec.InPath.NOTHING);

        assertThat(request.tools()).extracting(ChatRequest.ToolSpec::name).containsExactly("b");
        assertThat(request.toolChoice()).isEqualTo(new ToolChoice.Required());
    }

    private static Facts facts(String body) throws BadRequest {
        return CODEC.facts(body.getBytes(UTF_8), Codec.InPath.NOTHING);
    }

    private static String spliced(String body, Changes changes) throws BadRequest {
        return new String(CODEC.splice(body.getBytes(UTF_8), changes), UTF_8);
    }
}
