package dev.remit.gateway.price;

/// What a request makes the provider keep of its prompt, as far as the price goes.
public enum Caching {
    /// Nothing is written at a price of its own.
    NONE,
    MINUTES,
    /// Some of it for an hour.
    HOUR;

    private static final byte[] HINT = {
        '"', 'c', 'a', 'c', 'h', 'e', '_', 'c', 'o', 'n', 't', 'r', 'o', 'l', '"'
    };
    private static final byte[] LONG = {'"', '1', 'h', '"'};

    /// What a body in Anthropic's dialect asks for, or rather more: a text can look like it. Of
    /// models that have no price for writing, [#NONE] and the others come to the same.
    public static Caching of(byte[] body) {
        if (!holds(body, HINT)) {
            return NONE;
        }
        return holds(body, LONG) ? HOUR : MINUTES;
    }

    private static boolean holds(byte[] body, byte[] word) {
        for (int i = 0; i <= body.length - word.length; i++) {
            if (body[i] == '"' && body[i + 1] == word[1] && matches(body, i, word)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(byte[] body, int at, byte[] word) {
        for (int i = 2; i < word.length; i++) {
            if (body[at + i] != word[i]) {
                return false;
            }
        }
        return true;
    }
}
