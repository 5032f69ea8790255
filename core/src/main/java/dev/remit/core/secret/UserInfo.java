package dev.remit.core.secret;

import java.util.List;
import java.util.regex.Pattern;

/// Finds the password in the user information of a URL: `scheme://user:password@host`. The user and
/// the host stay.
final class UserInfo {
    private static final int NEAR = 512;
    private static final String KIND = "password";

    /// One of these is in every text that is looked at.
    static final List<String> WORDS = List.of("://", "jdbc:oracle:");

    /// `jdbc:oracle:thin:user/password@…`
    private static final Pattern ORACLE =
            Pattern.compile("jdbc:oracle:[a-z0-9]{1,10}+:[^/\\s@]{1,60}+/([^@\\s]{1,100}+)@");

    /// Names or addresses with ports, several with commas between.
    private static final Pattern HOST =
            Pattern.compile(
                    "(?:[\\p{L}\\p{N}._%-]*+|\\[[0-9A-Fa-f:.%]*+])(?::\\d*+)?(?:,[\\p{L}\\p{N}._:%\\[\\]-]*+)*+");

    private UserInfo() {}

    static void find(String text, Spans spans) {
        findUrls(text, spans);
        findOracle(text, spans);
    }

    private static void findOracle(String text, Spans spans) {
        int at = text.indexOf("jdbc:oracle:");
        var matcher = ORACLE.matcher(text);
        for (; at >= 0; at = text.indexOf("jdbc:oracle:", at + 1)) {
            if (matcher.region(at, text.length()).lookingAt()
                    && !SecretValues.isPlaceholder(matcher.group(1))) {
                spans.add(matcher.start(1), matcher.end(1), KIND);
            }
        }
    }

    private static void findUrls(String text, Spans spans) {
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
            boolean cutShort =
                    lastAt < 0
                            ? !isPort(text, colon + 1, i)
                            : !isWeb(text, at) || !isHost(text.substring(lastAt + 1, i));
            if (colon >= 0 && i < limit && cutShort) {
                lastAt = Math.max(lastAt, unescaped(text, i, limit));
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

    /// Only there has a path an `@` of its own.
    private static boolean isWeb(String text, int at) {
        return text.regionMatches(true, at - 4, "http", 0, 4)
                || text.regionMatches(true, at - 5, "https", 0, 5);
    }

    private static boolean isHost(String text) {
        return HOST.matcher(text).matches();
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
