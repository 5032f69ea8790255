package dev.remit.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.json.Json;
import dev.remit.gateway.wire.Codec.InPath;
import java.util.List;
import org.junit.jupiter.api.Test;

class CountTokensTest {
    private static final InPath PATH = new InPath("gemini-3-flash", false);
    private static final byte[] MESSAGES =
            "{\"model\":\"m\",\"system\":\"Be brief.\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello there\"}]}"
                    .getBytes(UTF_8);
    private static final byte[] CONTENTS =
            "{\"contents\":[{\"parts\":[{\"text\":\"Hello there\"}]}]}".getBytes(UTF_8);
    private static final byte[] WHOLE =
            "{\"generateContentRequest\":{\"model\":\"models/route\",\"systemInstruction\":{\"parts\":[{\"text\":\"Be brief.\"}]},\"contents\":[{\"parts\":[{\"text\":\"Hello there\"}]}]}}"
                    .getBytes(UTF_8);

    @Test
    void what_must_be_known_is_found_although_there_is_no_cap() throws Exception {
        var asked = CountTokens.facts(Dialect.ANTHROPIC, MESSAGES, InPath.NOTHING);
        assertThat(asked.model()).isEqualTo("m");
        assertThat(asked.turns()).isEqualTo(1);
        for (var body : List.of(CONTENTS, WHOLE)) {
            var facts = CountTokens.facts(Dialect.GEMINI, body, PATH);
            assertThat(facts.model()).isEqualTo("gemini-3-flash");
            assertThat(facts.turns()).isEqualTo(1);
        }
    }

    @Test
    void only_the_model_is_changed() throws Exception {
        assertThat(new String(CountTokens.splice(Dialect.ANTHROPIC, MESSAGES, "claude"), UTF_8))
                .isEqualTo(new String(MESSAGES, UTF_8).replace("\"m\"", "\"claude\""));
        assertThat(CountTokens.splice(Dialect.GEMINI, CONTENTS, "gemini")).isEqualTo(CONTENTS);
        assertThat(new String(CountTokens.splice(Dialect.GEMINI, WHOLE, "gemini"), UTF_8))
                .isEqualTo(new String(WHOLE, UTF_8).replace("models/route", "models/gemini"));
    }

    @Test
    void anthropics_clients_count_on_gemini() throws Exception {
        var request = CountTokens.readRequest(Dialect.ANTHROPIC, MESSAGES, InPath.NOTHING);
        var question = Json.parse(CountTokens.ask(Dialect.GEMINI, request));

        assertThat(question)
                .isEqualTo(
                        Json.parse(
                                """
                                {"generateContentRequest":{"model":"models/m",
                                  "contents":[{"role":"user","parts":[{"text":"Hello there"}]}],
                                  "systemInstruction":{"parts":[{"text":"Be brief."}]}}}\
                                """));
        var tokens = CountTokens.read(Dialect.GEMINI, "{\"totalTokens\":7}".getBytes(UTF_8));
        assertThat(new String(CountTokens.write(Dialect.ANTHROPIC, tokens), UTF_8))
                .isEqualTo("{\"input_tokens\":7}");
    }

    @Test
    void geminis_clients_count_on_anthropic() throws Exception {
        var request = CountTokens.readRequest(Dialect.GEMINI, WHOLE, PATH);
        var question = Json.parse(CountTokens.ask(Dialect.ANTHROPIC, request));

        assertThat(question.propertyNames())
                .containsExactlyInAnyOrder("model", "messages", "system");
        var tokens = CountTokens.read(Dialect.ANTHROPIC, "{\"input_tokens\":7}".getBytes(UTF_8));
        assertThat(new String(CountTokens.write(Dialect.GEMINI, tokens), UTF_8))
                .isEqualTo("{\"totalTokens\":7}");
    }

    @Test
    void an_estimate_grows_with_the_words_and_counts_pictures_once() throws Exception {
        var small = CountTokens.readRequest(Dialect.ANTHROPIC, MESSAGES, InPath.NOTHING);
        assertThat(CountTokens.estimate(small)).isBetween(5L, 30L);
        var picture =
                ("{\"contents\":[{\"parts\":[{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\""
                                + "A".repeat(100_000)
                                + "\"}}]}]}")
                        .getBytes(UTF_8);
        var large = CountTokens.readRequest(Dialect.GEMINI, picture, PATH);
        assertThat(CountTokens.estimate(large)).isBetween(500L, 2_000L);
    }

    @Test
    void an_answer_without_a_number_is_garbage_and_others_do_not_count() throws Exception {
        assertThatThrownBy(() -> CountTokens.read(Dialect.GEMINI, "{}".getBytes(UTF_8)))
                .isInstanceOf(Garbage.class);
        assertThat(CountTokens.isCounted(Dialect.OPENAI_CHAT)).isFalse();
        var request = CountTokens.readRequest(Dialect.ANTHROPIC, MESSAGES, InPath.NOTHING);
        assertThatThrownBy(() -> CountTokens.ask(Dialect.OPENAI_CHAT, request))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("estimate");
    }
}
