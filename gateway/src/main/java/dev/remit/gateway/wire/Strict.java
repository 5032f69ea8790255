package dev.remit.gateway.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/// The JSON of strangers: UTF-8 and nothing else, no name twice in one object, not nested deeper
/// than anything real is, nothing behind the end.
final class Strict {
    /// Two such values, one in a text of the other, can still be written as one.
    static final int DEPTH = 200;

    private static final int LONGEST_TEXT = 128 << 20;
    private static final int LONGEST_NAME = 2_000;

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEPTH)
                                    .maxStringLength(LONGEST_TEXT)
                                    .maxNameLength(LONGEST_NAME)
                                    .build())
                    .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
                    .build();

    private static final ObjectReader READER =
            JsonMapper.builder(FACTORY)
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .build()
                    .reader();

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Strict() {}

    /// A client's request.
    ///
    /// @throws BadRequest that says what is wrong and where
    static JsonNode request(byte[] body) throws BadRequest {
        check(body);
        try {
            return READER.readTree(body);
        } catch (JacksonException e) {
            throw bad(e);
        }
    }

    /// JSON within a text, or from a provider.
    ///
    /// @throws JacksonException if it is not one JSON value
    static JsonNode parse(String text) {
        return READER.readTree(text);
    }

    /// From a provider.
    ///
    /// @throws JacksonException if it is not one JSON value
    static JsonNode parse(byte[] utf8) {
        return READER.readTree(utf8);
    }

    /// As bytes that go over a wire. Half a surrogate pair, which JSON can escape and UTF-8 cannot
    /// carry, becomes a question mark.
    static byte[] bytes(JsonNode value) {
        return dev.remit.core.json.Json.write(value).getBytes(StandardCharsets.UTF_8);
    }

    /// Refuses what no parser should be asked to guess the encoding of.
    static void check(byte[] body) throws BadRequest {
        if (body.length == 0) {
            throw new BadRequest("The body is empty: a JSON object was expected.");
        }
        for (int i = 0; i < Math.min(4, body.length); i++) {
            if (body[i] == 0 || body[i] == (byte) 0xEF) {
                throw new BadRequest("The body must be JSON in UTF-8 without a byte order mark.");
            }
        }
        var at = brokenAt(body);
        if (at >= 0) {
            throw new BadRequest("The body is not UTF-8 at byte " + at + ".");
        }
    }

    static JsonParser parser(byte[] body) {
        return FACTORY.createParser(ObjectReadContext.empty(), body);
    }

    static BadRequest bad(JacksonException e) {
        var at = e.getLocation();
        var where =
                at == null || at.getLineNr() <= 0
                        ? ""
                        : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        var why = String.valueOf(e.getOriginalMessage());
        return new BadRequest(
                "The body cannot be read as JSON" + where + ": " + Words.clean(why, null));
    }

    /// The first byte that is no UTF-8, by RFC 3629; -1 if all are well.
    static int brokenAt(byte[] bytes) {
        int i = 0;
        while (i < bytes.length) {
            if (i + 8 <= bytes.length && ((long) LONG.get(bytes, i) & HIGH_BITS) == 0) {
                i += 8;
                continue;
            }
            var length = sequence(bytes, i);
            if (length == 0) {
                return i;
            }
            i += length;
        }
        return -1;
    }

    /// @return how many bytes the character at that place has; 0 if it is none
    private static int sequence(byte[] bytes, int at) {
        int first = bytes[at] & 0xFF;
        if (first < 0x80) {
            return 1;
        }
        int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        if (first < 0xC2 || first > 0xF4 || at + length > bytes.length) {
            return 0;
        }
        for (int i = 1; i < length; i++) {
            if ((bytes[at + i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        int second = bytes[at + 1] & 0xFF;
        var shortest =
                switch (first) {
                    case 0xE0 -> second >= 0xA0;
                    case 0xED -> second <= 0x9F; // no surrogates
                    case 0xF0 -> second >= 0x90;
                    case 0xF4 -> second <= 0x8F;
                    default -> true;
                };
        return shortest ? length : 0;
    }
}
