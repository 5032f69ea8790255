package dev.remit.gateway.guard;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/// One kind of check. Thread-safe; looks at text, and does not decide what becomes of it.
public interface Guarding {
    /// Whether there is surely nothing to be found in a body, told from its raw JSON at little
    /// cost.
    ///
    /// @param raw the body as text, escapes and all
    /// @param escaped whether it may hold escapes of ASCII characters, of letters or of a slash
    boolean isClean(String raw, boolean escaped);

    /// What is to be found in a text, in order and without overlaps.
    ///
    /// @param field the name of the JSON field whose value the text is; empty if it is none
    List<Found> find(String field, String text);

    /// From where on a text that goes on may be, or become, part of something to be found: at most
    /// its length.
    ///
    /// @param text that came so far
    /// @param from nothing before is asked for
    int open(String text, int from);

    /// Whether the text of this many bytes is too much already.
    default boolean isTooMuch(long bytes) {
        return false;
    }

    /// A place in a text, and what is there.
    ///
    /// @param what never holds what was found
    record Found(int start, int end, String what, String mask) {}

    /// Fields that say how a request is to be read, or that only the vendor can read: changing them
    /// would break it.
    Set<String> STRUCTURE =
            Set.of(
                    "model",
                    "role",
                    "type",
                    "id",
                    "object",
                    "call_id",
                    "tool_call_id",
                    "tool_use_id",
                    "media_type",
                    "mimeType",
                    "mime_type",
                    "signature",
                    "thoughtSignature",
                    "thought_signature",
                    "encrypted_content",
                    "service_tier",
                    "finish_reason",
                    "finishReason",
                    "stop_reason",
                    "system_fingerprint");

    /// The length that counts.
    static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
