package dev.remit.core.secret;

import java.util.List;

/// Finds PEM blocks of private keys (RFC 7468), over many lines, with line breaks written as `\n`,
/// with a log's prefix on each line, or cut off before their end.
final class PrivateKeys {
    static final String KIND = "private-key";

    private static final String BEGIN = "-----BEGIN ";

    /// One of these is in every text that is looked at.
    static final List<String> WORDS = List.of(BEGIN);

    private static final String END = "-----END ";
    private static final String RULE = "-----";
    private static final int LONGEST = 64 * 1024;

    private PrivateKeys() {}

    static void find(String text, Spans spans) {
        int end = 0;
        for (int at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at + 1)) {
            int head = headEnd(text, at, BEGIN);
            if (head < 0) {
                continue;
            }
            if (end >= 0 && end < head) {
                end = text.indexOf(END, head);
            }
            int close = end < 0 || end - at > LONGEST ? -1 : headEnd(text, end, END);
            spans.add(at, close > 0 ? close : bodyEnd(text, head), KIND);
        }
    }

    /// Whether a text opens a private key and does not close it: its lines follow elsewhere.
    static boolean isOpenedBy(String text) {
        int at = text.lastIndexOf(BEGIN);
        return at >= 0 && headEnd(text, at, BEGIN) > 0 && text.indexOf(END, at) < 0;
    }

    /// Whether a text looks like a further line of such a key, with or without a log's prefix.
    static boolean isContinuedBy(String text) {
        int word = text.lastIndexOf(' ') + 1;
        boolean body = isBody(text, word, text.length());
        return (body && (word == 0 || text.length() - word >= 16 || text.endsWith("=")))
                || text.contains("Proc-Type:")
                || text.contains("DEK-Info:");
    }

    static boolean isClosedBy(String text) {
        return text.contains(END);
    }

    /// @return the end of `-----BEGIN … PRIVATE KEY …-----`, or -1 if it is about something else
    private static int headEnd(String text, int at, String start) {
        int limit = Math.min(text.length(), at + 80);
        int rule = text.indexOf(RULE, at + start.length());
        if (rule < 0 || rule > limit) {
            return -1;
        }
        return text.substring(at, rule).contains("PRIVATE KEY") ? rule + RULE.length() : -1;
    }

    /// The end of what looks like the body of a key that has no end.
    private static int bodyEnd(String text, int from) {
        int end = from;
        int i = from;
        while (i < text.length()) {
            while (i < text.length() && Character.isWhitespace(text.charAt(i))) {
                i++;
            }
            int word = i;
            while (i < text.length() && !Character.isWhitespace(text.charAt(i))) {
                i++;
            }
            if ((i - word < 16 && i > word && end > from && !isLastLine(text, word, i))
                    || i == word
                    || !isBody(text, word, i)) {
                break;
            }
            end = i;
        }
        return end;
    }

    /// The short line that ends a key: padded, or alone and not a word.
    private static boolean isLastLine(String text, int from, int to) {
        boolean alone =
                text.charAt(from - 1) == '\n' && (to == text.length() || text.charAt(to) == '\n');
        boolean word = text.substring(from, to).chars().allMatch(Character::isLowerCase);
        return text.charAt(to - 1) == '=' || (alone && !word);
    }

    private static boolean isBody(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (!Chars.isBase64(c) && c != '=' && c != '\\') {
                return false;
            }
        }
        return true;
    }
}
