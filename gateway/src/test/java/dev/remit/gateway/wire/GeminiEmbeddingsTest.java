package dev.remit.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Google's embeddings in OpenAI's words, and back.
class GeminiEmbeddingsTest {
    private static final String BATCH =
            """
            {"requests":[
              {"model":"models/e","content":{"parts":[{"text":"one "},{"text":"two"}]},"outputDimensionality":8},
              {"model":"models/e","content":{"parts":[{"text":"three"}]},"output_dimensionality":8}]}
            """;

    private static GeminiEmbeddings.Asked read(String body, boolean batch) throws BadRequest {
        return GeminiEmbeddings.read(body.getBytes(UTF_8), "e", batch);
    }

    private static JsonNode json(byte[] body) {
        return Json.parse(body);
    }

    @Test
    void a_batch_is_one_request_of_openais() throws Exception {
        var asked = read(BATCH, true);
        assertThat(asked.isHinted()).isFalse();
        assertThat(json(asked.inOpenAi("text-embedding-3-small")))
                .isEqualTo(
                        Json.parse(
                                """
                                {"model":"text-embedding-3-small","encoding_format":"float",
                                 "input":["one two","three"],"dimensions":8}
                                """));
    }

    @Test
    void what_only_google_understands_is_said_in_its_own_words() throws Exception {
        var asked =
                read(
                        """
                        {"content":{"parts":[{"text":"one"}]},"taskType":"RETRIEVAL_DOCUMENT","title":"A"}
                        """,
                        false);
        assertThat(asked.isHinted()).isTrue();
        assertThat(json(asked.inGemini("gemini-embedding-001")))
                .isEqualTo(
                        Json.parse(
                                """
                                {"requests":[{"model":"models/gemini-embedding-001",
                                  "content":{"parts":[{"text":"one"}]},
                                  "taskType":"RETRIEVAL_DOCUMENT","title":"A"}]}
                                """));
        assertThat(json(asked.inOpenAi("m")).toString())
                .doesNotContain("RETRIEVAL")
                .contains("one");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"requests":[]}                                                       | true  | `requests` is missing
                    {}                                                                    | false | `content` is missing
                    {"content":{"parts":[]}}                                              | false | has no text to embed
                    {"content":{"parts":[{"inlineData":{"data":"AA=="}}]}}                | false | only texts are embedded
                    {"requests":[{"content":{"parts":[{"inlineData":{"data":"AA=="}}]}}]} | true  | requests[0].content.parts[0]
                    """)
    void what_is_no_text_is_refused(String body, boolean batch, String why) {
        assertThatThrownBy(() -> read(body, batch))
                .isInstanceOfSatisfying(BadRequest.class, e -> assertThat(e.why()).contains(why));
    }

    @Test
    void vectors_of_two_sizes_are_no_one_request() throws Exception {
        var asked = read(BATCH.replace("\"output_dimensionality\":8", "\"taskType\":\"X\""), true);
        assertThatThrownBy(() -> asked.inOpenAi("m")).isInstanceOf(BadRequest.class);
        assertThat(json(asked.inGemini("m")).path("requests")).hasSize(2);
    }

    @Test
    void answers_go_there_and_back() throws Exception {
        var openAi =
                """
                {"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,1]},
                 {"object":"embedding","index":1,"embedding":[2,3]}],"model":"m","usage":{"prompt_tokens":3,"total_tokens":3}}
                """
                        .getBytes(UTF_8);
        var batch = GeminiEmbeddings.write(openAi, true);
        assertThat(json(batch))
                .isEqualTo(
                        Json.parse("{\"embeddings\":[{\"values\":[0.5,1]},{\"values\":[2,3]}]}"));
        assertThat(json(GeminiEmbeddings.write(openAi, false)))
                .isEqualTo(Json.parse("{\"embedding\":{\"values\":[0.5,1]}}"));
        var back = json(GeminiEmbeddings.toOpenAi(batch, "m"));
        assertThat(back.at("/data/1/embedding/1").asInt()).isEqualTo(3);
        assertThat(Embeddings.usage(Json.write(back).getBytes(UTF_8)).tokens()).isZero();
        assertThatThrownBy(() -> GeminiEmbeddings.write("{}".getBytes(UTF_8), true))
                .isInstanceOf(Garbage.class);
    }
}
