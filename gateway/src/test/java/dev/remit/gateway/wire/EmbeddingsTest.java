package dev.remit.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.money.Usage;
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
        var asked = facts("{\"input\":" + input + ",\"model\":\"e\"}");

        assertThat(asked.inputs()).isEqualTo(count);
        assertThat(asked.model()).isEqualTo("e");
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

    private static Embeddings.Asked facts(String body) throws BadRequest {
        return Embeddings.facts(body.getBytes(UTF_8));
    }

    private static Usage usage(String body) throws Garbage {
        return Embeddings.usage(body.getBytes(UTF_8));
    }
}
