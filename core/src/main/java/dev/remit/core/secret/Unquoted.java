package dev.remit.core.secret;

/// Where a value ends that has no quotes: passwords hold commas and brackets, and so does the text
/// behind them. What is in doubt belongs to the value.
final class Unquoted {
    private static final int AHEAD = 40;

    private Unquoted() {}

    /// @param near how long a value is not surprising; one longer than this is followed to its end,
    ///   and whoever asks takes it
    static int end(String text, int from, int near) {
        int end = endBefore(text, from, Math.min(text.length(), from + near));
        return end - from < near ? end : endBefore(text, from, text.length());
    }

    private static int endBefore(String text, int from, int limit) {
        int open = 0;
        int i = from;
        while (i < limit) {
            int mark = Spans.markEnd(text, i);
            if (mark > 0) {
                i = mark;
                continue;
            }
            char c = text.charAt(i);
            if (endsAlways(text, i, c)) {
                break;
            }
            if (c == '(' || c == '[' || c == '{') {
                open++;
            } else if (c == ')' || c == ']' || c == '}') {
                if (open == 0 && endsWord(text, i + 1)) {
                    break;
                }
                open = Math.max(0, open - 1);
            } else if (",;&|".indexOf(c) >= 0 && separates(text, i + 1)) {
                break;
            }
            i++;
        }
        while (i < limit && i > from + 1 && ".,;:".indexOf(text.charAt(i - 1)) >= 0) {
            i--;
        }
        return Math.min(i, text.length());
    }

    private static boolean endsAlways(String text, int i, char c) {
        if (Character.isWhitespace(c)
                || c == '\u00a0'
                || Chars.isQuote(c)
                || c == '<'
                || c == '>') {
            return true;
        }
        if (c == '\\') {
            int next = i + 1;
            while (next < text.length() && next - i < 8 && text.charAt(next) == '\\') {
                next++;
            }
            return next < text.length()
                    && (Chars.isQuote(text.charAt(next)) || "nr".indexOf(text.charAt(next)) >= 0);
        }
        return (c == '%' && (text.startsWith("%26", i) || text.startsWith("%22", i)))
                || c == '，'
                || c == '。'
                || c == '；'
                || c == '、'
                || c == '」'
                || c == '）';
    }

    /// Whether a closing bracket before this position is the text's, not the value's.
    private static boolean endsWord(String text, int at) {
        return at >= text.length()
                || Character.isWhitespace(text.charAt(at))
                || ",;.:)]}\"'`\\<|&".indexOf(text.charAt(at)) >= 0;
    }

    /// Whether what follows a comma or the like is the next thing: nothing, or a name with a value.
    private static boolean separates(String text, int at) {
        if (endsWord(text, at)) {
            return true;
        }
        int limit = Math.min(text.length(), at + AHEAD);
        for (int i = at; i < limit; i++) {
            char c = text.charAt(i);
            if (c == '=' || c == ':') {
                return i > at;
            }
            if (!Chars.isBase64Url(c) && c != '.' && c != ' ') {
                return false;
            }
        }
        return false;
    }
}
