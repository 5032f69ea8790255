package dev.remit.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.json.Json;
import dev.remit.gateway.wire.ChatRequest.Output;
import dev.remit.gateway.wire.ChatRequest.Role;
import dev.remit.gateway.wire.ChatRequest.ToolChoice;
import dev.remit.gateway.wire.Codec.InPath;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class GeminiRequestTest {
    private static final Codec CODEC = Codec.of(Dialect.GEMINI);
    private static final InPath PATH = new InPath("gemini-2.5-flash", true);
    private static final String WHOLE =
            """
            {"systemInstruction":{"parts":[{"text":"Be brief."}]},
             "contents":[
               {"role":"user","parts":[{"text":"What is here?"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]},
               {"role":"model","parts":[
                 {"text":"Hm.","thought":true,"thoughtSignature":"c2ln"},
                 {"functionCall":{"name":"look","args":{"at":1}},"thoughtSignature":"Y2FsbA=="},
                 {"functionCall":{"name":"look","args":{"at":2}}}]},
               {"role":"user","parts":[
                 {"functionResponse":{"name":"look","response":{"output":"a cat"}}},
                 {"functionResponse":{"name":"look","response":{"error":"too dark"}}}]},
               {"role":"model","parts":[{"text":"A cat."}]}],
             "tools":[{"functionDeclarations":[{"name":"look","description":"Look.",
                "parameters":{"type":"OBJECT","properties":{"at":{"type":"INTEGER","nullable":true}},"required":["at"]}}]}],
             "toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["look"]}},
             "generationConfig":{"temperature":0.5,"topP":0.9,"topK":40,"maxOutputTokens":300,"stopSequences":["END"],"seed":7,
                "responseMimeType":"application/json","responseSchema":{"type":"OBJECT","properties":{"name":{"type":"STRING"}}},
                "thinkingConfig":{"thinkingBudget":1024,"includeThoughts":true}}}\
            """;

    @Test
    void what_must_be_known_is_found_in_one_pass() throws Exception {
        var facts = facts(WHOLE);

        assertThat(facts.model()).isEqualTo("gemini-2.5-flash");
        assertThat(facts.stream()).isTrue();
        assertThat(facts.maxOutput()).isEqualTo(300);
        assertThat(facts.turns()).isEqualTo(4);
        assertThat(facts.tools()).isEqualTo(1);
        assertThat(facts.media().count()).isEqualTo(1);
        assertThat(facts.structured()).isTrue();
        assertThat(facts.bounded()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"contents\":[],\"cachedContent\":\"c/1\"}",
                "{\"contents\":[],\"cached_content\":\"c/1\"}",
                "{\"contents\":[],\"tools\":[{\"googleSearch\":{}}]}",
                "{\"contents\":[{\"parts\":[{\"file_data\":{\"file_uri\":\"x\"}}]}]}",
                "{\"contents\":[{\"parts\":{\"fileData\":{\"fileUri\":\"x\"}}}]}"
            })
    void what_google_keeps_or_fetches_has_no_bound(String body) throws Exception {
        assertThat(facts(body).bounded()).isFalse();
    }

    @Test
    void only_the_cap_is_changed() throws Exception {
        assertThat(spliced(" {\"contents\":[]} ", 5))
                .isEqualTo(" {\"generationConfig\":{\"maxOutputTokens\":5},\"contents\":[]} ");
        assertThat(spliced("{\"contents\":[],\"generationConfig\":{ \"topK\": 1}}", 5))
                .isEqualTo(
                        "{\"contents\":[],\"generationConfig\":{\"maxOutputTokens\":5, \"topK\": 1}}");
        assertThat(
                        spliced(
                                "{\"generation_config\":{\"max_output_tokens\" : 99 },\"contents\":[]}",
                                5))
                .isEqualTo("{\"generation_config\":{\"max_output_tokens\" : 5 },\"contents\":[]}");
        assertThat(spliced("{\"generationConfig\":{ },\"contents\":[]}", 5))
                .isEqualTo("{\"generationConfig\":{\"maxOutputTokens\":5},\"contents\":[]}");
        assertThat(spliced("{\"generationConfig\":null,\"contents\":[]}", 5))
                .isEqualTo("{\"generationConfig\":{\"maxOutputTokens\":5},\"contents\":[]}");
        var body = "{\"contents\":[]}".getBytes(UTF_8);
        assertThat(CODEC.splice(body, new Changes("m", null, false, true))).isEqualTo(body);
    }

    @Test
    void the_same_field_in_both_spellings_is_refused() {
        for (var body :
                List.of(
                        "{\"contents\":[],\"generationConfig\":{},\"generation_config\":{}}",
                        "{\"contents\":[],\"generationConfig\":{\"maxOutputTokens\":1,\"max_output_tokens\":9}}")) {
            assertThatThrownBy(() -> facts(body)).isInstanceOf(BadRequest.class);
            assertThatThrownBy(() -> spliced(body, 5)).isInstanceOf(BadRequest.class);
        }
    }

    @Test
    void a_whole_request_is_read_into_the_canonical_form() throws Exception {
        var request = CODEC.readRequest(WHOLE.getBytes(UTF_8), PATH);

        assertThat(request.turns().stream().map(ChatRequest.Turn::role))
                .containsExactly(Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.USER, Role.ASSISTANT);
        assertThat(request.turns().get(2).pieces())
                .containsExactly(
                        new Piece.Thought("Hm.", null, "c2ln", false, Dialect.GEMINI),
                        new Piece.ToolCall("call_0", "look", Json.parse("{\"at\":1}"), "Y2FsbA=="),
                        new Piece.ToolCall("call_1", "look", Json.parse("{\"at\":2}"), null));
        assertThat(request.turns().get(3).pieces())
                .containsExactly(
                        new Piece.ToolResult(
                                "call_0", "look", List.of(new Piece.Text("a cat")), false),
                        new Piece.ToolResult(
                                "call_1", "look", List.of(new Piece.Text("too dark")), true));
        assertThat(request.tools().getFirst().parameters())
                .isEqualTo(
                        Json.parse(
                                "{\"type\":\"object\",\"properties\":{\"at\":{\"type\":[\"integer\",\"null\"]}},\"required\":[\"at\"]}"));
        assertThat(request.toolChoice()).isEqualTo(new ToolChoice.Named("look"));
        assertThat(request.sampling().topK()).isEqualTo(40);
        assertThat(request.sampling().stop()).containsExactly("END");
        assertThat(request.output()).isInstanceOf(Output.Schema.class);
        assertThat(request.thinking()).isEqualTo(new ChatRequest.Thinking(null, 1024, true));
        assertThat(request.model()).isEqualTo("gemini-2.5-flash");
        assertThat(request.stream()).isTrue();
    }

    @Test
    void snake_case_is_the_same_request() throws Exception {
        var snake =
                WHOLE.replace("systemInstruction", "system_instruction")
                        .replace("inlineData", "inline_data")
                        .replace("mimeType", "mime_type")
                        .replace("thoughtSignature", "thought_signature")
                        .replace("functionCallingConfig", "function_calling_config")
                        .replace("\"functionCall\"", "\"function_call\"")
                        .replace("functionResponse", "function_response")
                        .replace("functionDeclarations", "function_declarations")
                        .replace("toolConfig", "tool_config")
                        .replace("allowedFunctionNames", "allowed_function_names")
                        .replace("generationConfig", "generation_config")
                        .replace("maxOutputTokens", "max_output_tokens")
                        .replace("stopSequences", "stop_sequences")
                        .replace("responseMimeType", "response_mime_type")
                        .replace("responseSchema", "response_schema")
                        .replace("thinkingConfig", "thinking_config")
                        .replace("thinkingBudget", "thinking_budget")
                        .replace("includeThoughts", "include_thoughts")
                        .replace("topP", "top_p")
                        .replace("topK", "top_k");

        assertThat(CODEC.readRequest(snake.getBytes(UTF_8), PATH))
                .isEqualTo(CODEC.readRequest(WHOLE.getBytes(UTF_8), PATH));
        assertThat(facts(snake).maxOutput()).isEqualTo(300);
        assertThat(facts(snake).structured()).isTrue();
    }

    @Test
    void what_is_written_is_read_back_the_same() throws Exception {
        var request = CODEC.readRequest(WHOLE.getBytes(UTF_8), PATH);

        assertThat(CODEC.readRequest(CODEC.writeRequest(request, false), PATH)).isEqualTo(request);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"cachedContent\":\"c/1\"}",
                "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"tools\":[{\"googleSearch\":{}}]}",
                "{\"contents\":[{\"parts\":[{\"fileData\":{\"fileUri\":\"https://generativelanguage.googleapis.com/v1beta/files/x\"}}]}]}",
                "{\"contents\":[{\"parts\":[{\"executableCode\":{}}]}]}",
                "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"generationConfig\":{\"responseModalities\":[\"IMAGE\"]}}"
            })
    void what_only_google_can_do_is_refused_with_what_to_do_instead(String body) {
        assertThatThrownBy(() -> CODEC.readRequest(body.getBytes(UTF_8), PATH))
                .isInstanceOf(BadRequest.class)
                .hasMessageMatching(".*(send|declare|leave it out).*");
    }

    @Test
    void a_result_that_answers_no_call_is_refused() {
        var body =
                "{\"contents\":[{\"parts\":[{\"functionResponse\":{\"name\":\"f\",\"response\":{}}}]}]}";
        assertThatThrownBy(() -> CODEC.readRequest(body.getBytes(UTF_8), PATH))
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining("no earlier functionCall");
    }

    @Test
    void calls_that_another_model_made_are_marked_for_models_that_demand_signatures()
            throws Exception {
        var call = new Piece.ToolCall("c1", "f", Json.object(), null);
        var other = new Piece.ToolCall("c2", "f", Json.object(), null);
        assertThat(parts("gemini-3.1-pro", call, other))
                .isEqualTo(
                        Json.parse(
                                """
                                [{"functionCall":{"id":"c1","name":"f","args":{}},"thoughtSignature":"skip_thought_signature_validator"},
                                 {"functionCall":{"id":"c2","name":"f","args":{}}}]\
                                """));
        assertThat(parts("gemini-2.5-pro", call).path(0).has("thoughtSignature")).isFalse();
    }

    @Test
    void a_signature_that_went_before_its_call_goes_back_into_it() throws Exception {
        var carrier = new Piece.Thought("", null, "c2ln", false, Dialect.GEMINI);
        var call = new Piece.ToolCall("c1", "f", Json.object(), null);

        assertThat(parts("gemini-3-flash", new Piece.Text("A"), carrier, call))
                .isEqualTo(
                        Json.parse(
                                """
                                [{"text":"A"},{"functionCall":{"id":"c1","name":"f","args":{}},"thoughtSignature":"c2ln"}]\
                                """));
        assertThat(parts("gemini-3-flash", new Piece.Text("A"), carrier))
                .isEqualTo(Json.parse("[{\"text\":\"A\",\"thoughtSignature\":\"c2ln\"}]"));
    }

    @Test
    void thoughts_of_other_vendors_are_left_out() throws Exception {
        var foreign = new Piece.Thought("Hm.", null, "s", false, Dialect.ANTHROPIC);

        assertThat(parts("gemini-3-flash", foreign, new Piece.Text("A")))
                .isEqualTo(Json.parse("[{\"text\":\"A\"}]"));
    }

    @Test
    void effort_is_a_level_or_a_number_of_tokens_by_the_model() throws Exception {
        assertThat(thinking("gemini-3-flash", "none")).isEqualTo("{\"thinkingLevel\":\"minimal\"}");
        assertThat(thinking("gemini-3.1-pro", "none")).isEqualTo("{\"thinkingLevel\":\"low\"}");
        assertThat(thinking("gemini-3.1-pro", "xhigh")).isEqualTo("{\"thinkingLevel\":\"high\"}");
        assertThat(thinking("gemini-2.5-flash", "none")).isEqualTo("{\"thinkingBudget\":0}");
        assertThat(thinking("gemini-2.5-pro", "medium")).isEqualTo("{\"thinkingBudget\":8192}");
        assertThat(thinking("gemini-2.0-flash", "high")).isEmpty();
    }

    @Test
    void several_answers_are_refused_rather_than_one_given() {
        var request = request("m", List.of(new Piece.Text("x")), null, 3);
        assertThatThrownBy(() -> CODEC.writeRequest(request, false))
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining("ask several times");
    }

    private static JsonNode parts(String model, Piece... pieces) throws BadRequest {
        var body = CODEC.writeRequest(request(model, List.of(pieces), null, 1), false);
        return Json.parse(body).at("/contents/0/parts");
    }

    private static String thinking(String model, String effort) throws BadRequest {
        var body =
                CODEC.writeRequest(request(model, List.of(new Piece.Text("x")), effort, 1), false);
        var config = Json.parse(body).at("/generationConfig/thinkingConfig");
        return config.isMissingNode() ? "" : Json.write(config);
    }

    private static ChatRequest request(
            String model, List<Piece> pieces, String effort, int answers) {
        return new ChatRequest(
                model,
                List.of(new ChatRequest.Turn(Role.ASSISTANT, pieces)),
                List.of(),
                new ToolChoice.Auto(),
                null,
                ChatRequest.Sampling.DEFAULT,
                null,
                new Output.Text(),
                new ChatRequest.Thinking(effort, null, null),
                answers,
                false,
                false,
                null,
                Map.of());
    }

    private static Facts facts(String body) throws BadRequest {
        return CODEC.facts(body.getBytes(UTF_8), PATH);
    }

    private static String spliced(String body, int cap) throws BadRequest {
        var changed = CODEC.splice(body.getBytes(UTF_8), new Changes("m", cap, false, true));
        return new String(changed, UTF_8);
    }
}
