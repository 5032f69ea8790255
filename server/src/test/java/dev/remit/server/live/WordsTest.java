package dev.remit.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import dev.remit.core.secret.PatternRedactor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// Words, and places among them.
class WordsTest {
    private static String text(Piece piece) {
        var frame = new String(piece.frame().bytes(), StandardCharsets.UTF_8);
        var data =
                frame.lines().filter(line -> line.startsWith("data: ")).findFirst().orElseThrow();
        return Json.parse(data.substring(6)).path("text").asString("");
    }

    private static Spoken now(Speech speech) {
        while (speech.isBehind()) {
            speech.now();
            LockSupport.parkNanos(100_000);
        }
        return speech.now();
    }

    @Test
    void wherever_a_reader_stopped_it_goes_on_with_what_it_has_not() {
        var text = "The cause is the cache \uD83D\uDE00 that was cold.";
        var random = new Random(7);
        for (int round = 0; round < 200; round++) {
            var place = Place.behind(9);
            var heard = new StringBuilder();
            for (int length = 0; length < text.length(); ) {
                length = Math.min(text.length(), length + random.nextInt(9));
                boolean inPair = length > 0 && Character.isHighSurrogate(text.charAt(length - 1));
                length += inPair ? 1 : 0;
                var piece =
                        Piece.of(Place.parse(place.id()), new Spoken(9, text.substring(0, length)));
                if (piece != null) {
                    heard.append(text(piece));
                    place = piece.after();
                }
            }
            assertThat(heard).hasToString(text);
            assertThat(Piece.rest(place, text)).isNull();
            assertThat(Piece.of(place, new Spoken(9, "The"))).as("a node that knows less").isNull();
        }
    }

    @Test
    void a_reader_with_other_words_gets_all_of_them_and_one_without_gets_no_rest() {
        var piece = Piece.of(Place.behind(9), new Spoken(9, "The cause is "));
        var place = Place.parse(piece.after().id());
        var other = Piece.rest(place, "Another cause is likely");
        assertThat(text(other)).isEqualTo("Another cause is likely");
        assertThat(text(Piece.rest(place, "The")))
                .as("shorter than what was heard")
                .isEqualTo("The");
        assertThat(text(Piece.of(place, new Spoken(12, "Then "))))
                .as("of the next call")
                .isEqualTo("Then ");
        assertThat(Piece.rest(Place.behind(9), "whatever")).isNull();
    }

    @Test
    void what_is_shown_only_grows_and_is_how_the_clean_text_begins() {
        var speech = new Speech(3, new PatternRedactor(() -> Set.of("four words of secret")));
        var whole =
                "It is four words of secret, or password=hunter2 and more of it; done, as it seems, for now and for some time.\n";
        var shown = "";
        for (int i = 0; i < whole.length(); i++) {
            speech.add(whole.substring(i, i + 1));
            var text = now(speech).text();
            assertThat(text).startsWith(shown).doesNotContain("four").doesNotContain("hunt");
            shown = text;
        }
        assertThat(shown)
                .isEqualTo(new PatternRedactor(() -> Set.of("four words of secret")).redact(whole));
    }

    @Test
    void a_secret_that_becomes_known_later_ends_what_is_shown() {
        var held = new AtomicReference<>(Set.<String>of());
        var speech = new Speech(3, new PatternRedactor(held::get));
        speech.add("Today it is swordfish, and ");
        assertThat(now(speech).text()).isEqualTo("Today it is swordfish, and ");
        held.set(Set.of("swordfish"));
        speech.add("swordfish tomorrow, too, as we all know by now, of course. ");
        assertThat(now(speech).text()).isEqualTo("Today it is swordfish, and ");
    }

    @Test
    void no_more_than_a_bound_is_shown_and_nothing_behind_a_gap() {
        var speech = new Speech(3, new PatternRedactor());
        speech.add("a ".repeat(100_000));
        speech.add("b ".repeat(100_000));
        speech.add("c ");
        assertThat(now(speech).text()).hasSize(200_000).doesNotContain("b").doesNotContain("c");
    }

    @Test
    void ids_that_were_not_given_out_are_told_apart() {
        var wrong = new ArrayList<String>();
        for (var id :
                List.of("", "x", "1~", "1.2.3.4.5", "1~2~3", "1~2.3.4x", "1~-2.3.4", "1~2.3.-4")) {
            try {
                Place.parse(id);
            } catch (IllegalArgumentException e) {
                wrong.add(id);
            }
        }
        assertThat(wrong).hasSize(8);
        assertThat(Place.parse("7")).isEqualTo(Place.behind(7));
        assertThat(Place.parse("-7")).isEqualTo(Place.behind(0));
    }
}
