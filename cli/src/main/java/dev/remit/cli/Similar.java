package dev.remit.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// What a mistyped word may have meant.
final class Similar {
    private static final int MOST = 3;

    private Similar() {}

    /// The closest of the known words; empty if none is close.
    static List<String> to(String word, Collection<String> known) {
        int tolerance = Math.max(2, word.length() / 3);
        return known.stream()
                .filter(k -> distance(word, k) <= tolerance)
                .sorted(Comparator.comparingInt(k -> distance(word, k)))
                .limit(MOST)
                .toList();
    }

    /// How many letters must be changed, added or left out (Levenshtein 1965).
    static int distance(String a, String b) {
        var row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
