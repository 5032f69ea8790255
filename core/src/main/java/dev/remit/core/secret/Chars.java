package dev.remit.core.secret;

/// Classes of characters, and where a token may begin. ASCII alone: no script is harmed.
final class Chars {
    private Chars() {}

    static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    static boolean isDigit(char c) {
        return (c >= '0' && c <= '9');
    }

    static boolean isLetterOrDigit(char c) {
        return isLetter(c) || isDigit(c);
    }

    static boolean isLowerOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || isDigit(c);
    }

    static boolean isHex(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    static boolean isBase64Url(char c) {
        return isLetterOrDigit(c) || c == '_' || c == '-';
    }

    static boolean isBase64(char c) {
        return isLetterOrDigit(c) || c == '+' || c == '/';
    }

    static boolean isQuote(char c) {
        return c == '"' || c == '\'' || c == '`';
    }

    static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\u00a0' || c == '\u3000';
    }

    /// Whether something of its own may begin here: after anything but a letter or digit, and after
    /// an escape that ends in one (`\n`, `%20`, a backslash and u with four digits).
    static boolean begins(String text, int at) {
        if (at == 0 || !isLetterOrDigit(text.charAt(at - 1))) {
            return true;
        }
        return (at >= 2 && text.charAt(at - 2) == '\\' && "nrtbf".indexOf(text.charAt(at - 1)) >= 0)
                || (at >= 3 && text.charAt(at - 3) == '%' && areHex(text, at - 2, at))
                || (at >= 6 && text.startsWith("\\u", at - 6) && areHex(text, at - 4, at));
    }

    static int endOfBase64Url(String text, int from) {
        int i = from;
        while (i < text.length() && isBase64Url(text.charAt(i))) {
            i++;
        }
        return i;
    }

    static boolean areHex(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!isHex(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /// Lower case of ASCII alone, so that every position stays what it was.
    static String lower(String text) {
        return lower(text.toCharArray());
    }

    /// @param chars of a text, which are changed: without a branch, so that several are at a time
    static String lower(char[] chars) {
        for (int i = 0; i < chars.length; i++) {
            int c = chars[i];
            chars[i] = (char) (c + ((((('A' - 1) - c) & (c - ('Z' + 1))) >>> 26) & 32));
        }
        return new String(chars);
    }
}
