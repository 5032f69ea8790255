package dev.remit.store.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A whole key, as its owner has it: `rmt_<id>_<secret>`. It is in the memory of this process while
/// it is made or checked, and nowhere else.
///
/// @param id 12 of a-z and 2-7
/// @param secret 256 random bits in URL-safe Base64, 43 characters
record KeyText(String id, String secret) {
    private static final String PREFIX = "rmt_";
    private static final int ID = 12;
    private static final int SECRET = 43;
    private static final int LENGTH = PREFIX.length() + ID + 1 + SECRET;
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
    private static final String DIGITS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /// @param random a secure one
    static KeyText fresh(RandomGenerator random) {
        var id = new StringBuilder(ID);
        for (int i = 0; i < ID; i++) {
            id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        var bits = new byte[32];
        random.nextBytes(bits);
        return new KeyText(
                id.toString(), Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
    }

    /// @return nothing if no key looks like that
    static @Nullable KeyText parse(String text) {
        int end = PREFIX.length() + ID;
        if (text.length() != LENGTH || !text.startsWith(PREFIX) || text.charAt(end) != '_') {
            return null;
        }
        for (int i = PREFIX.length(); i < end; i++) {
            if (LETTERS.indexOf(text.charAt(i)) < 0) {
                return null;
            }
        }
        for (int i = end + 1; i < LENGTH; i++) {
            if (DIGITS.indexOf(text.charAt(i)) < 0) {
                return null;
            }
        }
        return new KeyText(text.substring(PREFIX.length(), end), text.substring(end + 1));
    }

    /// What is kept of it.
    byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// The whole of it, to be shown once.
    String reveal() {
        return PREFIX + id + "_" + secret;
    }

    /// Without the secret.
    @Override
    public String toString() {
        return PREFIX + id + "_…";
    }
}
