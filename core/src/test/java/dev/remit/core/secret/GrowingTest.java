package dev.remit.core.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/// What is shown of a text before the rest of it is there.
class GrowingTest {
    private final PatternRedactor redactor = new PatternRedactor();

    /// Shows a text as it would be shown if it came letter by letter.
    private static String shown(PatternRedactor redactor, String text, SoftAssertions soft) {
        var shown = "";
        var whole = redactor.redact(text);
        for (int length = 0; length <= text.length(); length++) {
            var part = text.substring(0, length);
            var now = redactor.redact(part.substring(0, redactor.settled(part)));
            if (now.length() > shown.length()) {
                soft.assertThat(now).as("of " + part).startsWith(shown);
                shown = now;
            }
        }
        soft.assertThat(whole).as(text).startsWith(shown);
        return shown;
    }

    @Test
    void a_secret_is_never_shown_in_part_whatever_it_is_and_wherever_it_stands() {
        var soft = new SoftAssertions();
        for (long seed = 0; seed < 1; seed++) {
            var corpus = new SecretCorpus(new Random(seed));
            for (var sample : corpus.samples()) {
                var text = corpus.line() + "\n" + sample.text() + " and then\n" + corpus.line();
                var shown = shown(redactor, text, soft).replaceAll("\\[redacted:[a-z-]+]", "");
                for (int i = 0; i + 6 <= sample.secret().length(); i++) {
                    soft.assertThat(shown)
                            .as(sample.name())
                            .doesNotContain(sample.secret().substring(i, i + 6));
                }
            }
        }
        soft.assertAll();
    }

    @Test
    void ordinary_text_is_shown_but_for_its_last_words() {
        var soft = new SoftAssertions();
        for (var text : SecretCorpus.ordinary()) {
            shown(redactor, text + "\nand so on. ", soft);
        }
        soft.assertAll();
        var text = "The service was slow, since the cache was cold. It recovers by it";
        assertThat(redactor.settled(text)).isEqualTo(text.length() - "it".length());
        var japanese = "注文サービスの応答が遅いです";
        assertThat(redactor.settled(japanese)).isEqualTo(japanese.length());
    }

    @Test
    void a_value_of_several_words_is_held_back_from_its_first_letter() {
        var value = "correct horse battery staple";
        var redactor = new PatternRedactor(() -> Set.of(value));
        var soft = new SoftAssertions();
        var shown =
                shown(
                        redactor,
                        "I have it: "
                                + value
                                + ". That is all there is, and all there ever was of it. Bye",
                        soft);
        soft.assertThat(shown)
                .isEqualTo(
                        "I have it: [redacted:secret]. That is all there is, and all there ever was of it. ");
        for (var quoted :
                new String[] {
                    "password: \"%s\" was it",
                    "<password>%s</password> was it",
                    "sshpass -p '%s' ssh me@db1 was it",
                    "{\"api_key\": \"ab %s\", \"x\": 1} was it"
                }) {
            var text = quoted.formatted(value);
            soft.assertThat(shown(this.redactor, text, soft))
                    .as(text)
                    .doesNotContain("correct")
                    .doesNotContain("horse");
        }
        soft.assertAll();
    }
}
