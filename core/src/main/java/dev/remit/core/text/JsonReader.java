package dev.remit.core.text;

import dev.remit.core.json.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.util.JsonParserDelegate;

/// Reads one JSON file, with the place of every value.
public final class JsonReader {
    private JsonReader() {}

    /// @return absent if it is no JSON; a fault tells why
    public static Optional<Source> read(String file, String text, Faults faults) {
        var keys = new HashMap<String, Place>();
        var values = new HashMap<String, Place>();
        var reader = Json.mapper().reader().with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);
        try (var parser = new Noting(reader.createParser(text), keys, values)) {
            var root = reader.readTree(parser);
            return Optional.of(
                    new Source(file, root, keys, values, Map.of(), text.lines().toList()));
        } catch (JacksonException e) {
            var at = e.getLocation();
            faults.add(
                    file,
                    at == null || at.getLineNr() < 1
                            ? Place.START
                            : new Place(at.getLineNr(), Math.max(1, at.getColumnNr())),
                    "this is not JSON: " + e.getOriginalMessage(),
                    "");
            return Optional.empty();
        }
    }

    private static final class Noting extends JsonParserDelegate {
        private final Map<String, Place> keys;
        private final Map<String, Place> values;

        Noting(JsonParser parser, Map<String, Place> keys, Map<String, Place> values) {
            super(parser);
            this.keys = keys;
            this.values = values;
        }

        @Override
        public JsonToken nextToken() {
            var token = super.nextToken();
            note(token);
            return token;
        }

        @Override
        public String nextName() {
            var name = super.nextName();
            note(currentToken());
            return name;
        }

        private void note(JsonToken token) {
            if (token != null && !token.isStructEnd()) {
                var at = currentTokenLocation();
                var pointer = streamReadContext().pathAsPointer().toString();
                var map = token == JsonToken.PROPERTY_NAME ? keys : values;
                map.putIfAbsent(pointer, new Place(at.getLineNr(), at.getColumnNr()));
            }
        }
    }
}
