package dev.remit.core.json;

import static java.util.Objects.requireNonNull;

import dev.remit.core.secret.Redactor;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A JSON value that may be written down: it has been through redaction.
///
/// A [Redactor] is the only way to make one from a fresh value, so a secret that the redactor knows
/// cannot reach an event, a prompt or an answer. In the log a large content is stored once a
/// session, by its hash; see [dev.remit.core.session.LogCodec].
public final class Content {
    private final JsonNode value;
    private byte @Nullable [] bytes;
    private @Nullable Hash hash;

    private Content(JsonNode value) {
        this.value = requireNonNull(value, "value is null");
    }

    public static Content clean(JsonNode value, Redactor redactor) {
        return new Content(WellFormed.of(redactor.redact(value)));
    }

    /// A value made only of what was cleaned before: read back from the log, or composed of other
    /// contents. Anything else goes through [#clean].
    public static Content derived(JsonNode value) {
        return new Content(value);
    }

    /// The value. Do not change it.
    public JsonNode value() {
        return value;
    }

    /// The canonical bytes, which its hash and its size are taken from.
    public byte[] bytes() {
        var known = bytes;
        if (known == null) {
            known = Json.canonical(value);
            bytes = known;
        }
        return known;
    }

    /// The bytes to store: the keys of objects stay in the order in which people shall read them.
    public byte[] written() {
        return Json.mapper().writeValueAsBytes(value);
    }

    public Hash hash() {
        var known = hash;
        if (known == null) {
            known = Hash.of(bytes());
            hash = known;
        }
        return known;
    }

    public int size() {
        return bytes().length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Content content && content.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return Json.write(value);
    }
}
