package dev.remit.hands.function;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Cuts text of any script into what can be compared: words without accents in lower case; for
/// scripts that put no spaces between words, each two neighbouring characters.
final class Words {
    private Words() {}

    static List<String> of(String text) {
        var plain = Normalizer.normalize(text, Normalizer.Form.NFKD).toLowerCase(Locale.ROOT);
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        var run = new ArrayList<String>();
        plain.codePoints()
                .forEach(c -> {
                    if ((c >= 0x300 && c <= 0x36f) || c == 0x3099 || c == 0x309a) {
                        return; // accents
                    }
                    boolean joined = isJoined(c);
                    boolean letter = Character.isLetterOrDigit(c) || isMark(c);
                    if (joined || !letter) {
                        flush(word, words);
                    }
                    if (!joined) {
                        pairs(run, words);
                    }
                    if (joined) {
                        run.add(Character.toString(c));
                    } else if (letter) {
                        word.appendCodePoint(c);
                    }
                });
        flush(word, words);
        pairs(run, words);
        return words;
    }

    private static boolean isJoined(int c) {
        if (!Character.isLetter(c) && !isMark(c)) {
            return false;
        }
        return switch (Character.UnicodeScript.of(c)) {
            case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
            default -> false;
        };
    }

    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    private static void flush(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    private static void pairs(List<String> run, List<String> words) {
        if (run.size() == 1) {
            words.add(run.getFirst());
        }
        for (int i = 0; i + 1 < run.size(); i++) {
            words.add(run.get(i) + run.get(i + 1));
        }
        run.clear();
    }
}
