package dev.remit.core.secret;

/// Which pairs of neighbouring characters a text has, in any case of ASCII. A word that has a pair
/// which the text has not is not in the text, and need not be looked for: one pass over the text
/// saves a hundred.
final class Pairs {
    private static final int SIZE = 4096;
    private final long[] seen = new long[SIZE / Long.SIZE];

    /// @param lower the text in lower case
    Pairs(String lower) {
        if (lower.isEmpty()) {
            return;
        }
        int before = lower.charAt(0);
        for (int i = 1; i < lower.length(); i++) {
            int c = lower.charAt(i);
            int pair = pair(before, c);
            seen[pair >>> 6] |= 1L << pair;
            before = c;
        }
    }

    /// The pairs of a word, to be asked for many times.
    static int[] of(String word) {
        var lower = Chars.lower(word);
        var pairs = new int[Math.max(0, lower.length() - 1)];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = pair(lower.charAt(i), lower.charAt(i + 1));
        }
        return pairs;
    }

    /// Whether a text with these pairs may be there; never false if it is.
    boolean mayHold(int[] pairs) {
        for (int pair : pairs) {
            if ((seen[pair >>> 6] & (1L << pair)) == 0) {
                return false;
            }
        }
        return true;
    }

    private static int pair(int first, int second) {
        return ((first * 31) ^ (second * 7)) & (SIZE - 1);
    }
}
