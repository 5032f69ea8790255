package dev.remit.gateway.guard;

import dev.remit.core.secret.PatternRedactor;
import java.util.List;

/// Finds secrets: held values, tokens of known shapes, and what stands under the name of a secret.
final class SecretsGuarding implements Guarding {
    /// The longest that is held back of something that may still become a secret.
    private static final int LONGEST = 64 * 1024;

    private static final int DIGITS = 24;
    private static final int LONGEST_LINE = 80;
    private static final String KEY = "private-key";
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";

    private final PatternRedactor redactor;

    SecretsGuarding(PatternRedactor redactor) {
        this.redactor = redactor;
    }

    PatternRedactor redactor() {
        return redactor;
    }

    @Override
    public boolean isClean(String raw, boolean escaped) {
        return !escaped && redactor.find(raw).isEmpty();
    }

    @Override
    public List<Found> find(String field, String text) {
        return redactor.find(text).stream()
                .map(one ->
                        new Found(
                                one.start(),
                                one.end(),
                                one.kind(),
                                "[redacted:" + one.kind() + "]"))
                .toList();
    }

    /// Secrets have no white space but for a few: so all but the last word is done with, unless it
    /// ends in what is a secret so far, or in groups of digits.
    @Override
    public int open(String text, int from) {
        int word = text.length();
        while (word > from && isWord(text.charAt(word - 1))) {
            word--;
        }
        int open = word;
        while (open > from
                && word - open < DIGITS
                && (Character.isDigit(text.charAt(open - 1)) || text.charAt(open - 1) == ' ')) {
            open--;
        }
        while (open > 0 && open < word && isWord(text.charAt(open - 1))) {
            open++; // digits at the end of a word are no group
        }
        open = hasDigit(text, open, word) ? open : word;
        open = Math.min(open, Math.max(from, keyBegin(text, word)));
        for (var found : redactor.find(text)) {
            var goesOn =
                    found.end() == text.length()
                            || (found.kind().equals(KEY) && mayGoOn(text, found.end(), word));
            if (goesOn && found.start() < open) {
                open = Math.max(from, found.start());
            }
        }
        return text.length() - open > LONGEST ? text.length() : open;
    }

    /// Where the first line of a key begins that is not whole yet; else the given place.
    private static int keyBegin(String text, int otherwise) {
        int at = text.lastIndexOf(BEGIN);
        var incomplete =
                at >= 0
                        && text.length() - at < LONGEST_LINE
                        && text.indexOf("-----", at + BEGIN.length()) < 0;
        return incomplete ? Math.min(at, otherwise) : otherwise;
    }

    /// Whether what follows the lines of a key may be a further line, or its end.
    private static boolean mayGoOn(String text, int end, int word) {
        var rest = text.substring(end).stripLeading();
        var closing = rest.startsWith(END) && rest.indexOf("-----", END.length()) < 0;
        return rest.length() < LONGEST_LINE && (closing || text.substring(end, word).isBlank());
    }

    private static boolean hasDigit(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) != ' ') {
                return true;
            }
        }
        return false;
    }

    private static boolean isWord(char c) {
        return c > ' ' && c < 0x7f;
    }
}
