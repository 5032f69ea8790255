package dev.remit.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import dev.remit.core.money.Usage;
import org.junit.jupiter.api.Test;

/// What of a prompt is no text, in each dialect, and what is told of it when it is billed.
class MediaTest {
    private static final String DATA = "A".repeat(1000);

    private static Media chat(String parts) throws BadRequest {
        return media(
                Dialect.OPENAI_CHAT,
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[" + parts + "]}]}");
    }

    private static Media claude(String blocks) throws BadRequest {
        return media(
                Dialect.ANTHROPIC,
                "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":["
                        + blocks
                        + "]}]}");
    }

    private static Media gemini(String parts) throws BadRequest {
        return Codec.of(Dialect.GEMINI)
                .facts(
                        ("{\"contents\":[{\"parts\":[" + parts + "]}]}").getBytes(UTF_8),
                        new Codec.InPath("m", false))
                .media();
    }

    private static Media responses(String parts) throws BadRequest {
        return media(
                Dialect.OPENAI_RESPONSES,
                "{\"model\":\"m\",\"input\":[{\"role\":\"user\",\"content\":[" + parts + "]}]}");
    }

    private static Media media(Dialect dialect, String body) throws BadRequest {
        return Codec.of(dialect).facts(body.getBytes(UTF_8), Codec.InPath.NOTHING).media();
    }

    @Test
    void the_bytes_of_a_picture_are_known_in_every_dialect() throws Exception {
        var one = new Media(1, 1000, 0, 0, false);
        var url = "\"data:image/png;base64," + DATA + "\"";
        assertThat(chat("{\"type\":\"image_url\",\"image_url\":{\"url\":" + url + "}}"))
                .isEqualTo(one);
        assertThat(
                        claude(
                                "{\"type\":\"image\",\"source\":{\"type\":\"base64\","
                                        + "\"media_type\":\"image/png\",\"data\":\""
                                        + DATA
                                        + "\"}}"))
                .isEqualTo(one);
        assertThat(
                        gemini(
                                "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\""
                                        + DATA
                                        + "\"}}"))
                .isEqualTo(one);
        assertThat(responses("{\"type\":\"input_image\",\"image_url\":" + url + "}"))
                .isEqualTo(one);
    }

    @Test
    void what_is_escaped_counts_once_so_that_no_writer_makes_the_bound_too_low() throws Exception {
        var escaped = "\"data:image\\/png;base64,AA\\/\\u0041\"";
        // not known to be a picture's data by its first letters: then all of its bytes are text
        assertThat(chat("{\"type\":\"image_url\",\"image_url\":{\"url\":" + escaped + "}}"))
                .isEqualTo(new Media(1, 0, 0, 0, false));
        var plain = "\"data:image/png;base64,AA\\/\\u0041\"";
        assertThat(chat("{\"type\":\"image_url\",\"image_url\":{\"url\":" + plain + "}}"))
                .isEqualTo(new Media(1, 4, 0, 0, false));
        var outside = "\"https://example.com/a.png\"";
        assertThat(chat("{\"type\":\"image_url\",\"image_url\":{\"url\":" + outside + "}}"))
                .isEqualTo(new Media(1, 0, 0, 0, false));
    }

    @Test
    void documents_and_films_are_packed_and_plain_text_is_not() throws Exception {
        var packed = new Media(0, 0, 0, 1, false);
        assertThat(chat("{\"type\":\"file\",\"file\":{\"file_data\":\"data:application/pdf,A\"}}"))
                .isEqualTo(packed);
        var document = "{\"type\":\"document\",\"source\":{\"type\":\"%s\",%s}}";
        assertThat(
                        claude(
                                document.formatted(
                                        "base64",
                                        "\"media_type\":\"application/pdf\",\"data\":\"AAAA\"")))
                .isEqualTo(packed);
        assertThat(
                        claude(
                                document.formatted(
                                        "text",
                                        "\"media_type\":\"text/plain\",\"data\":\"Some words\"")))
                .isEqualTo(Media.NONE);
        assertThat(gemini("{\"inlineData\":{\"mimeType\":\"application/pdf\",\"data\":\"AAAA\"}}"))
                .isEqualTo(packed);
        assertThat(gemini("{\"inlineData\":{\"mimeType\":\"text/plain\",\"data\":\"AAAA\"}}"))
                .isEqualTo(Media.NONE);
        assertThat(gemini("{\"inlineData\":{\"mimeType\":\"video/mp4\",\"data\":\"AAAA\"}}"))
                .isEqualTo(new Media(0, 0, 0, 1, true));
        assertThat(responses("{\"type\":\"input_file\",\"file_data\":\"data:application/pdf,A\"}"))
                .isEqualTo(packed);
    }

    @Test
    void sound_has_a_byte_for_each_token_unless_it_is_packed() throws Exception {
        var sound = "{\"type\":\"input_audio\",\"input_audio\":{\"format\":\"%s\",\"data\":\"A\"}}";
        assertThat(chat(sound.formatted("wav"))).isEqualTo(new Media(0, 0, 1, 0, true));
        assertThat(responses(sound.formatted("mp3"))).isEqualTo(new Media(0, 0, 1, 0, true));
        assertThat(chat(sound.formatted("flac"))).isEqualTo(new Media(0, 0, 0, 1, true));
        assertThat(gemini("{\"inlineData\":{\"mimeType\":\"audio/mpeg\",\"data\":\"AAAA\"}}"))
                .isEqualTo(new Media(0, 0, 1, 0, true));
        assertThat(gemini("{\"inlineData\":{\"mimeType\":\"audio/ogg\",\"data\":\"AAAA\"}}"))
                .isEqualTo(new Media(0, 0, 0, 1, true));
    }

    @Test
    void an_answer_aloud_is_refused_since_nobody_knows_its_price() throws Exception {
        var body =
                "{\"model\":\"m\",\"modalities\":[\"text\",\"audio\"],\"audio\":{\"voice\":\"a\"},"
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"Say it\"}]}";
        assertThat(
                        Codec.of(Dialect.OPENAI_CHAT)
                                .facts(body.getBytes(UTF_8), Codec.InPath.NOTHING)
                                .bounded())
                .isFalse();
    }

    @Test
    void the_sound_that_was_billed_is_told_apart() {
        assertThat(
                        ChatReading.usage(
                                Json.parse(
                                        "{\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":5,"
                                                + "\"prompt_tokens_details\":{\"cached_tokens\":20,"
                                                + "\"audio_tokens\":60}}}")))
                .isEqualTo(new Usage(80, 20, 0, 5, 0, 60));
        assertThat(
                        GeminiReading.usage(
                                Json.parse(
                                        "{\"promptTokenCount\":100,\"candidatesTokenCount\":5,"
                                                + "\"cachedContentTokenCount\":30,"
                                                + "\"promptTokensDetails\":["
                                                + "{\"modality\":\"TEXT\",\"tokenCount\":20},"
                                                + "{\"modality\":\"AUDIO\",\"tokenCount\":80}],"
                                                + "\"cacheTokensDetails\":["
                                                + "{\"modality\":\"AUDIO\",\"tokenCount\":30}]}")))
                .isEqualTo(new Usage(70, 30, 0, 5, 0, 50));
    }
}
