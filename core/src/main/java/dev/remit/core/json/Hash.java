package dev.remit.core.json;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// A SHA-256 digest, as 64 lower-case hexadecimal digits.
public record Hash(@JsonValue String hex) {
    @JsonCreator
    public Hash {
        if (!isDigest(hex)) {
            throw new IllegalArgumentException("not a SHA-256 in hexadecimal: " + hex);
        }
    }

    private static boolean isDigest(String hex) {
        if (hex.length() != 64) {
            return false;
        }
        for (int i = 0; i < hex.length(); i++) {
            char c = hex.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    public static Hash of(byte[] bytes) {
        return new Hash(HexFormat.of().formatHex(sha256().digest(bytes)));
    }

    public static Hash of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The hash of a sequence of hashes; no two different sequences share their input bytes.
    public static Hash of(List<Hash> parts) {
        var digest = sha256();
        for (var part : parts) {
            digest.update(part.bytes());
        }
        return new Hash(HexFormat.of().formatHex(digest.digest()));
    }

    public static Hash of(byte[] bytes, int offset, int length) {
        var digest = sha256();
        digest.update(bytes, offset, length);
        return new Hash(HexFormat.of().formatHex(digest.digest()));
    }

    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    /// The first twelve digits: enough for people to tell two versions apart.
    public String brief() {
        return hex.substring(0, 12);
    }

    @Override
    public String toString() {
        return hex;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
