package dev.remit.core.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HintsTest {
    private static final List<String> WORDS =
            Stream.of(
                            PrivateKeys.WORDS,
                            TokenShapes.WORDS,
                            UserInfo.WORDS,
                            Headers.WORDS,
                            Assignments.STEMS,
                            CommandLines.WORDS)
                    .flatMap(List::stream)
                    .toList();

    @Test
    void a_word_is_hinted_at_wherever_it_stands_and_in_any_case() {
        var hints = new Hints(WORDS);
        var random = new Random(7);
        for (var word : WORDS) {
            for (int i = 0; i < 200; i++) {
                var text = noise(random) + anyCase(word, random) + noise(random);
                assertThat(hints.in(text) & Hints.bit(word)).as(text).isNotZero();
            }
        }
    }

    @Test
    void digits_hint_at_digits() {
        var hints = new Hints(List.of(CardNumbers.DIGITS));
        assertThat(hints.in("4111")).isNotZero();
        assertThat(hints.in("on the 12th of 41 days")).isZero();
    }

    @Test
    void ordinary_words_hint_at_nothing() {
        var hints = new Hints(WORDS);
        assertThat(hints.in("Node seven was drained at two, the queue grew, and was empty."))
                .isZero();
        assertThat(hints.in("")).isZero();
    }

    private static String noise(Random random) {
        var alphabet = "abcXYZ019 _-:/.\"'\\$éя密\n";
        return random.ints(random.nextInt(6), 0, alphabet.length())
                .mapToObj(i -> String.valueOf(alphabet.charAt(i)))
                .reduce("", String::concat);
    }

    private static String anyCase(String word, Random random) {
        return word.chars()
                .mapToObj(c -> String.valueOf((char) c))
                .map(c ->
                        c.charAt(0) > 127 || random.nextBoolean() ? c : c.toUpperCase(Locale.ROOT))
                .reduce("", String::concat);
    }
}
