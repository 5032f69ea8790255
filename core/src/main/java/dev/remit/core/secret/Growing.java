package dev.remit.core.secret;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A text that still grows: how much of its beginning no continuation can turn into a part of a
/// secret. In doubt it is less.
final class Growing {
    /// How far behind a secret something may stand that says where the secret ends.
    private static final int BEHIND = 48;

    private static final int DIGITS = 24;
    private static final int LONGEST_RULE = 80;
    private static final String BEGIN = "-----BEGIN ";
    private static final String RULE = "-----";

    /// A quote that was opened just now, the value of an option, and the content of an element:
    /// what is known to be a secret only when it is closed.
    private static final Pattern UNCLOSED =
            Pattern.compile(
                    "(?:[\"'`][^\"'`\\n]{0,4}"
                            + "|(?:-p|-u|-a|--user|--proxy-user)[ =]?['\"][^'\"\\n]{0,100}"
                            + "|(?i:<(?!/)[^<>\\n]{0,80}(?:"
                            + stems()
                            + ")[^<>\\n]{0,40}>)[^<]{0,512})\\z");

    private static final int LONGEST_UNCLOSED = 800;

    private Growing() {}

    /// @param found where secrets stand so far
    static int settled(String text, KnownValues known, List<PatternRedactor.Found> found) {
        int word = wordBegin(text);
        int end = Math.min(word, digitsBegin(text, word));
        end = Math.min(end, unclosed(text));
        end = Math.min(end, keyBegin(text));
        end = Math.min(end, known.beginOfPart(text));
        for (var secret : found.reversed()) {
            if (secret.start() < end && secret.end() > end - BEHIND) {
                end = secret.start(); // it would look otherwise without what follows
            }
        }
        return end;
    }

    /// Where the last word begins, which may go on. Scripts that are written without blanks are
    /// read letter by letter.
    private static int wordBegin(String text) {
        int i = text.length();
        while (i > 0 && !endsWord(text.charAt(i - 1))) {
            i--;
        }
        return i;
    }

    static boolean endsWord(char c) {
        return Character.isWhitespace(c)
                || (c >= 0x3000 && c <= 0x9FFF)
                || (c >= 0xAC00 && c <= 0xD7A3)
                || (c >= 0xFF00 && c <= 0xFFEF);
    }

    /// Where groups of digits begin, which a card number is written in.
    private static int digitsBegin(String text, int word) {
        int i = word;
        while (i > 0
                && word - i < DIGITS
                && (Chars.isDigit(text.charAt(i - 1)) || " -".indexOf(text.charAt(i - 1)) >= 0)) {
            i--;
        }
        while (i < word && !(Chars.isDigit(text.charAt(i)) && Chars.begins(text, i))) {
            i++; // digits at the end of a word are no group
        }
        return i;
    }

    private static int unclosed(String text) {
        int from = Math.max(0, text.length() - LONGEST_UNCLOSED);
        var matcher = UNCLOSED.matcher(text).region(from, text.length());
        return matcher.find() ? matcher.start() : text.length();
    }

    /// Where a private key begins that is not over, or something that may become the first line of
    /// one.
    private static int keyBegin(String text) {
        int at = text.lastIndexOf(BEGIN);
        if (at < 0) {
            return text.length();
        }
        boolean inFirstLine =
                text.length() - at < LONGEST_RULE && text.indexOf(RULE, at + BEGIN.length()) < 0;
        boolean inEnd = text.length() - text.lastIndexOf("-----END ") < LONGEST_RULE;
        return inFirstLine || inEnd || PrivateKeys.isOpenedBy(text) ? at : text.length();
    }

    private static String stems() {
        return Assignments.STEMS.stream().map(Pattern::quote).collect(Collectors.joining("|"));
    }
}
