package dev.remit.core.json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Texts that can be written as UTF-8 and read back the same. Half a surrogate pair cannot: it
/// becomes U+FFFD, or a value's hash would change on its way through the log.
final class WellFormed {
    private WellFormed() {}

    static JsonNode of(JsonNode value) {
        return isWellFormed(value) ? value : mended(value);
    }

    private static boolean isWellFormed(JsonNode value) {
        if (value instanceof ObjectNode object) {
            for (var property : object.properties()) {
                if (!isWellFormed(property.getKey()) || !isWellFormed(property.getValue())) {
                    return false;
                }
            }
            return true;
        }
        if (value instanceof ArrayNode list) {
            for (var element : list) {
                if (!isWellFormed(element)) {
                    return false;
                }
            }
            return true;
        }
        return !value.isString() || isWellFormed(value.asString());
    }

    private static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < Character.MIN_SURROGATE) {
                continue;
            }
            if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    private static JsonNode mended(JsonNode value) {
        if (value instanceof ObjectNode object) {
            var copy = Json.object();
            object.properties().forEach(p -> copy.set(mended(p.getKey()), mended(p.getValue())));
            return copy;
        }
        if (value instanceof ArrayNode list) {
            var copy = Json.array();
            list.forEach(element -> copy.add(mended(element)));
            return copy;
        }
        return value.isString() ? Json.text(mended(value.asString())) : value;
    }

    private static String mended(String text) {
        var whole = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                .forEach(whole::appendCodePoint);
        return whole.toString();
    }
}
