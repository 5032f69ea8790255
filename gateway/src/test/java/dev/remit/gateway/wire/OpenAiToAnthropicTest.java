package dev.remit.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.Codec.InPath;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The two dialects that most programs speak, each in front of the other's vendor.
final class OpenAiToAnthropicTest {
    private static final Codec OPENAI = Codec.of(Dialect.OPENAI_CHAT);
    private static final Codec ANTHROPIC = Codec.of(Dialect.ANTHROPIC);

    @Test
    void a_request_of_openais_client_becomes_anthropics_body() throws Exception {
        var body =
                """
                {"model":"claude-sonnet-4-5","messages":[
                   {"role":"system","content":"Be brief."},
                   {"role":"user","content":[
                     {"type":"text","text":"What is here?","cache_control":{"type":"ephemeral"}},
                     {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]},
                   {"role":"assistant","content":null,"tool_calls":[
                     {"id":"call_1","type":"function","function":{"name":"look","arguments":"{\\"at\\":1}"}},
                     {"id":"call_2","type":"function","function":{"name":"look","arguments":"{\\"at\\":2}"}}]},
                   {"role":"tool","tool_call_id":"call_1","content":"a cat"},
                   {"role":"tool","tool_call_id":"call_2","content":""},
                   {"role":"user","content":"And?"}],
                 "tools":[{"type":"function","function":{"name":"look","description":"Look.",
                    "parameters":{"type":"object","properties":{"at":{"type":"integer"}}}}}],
                 "tool_choice":"required","parallel_tool_calls":false,
                 "max_tokens":300,"temperature":1.4,"stop":"END","seed":4,"presence_penalty":1,
                 "logit_bias":{"1":2},"user":"u-1","stream":true}\
                """;

        assertThat(translated(OPENAI, body, ANTHROPIC))
                .isEqualTo(
                        Json.parse(
                                """
                                {"model":"claude-sonnet-4-5","max_tokens":300,"stream":true,
                                 "stop_sequences":["END"],"temperature":1.0,
                                 "tools":[{"name":"look","description":"Look.",
                                    "input_schema":{"type":"object","properties":{"at":{"type":"integer"}}}}],
                                 "tool_choice":{"type":"any","disable_parallel_tool_use":true},
                                 "system":[{"type":"text","text":"Be brief."}],
                                 "messages":[
                                   {"role":"user","content":[
                                     {"type":"text","text":"What is here?","cache_control":{"type":"ephemeral"}},
                                     {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]},
                                   {"role":"assistant","content":[
                                     {"type":"tool_use","id":"call_1","name":"look","input":{"at":1}},
                                     {"type":"tool_use","id":"call_2","name":"look","input":{"at":2}}]},
                                   {"role":"user","content":[
                                     {"type":"tool_result","tool_use_id":"call_1","content":[{"type":"text","text":"a cat"}]},
                                     {"type":"tool_result","tool_use_id":"call_2","content":[]},
                                     {"type":"text","text":"And?"}]}],
                                 "metadata":{"user_id":"u-1"}}\
                                """));
    }

    @Test
    void a_request_of_anthropics_client_becomes_openais_body() throws Exception {
        var body =
                """
                {"model":"gpt-5","max_tokens":300,"system":"Be brief.",
                 "messages":[
                   {"role":"user","content":[
                     {"type":"document","title":"a.pdf","source":{"type":"base64","media_type":"application/pdf","data":"BBBB"}},
                     {"type":"text","text":"What is here?","cache_control":{"type":"ephemeral"}}]},
                   {"role":"assistant","content":[
                     {"type":"thinking","thinking":"Hm.","signature":"c2ln"},
                     {"type":"text","text":"I look."},
                     {"type":"tool_use","id":"toolu_1","name":"look","input":{"at":1}}]},
                   {"role":"user","content":[
                     {"type":"tool_result","tool_use_id":"toolu_1","content":"dark","is_error":true}]}],
                 "tools":[{"name":"look","input_schema":{"type":"object"}}],
                 "tool_choice":{"type":"tool","name":"look"},
                 "output_config":{"effort":"low","format":{"type":"json_schema","schema":
                    {"type":"object","additionalProperties":false,"required":["a"],"properties":{"a":{"type":"string"}}}}},
                 "top_k":4,"metadata":{"user_id":"u-1"},"stream":true}\
                """;

        assertThat(translated(ANTHROPIC, body, OPENAI))
                .isEqualTo(
                        Json.parse(
                                """
                                {"model":"gpt-5","messages":[
                                   {"role":"system","content":"Be brief."},
                                   {"role":"user","content":[
                                     {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,BBBB"}},
                                     {"type":"text","text":"What is here?"}]},
                                   {"role":"assistant","content":"I look.","tool_calls":[
                                     {"id":"toolu_1","type":"function","function":{"name":"look","arguments":"{\\"at\\":1}"}}]},
                                   {"role":"tool","tool_call_id":"toolu_1","content":"Failed: dark"}],
                                 "max_completion_tokens":300,"reasoning_effort":"low",
                                 "tools":[{"type":"function","function":{"name":"look","parameters":{"type":"object"}}}],
                                 "tool_choice":{"type":"function","function":{"name":"look"}},
                                 "response_format":{"type":"json_schema","json_schema":{"name":"answer","strict":true,
                                    "schema":{"type":"object","additionalProperties":false,"required":["a"],"properties":{"a":{"type":"string"}}}}},
                                 "stream":true,"stream_options":{"include_usage":true},"user":"u-1"}\
                                """));
    }

    private static JsonNode translated(Codec from, String body, Codec to) throws BadRequest {
        var request = from.readRequest(body.getBytes(UTF_8), InPath.NOTHING);
        return Json.parse(to.writeRequest(request, true));
    }

    @Test
    void anthropics_answer_becomes_openais() throws Exception {
        var answer =
                """
                {"id":"msg_1","type":"message","role":"assistant","model":"claude-opus-4-6",
                 "content":[{"type":"text","text":"A cat."},
                   {"type":"tool_use","id":"toolu_1","name":"look","input":{"at":1}}],
                 "stop_reason":"tool_use","stop_sequence":null,
                 "usage":{"input_tokens":10,"cache_creation_input_tokens":6,"cache_read_input_tokens":64,"output_tokens":20}}\
                """;
        var written =
                (ObjectNode)
                        Json.parse(
                                OPENAI.writeAnswer(
                                        ANTHROPIC.readAnswer(answer.getBytes(UTF_8)),
                                        ChatAnswerTest.asked(false)));
        written.remove("created");

        assertThat(written)
                .isEqualTo(
                        Json.parse(
                                """
                                {"id":"chatcmpl-msg_1","object":"chat.completion","model":"claude-opus-4-6",
                                 "choices":[{"index":0,"message":{"role":"assistant","content":"A cat.","refusal":null,
                                   "tool_calls":[{"id":"toolu_1","type":"function",
                                     "function":{"name":"look","arguments":"{\\"at\\":1}"}}]},
                                   "logprobs":null,"finish_reason":"tool_calls"}],
                                 "usage":{"prompt_tokens":80,"completion_tokens":20,"total_tokens":100,
                                   "prompt_tokens_details":{"cached_tokens":64,"cache_write_tokens":6},
                                   "completion_tokens_details":{"reasoning_tokens":0}}}\
                                """));
    }

    @Test
    void anthropics_stream_becomes_openais_and_its_thoughts_come_back_signed() throws Exception {
        var deltas =
                Streams.read(ANTHROPIC.streamReader(), Streams.events(MessagesAnswerTest.STREAM));
        var writer =
                OPENAI.streamWriter(ChatAnswerTest.asked(true), InPath.NOTHING, Dialect.ANTHROPIC);
        var message = asClientsPutItTogether(Streams.events(Streams.written(writer, deltas)));

        assertThat(message.path("reasoning_content").asString("")).isEqualTo("Hm.");
        assertThat(message.path("content").asString("")).isEqualTo("A cat.");
        assertThat(message.at("/tool_calls/0/function/arguments").asString(""))
                .isEqualTo("{\"at\":1}");
        var back = Json.object().put("model", "claude-opus-4-6").put("max_tokens", 9);
        back.putArray("messages").addObject().put("role", "user").put("content", "x");
        ((tools.jackson.databind.node.ArrayNode) back.path("messages")).add(message);

        var body = translated(OPENAI, Json.write(back), ANTHROPIC);
        assertThat(body.at("/messages/1/content"))
                .isEqualTo(
                        Json.parse(
                                """
                                [{"type":"thinking","thinking":"Hm.","signature":"c2ln"},
                                 {"type":"redacted_thinking","data":"aGlkZGVu"},
                                 {"type":"text","text":"A cat."},
                                 {"type":"tool_use","id":"toolu_1","name":"look","input":{"at":1}}]\
                                """));
        var elsewhere = translated(OPENAI, Json.write(back), OPENAI);
        assertThat(Json.write(elsewhere)).doesNotContain("c2ln", "Hm.", "reasoning");
    }

    /// As a program does that adds up strings and lists.
    private static ObjectNode asClientsPutItTogether(List<dev.remit.http.client.SseEvent> events) {
        var message = Json.object().put("role", "assistant").put("content", "");
        var details = Json.array();
        var calls = new ArrayList<ObjectNode>();
        for (var event : events.subList(0, events.size() - 1)) {
            var delta = Json.parse(event.data()).at("/choices/0/delta");
            for (var field : List.of("content", "reasoning_content")) {
                if (delta.path(field).isString()) {
                    message.put(
                            field,
                            message.path(field).asString("") + delta.path(field).stringValue());
                }
            }
            delta.path("reasoning_details").forEach(details::add);
            for (var call : delta.path("tool_calls")) {
                if (call.path("index").asInt(0) == calls.size()) {
                    calls.add((ObjectNode) call.deepCopy());
                } else {
                    var function =
                            (ObjectNode) calls.get(call.path("index").asInt(0)).path("function");
                    function.put(
                            "arguments",
                            function.path("arguments").asString("")
                                    + call.at("/function/arguments").asString(""));
                }
            }
        }
        message.set("reasoning_details", details);
        calls.forEach(message.putArray("tool_calls")::add);
        return message;
    }

    @Test
    void openais_stream_becomes_anthropics() throws Exception {
        var chunks =
                """
                data: {"id":"chatcmpl-1","model":"gpt-5","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}

                data: {"id":"chatcmpl-1","model":"gpt-5","choices":[{"index":0,"delta":{"content":"A cat."}}]}

                data: {"id":"chatcmpl-1","model":"gpt-5","choices":[{"index":0,"delta":{},"finish_reason":"length"}]}

                data: {"id":"chatcmpl-1","model":"gpt-5","choices":[],"usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120,"prompt_tokens_details":{"cached_tokens":64}}}

                data: [DONE]

                """;
        var deltas = Streams.read(OPENAI.streamReader(), Streams.events(chunks));
        var writer =
                ANTHROPIC.streamWriter(
                        ChatAnswerTest.asked(true), InPath.NOTHING, Dialect.OPENAI_CHAT);

        assertThat(new String(Streams.written(writer, deltas), UTF_8))
                .isEqualTo(
                        """
                        event: message_start
                        data: {"type":"message_start","message":{"id":"msg_chatcmpl-1","type":"message","role":"assistant","model":"gpt-5","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0}}}

                        event: ping
                        data: {"type":"ping"}

                        event: content_block_start
                        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

                        event: content_block_delta
                        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"A cat."}}

                        event: content_block_stop
                        data: {"type":"content_block_stop","index":0}

                        event: message_delta
                        data: {"type":"message_delta","delta":{"stop_reason":"max_tokens","stop_sequence":null},"usage":{"input_tokens":36,"cache_creation_input_tokens":0,"cache_read_input_tokens":64,"output_tokens":20}}

                        event: message_stop
                        data: {"type":"message_stop"}

                        """);
    }

    @Test
    void thoughts_of_deepseek_find_their_field_again_through_anthropics_client() throws Exception {
        var answer =
                OPENAI.readAnswer(
                        """
                        {"id":"1","model":"deepseek-reasoner","choices":[{"message":{"reasoning_content":"Hm.",
                          "content":"x"},"finish_reason":"stop"}]}\
                        """
                                .getBytes(UTF_8));
        var said = Json.parse(ANTHROPIC.writeAnswer(answer, ChatAnswerTest.asked(false)));
        assertThat(said.at("/content/0/thinking").asString("")).isEqualTo("Hm.");
        var body = Json.object().put("model", "deepseek-reasoner").put("max_tokens", 9);
        var messages = body.putArray("messages");
        messages.addObject().put("role", "user").put("content", "x");
        messages.addObject().put("role", "assistant").set("content", said.path("content"));
        messages.addObject().put("role", "user").put("content", "y");

        var back = translated(ANTHROPIC, Json.write(body), OPENAI);
        assertThat(back.at("/messages/1/reasoning_content").asString("")).isEqualTo("Hm.");
        var claude =
                translated(ANTHROPIC, Json.write(body.put("model", "claude-opus-4-6")), ANTHROPIC);
        assertThat(Json.write(claude)).doesNotContain("Hm.");
    }

    @Test
    void litellms_and_openrouters_thoughts_are_understood() throws Exception {
        var body =
                """
                {"model":"claude-opus-4-6","max_tokens":9,"messages":[{"role":"user","content":"x"},
                  {"role":"assistant","content":"a","thinking_blocks":[
                    {"type":"thinking","thinking":"one","signature":"s1"},{"type":"redacted_thinking","data":"d1"}]},
                  {"role":"user","content":"y"},
                  {"role":"assistant","content":"b","reasoning":"two","reasoning_details":[
                    {"type":"reasoning.text","text":"t","format":"anthropic-claude-v1","index":0},
                    {"type":"reasoning.text","text":"wo","format":"anthropic-claude-v1","index":0},
                    {"type":"reasoning.text","signature":"s2","format":"anthropic-claude-v1","index":0},
                    {"type":"reasoning.encrypted","data":"other","format":"openai-responses-v1"}]},
                  {"role":"user","content":"z"}]}\
                """;
        var messages = translated(OPENAI, body, ANTHROPIC).path("messages");

        assertThat(messages.at("/1/content"))
                .isEqualTo(
                        Json.parse(
                                """
                                [{"type":"thinking","thinking":"one","signature":"s1"},
                                 {"type":"redacted_thinking","data":"d1"},{"type":"text","text":"a"}]\
                                """));
        assertThat(messages.at("/3/content"))
                .isEqualTo(
                        Json.parse(
                                """
                                [{"type":"thinking","thinking":"two","signature":"s2"},{"type":"text","text":"b"}]\
                                """));
    }

    @Test
    void a_refusal_is_a_refusal_on_both_sides() throws Exception {
        var openai =
                OPENAI.readAnswer(
                        """
                        {"id":"1","model":"m","choices":[{"message":{"content":null,"refusal":"I cannot."},"finish_reason":"stop"}]}\
                        """
                                .getBytes(UTF_8));
        var said = Json.parse(ANTHROPIC.writeAnswer(openai, ChatAnswerTest.asked(false)));
        assertThat(said.path("stop_reason").asString("")).isEqualTo("refusal");
        assertThat(said.at("/content/0/text").asString("")).isEqualTo("I cannot.");
        var anthropic =
                ANTHROPIC.readAnswer(
                        """
                        {"id":"1","model":"m","content":[],"stop_reason":"refusal"}\
                        """
                                .getBytes(UTF_8));
        assertThat(anthropic.usage()).isEqualTo(Usage.NONE);
        var written = Json.parse(OPENAI.writeAnswer(anthropic, ChatAnswerTest.asked(false)));
        assertThat(written.at("/choices/0/finish_reason").asString("")).isEqualTo("content_filter");
    }
}
