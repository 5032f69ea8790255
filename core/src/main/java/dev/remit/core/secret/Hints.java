package dev.remit.core.secret;

import java.util.Collection;

/// Which of many words a text may hold, found in one pass: of each word its rarest three neighbours
/// are looked for, in any case of ASCII. What is not hinted at is not there and need not be looked
/// for; so a text of nothing suspicious is looked at once, not a hundred times.
final class Hints {
    private static final int BITS = 5;
    private static final int CLASSES = 1 << BITS;
    private static final int GRAMS = CLASSES * CLASSES * CLASSES;

    private static final int BLANK = 0;
    private static final int DIGIT = 27;
    private static final int DASH = 28;
    private static final int SLASH = 29;
    private static final int OTHER = 30;
    private static final int BEYOND_ASCII = 31;

    /// Letters of English, the commonest first.
    private static final String COMMONEST = "etaoinshrdlcumwfgypbvkjxqz";

    private static final byte[] CLASS = classes();

    private final long[] seen = new long[GRAMS / Long.SIZE];
    private final long[] words = new long[GRAMS];

    /// @param all of at least two characters each
    Hints(Collection<String> all) {
        for (var word : all) {
            note(word);
        }
    }

    /// The bit of a word among the hints. Some words share one.
    static long bit(String word) {
        return 1L << ((word.hashCode() * 0x9E3779B9) >>> 26);
    }

    long in(String text) {
        return in(text.toCharArray());
    }

    /// The bits of all words that may be in a text, and perhaps of others.
    long in(char[] text) {
        long found = 0;
        int gram = 0;
        for (char c : text) {
            gram = next(gram, classOf(c));
            if ((seen[gram >>> 6] & (1L << gram)) != 0) {
                found |= words[gram];
            }
        }
        return found | words[next(gram, BLANK)];
    }

    private void note(String word) {
        if (word.length() < 2) {
            throw new IllegalArgumentException("too short to be looked for: " + word);
        }
        int first = classOf(word.charAt(0));
        int second = classOf(word.charAt(1));
        if (word.length() == 2) {
            for (int third = 0; third < CLASSES; third++) {
                note(next(next(first, second), third), word);
            }
            return;
        }
        int rarest = 0;
        int most = -1;
        for (int i = 2; i < word.length(); i++) {
            int third = classOf(word.charAt(i));
            int rarity = rarity(first) + rarity(second) + rarity(third);
            if (rarity > most) {
                most = rarity;
                rarest = next(next(first, second), third);
            }
            first = second;
            second = third;
        }
        note(rarest, word);
    }

    private void note(int gram, String word) {
        seen[gram >>> 6] |= 1L << gram;
        words[gram] |= bit(word);
    }

    private static int next(int gram, int last) {
        return (gram << BITS | last) & (GRAMS - 1);
    }

    private static int classOf(char c) {
        return c < 128 ? CLASS[c] : BEYOND_ASCII;
    }

    private static int rarity(int kind) {
        return switch (kind) {
            case BLANK -> 0;
            case DIGIT -> 10;
            case DASH, SLASH, OTHER -> 12;
            case BEYOND_ASCII -> 20;
            default -> COMMONEST.indexOf('a' + kind - 1);
        };
    }

    private static byte[] classes() {
        var classes = new byte[128];
        for (char c = 0; c < classes.length; c++) {
            classes[c] =
                    (byte)
                            (Chars.isLetter(c)
                                    ? c & 31
                                    : Chars.isDigit(c)
                                            ? DIGIT
                                            : switch (c) {
                                                case '-', '_' -> DASH;
                                                case ':', '/' -> SLASH;
                                                default -> c <= ' ' ? BLANK : OTHER;
                                            });
        }
        return classes;
    }
}
