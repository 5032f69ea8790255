package dev.remit.core.text;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/// Finds what somebody may have meant.
public final class Nearest {
    private Nearest() {}

    /// "did you mean `x`?", or else what there is to choose from.
    public static String hint(String word, Collection<String> known) {
        return to(word, known)
                .map(near -> "did you mean `" + near + "`?")
                .orElseGet(() ->
                        known.isEmpty()
                                ? "there is none"
                                : "one of: " + String.join(", ", new TreeSet<>(known)));
    }

    /// The known word that is nearest, if one is near.
    public static Optional<String> to(String word, Collection<String> known) {
        var meant = plain(word);
        String best = null;
        int least = Math.max(1, Math.min(3, meant.length() / 3)) + 1;
        for (var candidate : new TreeSet<>(known)) {
            int distance = distance(meant, plain(candidate), least);
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
    }

    private static String plain(String word) {
        var cut = word.length() > 64 ? word.substring(0, 64) : word;
        return cut.replaceAll("[-_. ]", "").toLowerCase(Locale.ROOT);
    }

    /// Levenshtein's distance, or `bound` if it is not less.
    private static int distance(String a, String b, int bound) {
        if (Math.abs(a.length() - b.length()) >= bound) {
            return bound;
        }
        var row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(above, row[j - 1]) + 1, diagonal + change);
                diagonal = above;
            }
        }
        return Math.min(row[b.length()], bound);
    }
}
