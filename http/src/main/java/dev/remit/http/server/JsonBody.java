package dev.remit.http.server;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads what a client sent as JSON, strictly: one value, no key twice, nothing that could not be
/// written again.
final class JsonBody {
    /// Deeper than any honest document, far from the end of a stack.
    private static final int DEEPEST = 200;

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(DEEPEST)
                                                    .build())
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private JsonBody() {}

    /// @throws Problem 400 that says where it goes wrong
    static JsonNode parse(byte[] utf8) {
        if (utf8.length == 0) {
            throw new Problem(400, "the body is empty; expected JSON");
        }
        JsonNode value;
        try {
            value = MAPPER.readTree(utf8);
        } catch (JacksonException e) {
            throw new Problem(400, "the body is not JSON" + at(e) + ": " + e.getOriginalMessage());
        }
        if (value.isMissingNode()) {
            throw new Problem(400, "the body is empty; expected JSON");
        }
        check(value);
        return value;
    }

    private static String at(JacksonException e) {
        var location = e.getLocation();
        return location == null || location.getLineNr() < 1
                ? ""
                : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }

    private static void check(JsonNode value) {
        if (value.isFloatingPointNumber() && !Double.isFinite(value.doubleValue())) {
            throw new Problem(400, "the body holds a number that is too large");
        }
        if (value.isString()) {
            check(value.stringValue());
        }
        value.propertyNames().forEach(JsonBody::check);
        value.forEach(JsonBody::check);
    }

    private static void check(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair =
                    Character.isHighSurrogate(c)
                            && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new Problem(400, "the body holds half of a surrogate pair, so no character");
            }
        }
    }
}
