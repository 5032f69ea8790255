package dev.remit.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.json.Json;
import dev.remit.core.money.Usage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddingsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"\"one\"|1", "[\"one\",\"two\"]|2", "[1,2,3]|1", "[[1,2],[3],[4]]|3"})
    void inputs_are_counted(String input, int count) throws Exception {
        var asked =
                facts("{\"input\":" + input + ",\"model\":\"e\",\"encoding_format\":\"base64\"}");

        assertThat(asked.inputs()).isEqualTo(count);
        assertThat(asked.model()).isEqualTo("e");
        assertThat(asked.base64()).isTrue();
    }

    @Test
    void a_request_without_input_or_model_is_refused() {
        for (var body :
                List.of(
                        "{\"model\":\"e\"}",
                        "{\"model\":\"e\",\"input\":[]}",
                        "{\"model\":\"e\",\"input\":[\"a\",1]}",
                        "{\"model\":\"e\",\"input\":7}",
                        "{\"input\":\"x\"}",
                        "[]")) {
            assertThatThrownBy(() -> facts(body)).isInstanceOf(BadRequest.class);
        }
    }

    @Test
    void only_the_model_is_changed() throws Exception {
        var body = "{ \"input\":\"a\\u00e4\" , \"model\" : \"e\" }";

        assertThat(new String(Embeddings.splice(body.getBytes(UTF_8), "real"), UTF_8))
                .isEqualTo(body.replace("\"e\"", "\"real\""));
    }

    @Test
    void usage_is_read_past_the_vectors() throws Exception {
        assertThat(
                        usage(
                                "{\"data\":[{\"embedding\":[0.1,0.2]},{\"embedding\":\"AAA\"}],\"model\":\"m\",\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}"))
                .isEqualTo(new Usage(8, 0, 0, 0, 0));
        for (var body : List.of("", "[]", "{}", "{\"data\":[]}", "{\"data\":[{]}")) {
            assertThatThrownBy(() -> usage(body)).isInstanceOf(Garbage.class);
        }
    }

    @Test
    void gemini_is_asked_for_all_inputs_at_once_and_answers_in_openais_form() throws Exception {
        var body = "{\"model\":\"e\",\"input\":[\"one\",\"two\"],\"dimensions\":2}".getBytes(UTF_8);
        assertThat(Json.parse(Embeddings.toGemini(body, "gemini-embedding-001")))
                .isEqualTo(
                        Json.parse(
                                """
                                {"requests":[
                                  {"model":"models/gemini-embedding-001","content":{"parts":[{"text":"one"}]},"outputDimensionality":2},
                                  {"model":"models/gemini-embedding-001","content":{"parts":[{"text":"two"}]},"outputDimensionality":2}]}\
                                """));

        var answer =
                "{\"embeddings\":[{\"values\":[0.5,-1]},{\"values\":[0.25,2]}]}".getBytes(UTF_8);
        var asked = Embeddings.facts(body);
        assertThat(Json.write(Json.parse(Embeddings.fromGemini(answer, asked, "m", 4))))
                .isEqualTo(
                        "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.5,-1]},{\"object\":\"embedding\",\"index\":1,\"embedding\":[0.25,2]}],\"model\":\"m\",\"usage\":{\"prompt_tokens\":4,\"total_tokens\":4}}");
        assertThat(Embeddings.geminiUsage(answer)).isNull();
    }

    @Test
    void numbers_in_base64_are_little_endian_floats() throws Exception {
        var asked = facts("{\"model\":\"e\",\"input\":\"x\",\"encoding_format\":\"base64\"}");
        var answer = "{\"embeddings\":[{\"values\":[0.5,-1]}]}".getBytes(UTF_8);
        var written = Json.parse(Embeddings.fromGemini(answer, asked, "m", 1));
        var floats =
                ByteBuffer.wrap(
                                Base64.getDecoder()
                                        .decode(written.at("/data/0/embedding").asString("")))
                        .order(ByteOrder.LITTLE_ENDIAN);

        assertThat(floats.getFloat()).isEqualTo(0.5f);
        assertThat(floats.getFloat()).isEqualTo(-1f);
        assertThat(floats.remaining()).isZero();
    }

    @Test
    void what_gemini_cannot_take_is_refused_and_what_it_leaves_out_is_garbage() throws Exception {
        assertThatThrownBy(() ->
                        Embeddings.toGemini(
                                "{\"model\":\"e\",\"input\":[1,2]}".getBytes(UTF_8), "m"))
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining("send the text");
        var asked = facts("{\"model\":\"e\",\"input\":[\"a\",\"b\"]}");
        var answer = "{\"embeddings\":[{\"values\":[1]}]}".getBytes(UTF_8);
        assertThatThrownBy(() -> Embeddings.fromGemini(answer, asked, "m", 1))
                .isInstanceOf(Garbage.class);
    }

    private static Embeddings.Asked facts(String body) throws BadRequest {
        return Embeddings.facts(body.getBytes(UTF_8));
    }

    private static Usage usage(String body) throws Garbage {
        return Embeddings.usage(body.getBytes(UTF_8));
    }
}
