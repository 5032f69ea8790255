package dev.remit.gateway.fake;

import static dev.remit.gateway.fake.Caller.body;
import static dev.remit.gateway.fake.Caller.events;
import static dev.remit.gateway.fake.Caller.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import dev.remit.core.model.Message.Part;
import dev.remit.core.money.Usage;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// What no client of a vendor's own is at hand for; the rest is tried with those, in `clients`.
@Timeout(60)
class FakeWiresTest {
    private static final String HELLO = "'messages':[{'role':'user','content':'Hello?'}]";
    private static final String CONTENTS =
            "{'contents':[{'role':'user','parts':[{'text':'Hello?'}]}]}";
    private static final String CONVERSE =
            "{'messages':[{'role':'user','content':[{'text':'Hello?'}]}]}";
    private static final String GEMINI = "/v1beta/models/gemini-3-pro:";

    private Caller caller;

    @BeforeEach
    void start() throws Exception {
        caller = new Caller();
    }

    @AfterEach
    void stop() {
        caller.close();
    }

    // ---- usage: each vendor's own arithmetic

    @Test
    void every_vendor_tells_the_same_usage_in_its_own_buckets() throws Exception {
        caller.fake.otherwise(
                asked -> FakeReply.text("x").billing(new Usage(101, 2003, 407, 53, 17)));
        var chat = caller.chat("{'model':'m'," + HELLO + "}").path("usage");
        assertThat(chat.path("prompt_tokens").intValue()).isEqualTo(2511);
        assertThat(chat.at("/prompt_tokens_details/cached_tokens").intValue()).isEqualTo(2003);
        assertThat(chat.path("completion_tokens").intValue()).isEqualTo(53);
        assertThat(chat.at("/completion_tokens_details/reasoning_tokens").intValue()).isEqualTo(17);

        var responses =
                body(caller.post("/v1/responses", "{'model':'m','input':'x'}")).path("usage");
        assertThat(responses.path("input_tokens").intValue()).isEqualTo(2511);
        assertThat(responses.path("output_tokens").intValue()).isEqualTo(53);

        var message = body(messages("{'model':'m','max_tokens':9," + HELLO + "}")).path("usage");
        assertThat(message.path("input_tokens").intValue()).isEqualTo(101);
        assertThat(message.path("cache_read_input_tokens").intValue()).isEqualTo(2003);
        assertThat(message.path("cache_creation_input_tokens").intValue()).isEqualTo(407);
        assertThat(message.path("output_tokens").intValue()).isEqualTo(53);

        var gemini = body(caller.post(GEMINI + "generateContent", CONTENTS)).path("usageMetadata");
        assertThat(gemini.path("promptTokenCount").intValue()).isEqualTo(2511);
        assertThat(gemini.path("cachedContentTokenCount").intValue()).isEqualTo(2003);
        assertThat(gemini.path("candidatesTokenCount").intValue()).isEqualTo(36);
        assertThat(gemini.path("thoughtsTokenCount").intValue()).isEqualTo(17);
        assertThat(gemini.path("totalTokenCount").intValue()).isEqualTo(2564);

        var bedrock = body(caller.post("/model/m/converse", CONVERSE)).path("usage");
        assertThat(bedrock.path("inputTokens").intValue()).isEqualTo(101);
        assertThat(bedrock.path("cacheReadInputTokens").intValue()).isEqualTo(2003);
        assertThat(bedrock.path("totalTokens").intValue()).isEqualTo(2564);
        assertThat(caller.fake.billed()).isEqualTo(new Usage(505, 10_015, 2035, 265, 85));
    }

    private HttpResponse<byte[]> messages(String body) throws Exception {
        return caller.post("/v1/messages", body, "anthropic-version", "2023-06-01");
    }

    // ---- what is refused, in whose words

    @Test
    void a_wrong_key_is_refused_as_each_vendor_does() throws Exception {
        caller.fake.key("right");
        var openai = caller.post("/v1/chat/completions", "{}", "authorization", "Bearer wrong");
        assertThat(openai.statusCode()).isEqualTo(401);
        assertThat(body(openai).at("/error/code").asString()).isEqualTo("invalid_api_key");
        var anthropic = caller.post("/v1/messages", "{}", "x-api-key", "wrong");
        assertThat(anthropic.statusCode()).isEqualTo(401);
        assertThat(body(anthropic).at("/error/type").asString()).isEqualTo("authentication_error");
        assertThat(body(anthropic).path("request_id").asString())
                .isEqualTo(anthropic.headers().firstValue("request-id").orElseThrow());
        var gemini = caller.post(GEMINI + "generateContent?key=wrong", "{}");
        assertThat(gemini.statusCode()).isEqualTo(400);
        assertThat(body(gemini).at("/error/details/0/reason").asString())
                .isEqualTo("API_KEY_INVALID");
        assertThat(caller.post(GEMINI + "generateContent", "{}").statusCode()).isEqualTo(403);
        var bedrock = caller.post("/model/m/converse", CONVERSE);
        assertThat(bedrock.statusCode()).isEqualTo(403);
        assertThat(bedrock.headers().firstValue("x-amzn-errortype"))
                .contains("UnrecognizedClientException");
        var right = caller.post(GEMINI + "generateContent?key=right", CONTENTS);
        assertThat(right.statusCode()).isEqualTo(200);
        var header = caller.post(GEMINI + "generateContent", CONTENTS, "x-goog-api-key", "right");
        assertThat(header.statusCode()).isEqualTo(200);
    }

    @Test
    void what_a_vendor_refuses_is_refused() throws Exception {
        refuses(
                "/v1/chat/completions",
                "{'model':'gpt-5.4','max_tokens':9," + HELLO + "}",
                "Use 'max_completion_tokens' instead");
        refuses(
                "/v1/chat/completions",
                "{'model':'m','foo':1," + HELLO + "}",
                "Unrecognized request argument supplied: foo");
        refuses(
                "/v1/chat/completions",
                "{'model':'m','tool_choice':'auto'," + HELLO + "}",
                "only allowed when 'tools' are specified");
        refuses(
                "/v1/chat/completions",
                "{'model':'m','response_format':{'type':'json_schema','json_schema':{'name':'a',"
                        + "'strict':true,'schema':{'type':'object','properties':{'a':{}}}}},"
                        + HELLO
                        + "}",
                "'additionalProperties' is required to be supplied and to be false");
        refuses(
                "/v1/chat/completions",
                "{'model':'m','messages':[{'role':'user','content':'x'},{'role':'assistant',"
                        + "'tool_calls':[{'id':'c1','type':'function','function':{'name':'a',"
                        + "'arguments':'{}'}}]},{'role':'user','content':'x'}]}",
                "did not have response messages: c1");
        refuses(
                "/v1/responses",
                "{'model':'m','input':[{'type':'function_call_output',"
                        + "'call_id':'c1','output':'x'}]}",
                "No tool call found for function call output with call_id c1");
        refuses(
                "/v1/messages",
                "{'model':'claude-sonnet-5','max_tokens':9,'messages':["
                        + "{'role':'user','content':'x'},{'role':'assistant','content':'x'}]}",
                "does not support assistant message prefill");
        refuses(
                "/v1/messages",
                "{'model':'m','max_tokens':9,'thinking':{'type':'enabled',"
                        + "'budget_tokens':1024},"
                        + HELLO
                        + "}",
                "must be greater than `thinking.budget_tokens`");
        refuses("/v1/messages", "{'model':'m'," + HELLO + "}", "max_tokens: Field required");
        refuses(
                GEMINI + "generateContent",
                "{'contents':[{'parts':[{'text':'x'}]}],'tools':[{'functionDeclarations':[{'name':'a',"
                        + "'parameters':{'type':'OBJECT','additionalProperties':false}}]}]}",
                "Unknown name \"additionalProperties\"");
        refuses(
                GEMINI + "generateContent",
                "{'contents':[{'parts':[{'text':'x'}]},{'role':'model','parts':[{'functionCall':"
                        + "{'name':'a','args':{}}}]},{'parts':[{'functionResponse':{'name':'a',"
                        + "'response':{}}}]}]}",
                "missing a thought_signature");
        refuses(
                "/model/m/converse",
                "{'messages':[{'role':'assistant','content':[{'text':'x'}]}]}",
                "must alternate");
        refuses("/v1/chat/completions", "{'model'", "could not parse the JSON body");
    }

    private void refuses(String path, String ask, String why) throws Exception {
        var answer = caller.post(path, ask, "anthropic-version", "2023-06-01");
        var text = new String(answer.body(), StandardCharsets.UTF_8).replace("\\\"", "\"");
        assertThat(answer.statusCode()).as(text).isEqualTo(400);
        assertThat(text).contains(why);
    }

    @Test
    void a_body_beyond_all_limits_is_too_large() throws Exception {
        var answer = caller.post("/v1/messages", " ".repeat(33 * 1024 * 1024));
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(body(answer).at("/error/type").asString()).isEqualTo("request_too_large");
    }

    @Test
    void azure_has_its_own_paths_and_header() throws Exception {
        caller.fake.key("right");
        var path = "/openai/deployments/my%20gpt/chat/completions";
        var ask = "{" + HELLO + "}";
        var answer = caller.post(path + "?api-version=2024-10-21", ask, "api-key", "right");
        assertThat(body(answer).path("model").asString()).isEqualTo("my gpt");
        assertThat(caller.post(path, ask, "api-key", "right").statusCode()).isEqualTo(404);
        var next =
                caller.post(
                        "/openai/v1/responses", "{'model':'m','input':'x'}", "api-key", "right");
        assertThat(body(next).path("status").asString()).isEqualTo("completed");
    }

    @Test
    void models_are_listed_as_each_vendor_lists_them() throws Exception {
        caller.fake.models("a", "b");
        var openai = body(caller.bytes("GET", "/v1/models", ""));
        assertThat(openai.at("/data/1/id").asString()).isEqualTo("b");
        var anthropic = body(caller.bytes("GET", "/v1/models", "", "anthropic-version", "x"));
        assertThat(anthropic.path("last_id").asString()).isEqualTo("b");
        var gemini = body(caller.bytes("GET", "/v1beta/models", ""));
        assertThat(gemini.at("/models/0/name").asString()).isEqualTo("models/a");
        assertThat(caller.bytes("GET", "/v1/models/c", "").statusCode()).isEqualTo(404);
        assertThat(body(caller.bytes("GET", "/v1/models/b", "")).path("id").asString())
                .isEqualTo("b");
        assertThat(caller.fake.asked()).isZero();
    }

    // ---- streams

    @Test
    void geminis_stream_is_a_list_unless_events_are_asked_for() throws Exception {
        caller.fake.otherwise(asked -> FakeReply.text("Hello there, world"));
        var list = caller.post(GEMINI + "streamGenerateContent", CONTENTS);
        assertThat(list.headers().firstValue("content-type").orElseThrow())
                .startsWith("application/json");
        var sse = caller.post(GEMINI + "streamGenerateContent?alt=sse", CONTENTS);
        var chunks = events(sse);
        assertThat(body(list).size()).isEqualTo(chunks.size()).isGreaterThan(3);
        var text = new StringBuilder();
        chunks.forEach(c -> text.append(c.at("/candidates/0/content/parts/0/text").asString("")));
        assertThat(text.toString()).isEqualTo("Hello there, world");
        assertThat(chunks.getLast().at("/candidates/0/finishReason").asString()).isEqualTo("STOP");
    }

    @Test
    void several_choices_are_told_apart_and_each_is_billed() throws Exception {
        var one = caller.chat("{'model':'m'," + HELLO + "}");
        var three = caller.chat("{'model':'m','n':3," + HELLO + "}");
        assertThat(three.path("choices").size()).isEqualTo(3);
        assertThat(three.at("/usage/completion_tokens").intValue())
                .isEqualTo(3 * one.at("/usage/completion_tokens").intValue());
    }

    @Test
    void bedrock_streams_frames_with_good_checksums() throws Exception {
        caller.fake.replies(
                FakeReply.of(
                        new Part.Reasoning("Hm.", "c2ln"),
                        new Part.Text("Hello."),
                        new Part.ToolUse("t1", "look", json("{'q':'x'}"))));
        var stream = caller.post("/model/anthropic.claude-v1%3A0/converse-stream", CONVERSE);
        assertThat(stream.headers().firstValue("content-type"))
                .contains("application/vnd.amazon.eventstream");
        assertThat(caller.fake.requests().getLast().model()).isEqualTo("anthropic.claude-v1:0");
        var frames = frames(stream.body());
        assertThat(frames)
                .extracting(Frame::type)
                .startsWith("messageStart", "contentBlockDelta")
                .contains("contentBlockStart")
                .endsWith("contentBlockStop", "messageStop", "metadata");
        var said = new StringBuilder();
        frames.forEach(f -> said.append(f.body().at("/delta/text").asString("")));
        assertThat(said.toString()).isEqualTo("Hello.");
        assertThat(frames.getLast().body().at("/usage/outputTokens").intValue()).isPositive();
        assertThat(frames.get(frames.size() - 2).body().path("stopReason").asString())
                .isEqualTo("tool_use");
    }

    private record Frame(String type, JsonNode body) {}

    private static List<Frame> frames(byte[] stream) {
        var frames = new ArrayList<Frame>();
        for (var in = ByteBuffer.wrap(stream); in.hasRemaining(); ) {
            int start = in.position();
            int length = in.getInt();
            int headers = in.getInt();
            assertThat(in.getInt()).isEqualTo(crc(stream, start, 8));
            var head = new String(stream, start + 12, headers, StandardCharsets.US_ASCII);
            var body = new byte[length - headers - 16];
            in.position(start + 12 + headers).get(body);
            assertThat(in.getInt()).isEqualTo(crc(stream, start, length - 4));
            var type =
                    head.replaceFirst("(?s)^.:(event|exception)-type\\x07..(\\w+?)\\x0d:.*", "$2");
            frames.add(new Frame(type, Json.parse(body)));
        }
        return frames;
    }

    private static int crc(byte[] bytes, int from, int length) {
        var crc = new java.util.zip.CRC32();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    @Test
    void a_signature_must_have_its_form() throws Exception {
        var good =
                "AWS4-HMAC-SHA256 Credential=AKIAFAKE/20261121/us-east-1/bedrock/aws4_request,"
                        + " SignedHeaders=host;x-amz-date, Signature="
                        + "0".repeat(64);
        caller.fake.key("AKIAFAKE");
        assertThat(signed(good, "20261121T120000Z")).isEqualTo(200);
        assertThat(signed(good, "20261120T120000Z")).isEqualTo(403);
        assertThat(signed(good.replace("host;", ""), "20261121T120000Z")).isEqualTo(403);
        assertThat(signed(good.replace("/bedrock/", "/s3/"), "20261121T120000Z")).isEqualTo(403);
        assertThat(signed(good + "0", "20261121T120000Z")).isEqualTo(403);
    }

    private int signed(String authorization, String date) throws Exception {
        return caller.post(
                        "/model/m/converse",
                        CONVERSE,
                        "authorization",
                        authorization,
                        "x-amz-date",
                        date)
                .statusCode();
    }

    // ---- embeddings

    @Test
    void an_embedding_is_the_same_in_both_encodings() throws Exception {
        var ask = "{'model':'m','input':'x','dimensions':5,'encoding_format':'%s'}";
        var numbers = body(caller.post("/v1/embeddings", ask.formatted("float")));
        var text = body(caller.post("/v1/embeddings", ask.formatted("base64")));
        var bytes =
                ByteBuffer.wrap(Base64.getDecoder().decode(text.at("/data/0/embedding").asString()))
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (var number : numbers.at("/data/0/embedding")) {
            assertThat(bytes.getFloat()).isEqualTo(number.floatValue());
        }
        assertThat(bytes.hasRemaining()).isFalse();
        var tokens = body(caller.post("/v1/embeddings", "{'model':'m','input':[[1,2],[3]]}"));
        assertThat(tokens.path("data").size()).isEqualTo(2);
    }

    // ---- what it tells of itself

    @Test
    void the_invoice_is_a_witness_of_its_own_and_keys_are_not_shown() throws Exception {
        caller.post(
                "/v1/chat/completions",
                "{'model':'a,b'," + HELLO + "}",
                "authorization",
                "Bearer hidden");
        caller.post(GEMINI + "countTokens", CONTENTS);
        caller.post(GEMINI + "generateContent?key=hidden", CONTENTS);
        var lines = body(caller.bytes("GET", "/_fake/invoice", "")).path("lines");
        assertThat(lines.size()).isEqualTo(2);
        assertThat(lines.at("/0/provider").asString()).isEqualTo("gemini");
        var csv =
                new String(
                        caller.bytes("GET", "/_fake/invoice?format=csv", "").body(),
                        StandardCharsets.UTF_8);
        assertThat(csv).startsWith("provider,model,calls,").contains("openai,\"a,b\",1,");
        var requests = caller.bytes("GET", "/_fake/requests", "");
        assertThat(body(requests).size()).isEqualTo(3);
        assertThat(new String(requests.body(), StandardCharsets.UTF_8)).doesNotContain("hidden");
    }

    @Test
    void what_it_remembers_is_bounded() throws Exception {
        var books = new Books();
        for (int i = 0; i < 20_000; i++) {
            books.asked(request(1_000_000));
            books.billed("openai", "m" + i, new Usage(1, 0, 0, 1, 0));
        }
        assertThat(books.asked()).isEqualTo(20_000);
        assertThat(books.requests()).hasSize(16);
        assertThat(books.lines()).hasSize(10_000);
        assertThat(books.sums().size()).isLessThanOrEqualTo(1_001);
        assertThat(books.sums().stream().mapToLong(Books.Sum::calls).sum()).isEqualTo(20_000);
    }

    private static FakeRequest request(int bytes) {
        return new FakeRequest(
                "POST",
                "/v1/messages",
                java.util.Map.of(),
                java.util.Map.of(),
                Json.object(),
                bytes,
                "m",
                false);
    }
}
