package dev.remit.http.client;

/// One header field.
///
/// @param name a token (RFC 9110, section 5.6.2)
/// @param value holds no control character but the tab, so it can never say more than one header
public record Header(String name, String value) {
    private static final boolean[] TOKEN = new boolean[128];

    static {
        for (char c = '0'; c <= 'z'; c++) {
            TOKEN[c] = Character.isLetterOrDigit(c);
        }
        for (char c : "!#$%&'*+.^_`|~-".toCharArray()) {
            TOKEN[c] = true;
        }
    }

    /// @throws IllegalArgumentException if it could not be sent as it is
    public Header {
        if (!isToken(name)) {
            throw new IllegalArgumentException("not the name of a header: " + name);
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                throw new IllegalArgumentException(
                        "the value of header " + name + " holds a control character");
            }
        }
    }

    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isTokenCharacter(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    static boolean isTokenCharacter(int c) {
        return c >= 0 && c < TOKEN.length && TOKEN[c];
    }
}
