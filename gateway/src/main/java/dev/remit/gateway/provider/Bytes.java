package dev.remit.gateway.provider;

/// Looks for words in a body before it is worth taking apart.
final class Bytes {
    private Bytes() {}

    static boolean hold(byte[] body, byte[] word) {
        for (int i = 0; i <= body.length - word.length; i++) {
            int same = 0;
            while (same < word.length && body[i + same] == word[same]) {
                same++;
            }
            if (same == word.length) {
                return true;
            }
        }
        return false;
    }
}
