package dev.remit.core.secret;

/// Finds the password in the user information of a URL: `scheme://user:password@host`. The user and
/// the host stay.
final class UserInfo {
    private static final int NEAR = 512;
    private static final String KIND = "password";

    private UserInfo() {}

    static void find(String text, Spans spans) {
        for (int at = text.indexOf("://"); at >= 0; at = text.indexOf("://", at + 3)) {
            int from = at + 3;
            int limit = Math.min(text.length(), from + NEAR);
            int colon = -1;
            int lastAt = -1;
            int i = from;
            for (; i < limit && !endsUrl(text, i); i++) {
                char c = text.charAt(i);
                if (c == '/' || c == '?' || c == '#') {
                    break;
                }
                if (c == ':' && colon < 0) {
                    colon = i;
                }
                if (c == '@') {
                    lastAt = i;
                }
            }
            if (colon >= 0 && lastAt < 0 && i < limit && !isPort(text, colon + 1, i)) {
                lastAt = unescaped(text, i, limit);
            }
            if (colon >= 0 && lastAt > colon + 1) {
                var password = text.substring(colon + 1, lastAt);
                if (!SecretValues.isPlaceholder(password)) {
                    spans.add(colon + 1, lastAt, KIND);
                }
            }
        }
    }

    /// Passwords with `/`, `?` or `#` should be encoded, and are not: the first `@` behind ends
    /// one.
    private static int unescaped(String text, int from, int limit) {
        for (int i = from; i < limit && !endsUrl(text, i) && !text.startsWith("://", i); i++) {
            if (text.charAt(i) == '@') {
                return i;
            }
        }
        return -1;
    }

    private static boolean isPort(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Chars.isDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean endsUrl(String text, int i) {
        char c = text.charAt(i);
        return Character.isWhitespace(c) || Chars.isQuote(c) || c == '<' || c == '>' || c == '\\';
    }
}
