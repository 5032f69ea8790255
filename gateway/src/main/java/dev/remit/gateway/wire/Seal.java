package dev.remit.gateway.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// A vendor's signature on its way through a client of another vendor's dialect, and back.
///
/// Only the vendor that signed a thought takes it back. So where a client's dialect has a place for
/// a signature, another vendor's is put there together with whose it is. The whole is standard
/// base64, since Google's clients decode it.
///
/// @param origin whose signature it is
/// @param redacted whether the thought itself was hidden by the vendor
/// @param id of the thought, as the vendor named it; may be empty
record Seal(Dialect origin, boolean redacted, String id, String signature) {
    /// Six bytes, so that what follows starts at a whole character of base64.
    private static final String MARK = "remit1";

    private static final String PREFIX =
            Base64.getEncoder().encodeToString(MARK.getBytes(StandardCharsets.UTF_8));

    private static final byte[] START = ('"' + PREFIX).getBytes(StandardCharsets.US_ASCII);

    /// What is handed to a client in the place of a signature for what no vendor signed, where the
    /// client's own vendor would otherwise take it for its own, and refuse it.
    static String ofNobody() {
        return new Seal(Dialect.OPENAI_CHAT, false, "", "").text();
    }

    static boolean isOfNobody(String signature) {
        var seal = read(signature);
        return seal != null && seal.signature.isEmpty();
    }

    /// What is handed to a client of the dialect as the signature of this thought.
    ///
    /// @return absent if the thought has none
    static @Nullable String outward(Piece.Thought thought, Dialect client) {
        var signature = thought.signature();
        var origin = thought.origin();
        if (signature == null || origin == null) {
            return null;
        }
        if (origin == client) {
            return signature;
        }
        var id = thought.id();
        return new Seal(origin, thought.redacted(), id == null ? "" : id, signature).text();
    }

    /// The thought that a client of the dialect hands back.
    static Piece.Thought inward(
            String text,
            @Nullable String id,
            @Nullable String signature,
            boolean redacted,
            Dialect client) {
        var seal = signature == null ? null : read(signature);
        if (seal == null) {
            return new Piece.Thought(
                    text, id, signature, redacted, signature == null ? null : client);
        }
        if (seal.signature.isEmpty()) {
            return new Piece.Thought(text, null, null, redacted, null);
        }
        return new Piece.Thought(
                text,
                seal.id.isEmpty() ? null : seal.id,
                seal.signature,
                seal.redacted,
                seal.origin);
    }

    /// Whether there is one in it: a text that begins as seals do.
    static boolean isIn(byte[] json, int from, int to) {
        var last = to - START.length;
        for (int i = from; i <= last; i++) {
            if (json[i] == START[0]
                    && Arrays.equals(json, i, i + START.length, START, 0, START.length)) {
                return true;
            }
        }
        return false;
    }

    static boolean isIn(byte[] json) {
        return isIn(json, 0, json.length);
    }

    String text() {
        var plain =
                String.join("\n", MARK, origin.word(), redacted ? "redacted" : "", id, signature);
        return Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    /// @return absent if it is a vendor's own signature
    static @Nullable Seal read(String text) {
        if (!text.startsWith(PREFIX)) {
            return null;
        }
        try {
            var plain = new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
            var parts = plain.split("\n", 5);
            if (parts.length < 5 || !parts[0].equals(MARK)) {
                return null;
            }
            for (var dialect : Dialect.values()) {
                if (dialect.word().equals(parts[1])) {
                    return new Seal(dialect, parts[2].equals("redacted"), parts[3], parts[4]);
                }
            }
            return null;
        } catch (IllegalArgumentException e) {
            return null; // only looks like one
        }
    }
}
