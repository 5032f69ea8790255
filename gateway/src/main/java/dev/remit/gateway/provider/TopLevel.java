package dev.remit.gateway.provider;

import dev.remit.core.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;

/// Looks at the fields of a body's outermost object, and puts others in their place, without taking
/// the rest of it apart.
final class TopLevel {
    private TopLevel() {}

    /// The fields of these names that are there, with their values as they stand in the body.
    ///
    /// @throws JacksonException if the body is no JSON object
    static Map<String, String> find(byte[] body, Set<String> names) {
        var found = new HashMap<String, String>();
        each(
                body,
                (name, from, value, to) -> {
                    if (names.contains(name)) {
                        found.put(
                                name,
                                new String(body, value, to - value, StandardCharsets.UTF_8)
                                        .strip());
                    }
                });
        return found;
    }

    /// The same object without these fields, and with others.
    ///
    /// @param more JSON by name
    /// @throws JacksonException if the body is no JSON object
    static byte[] with(byte[] body, Set<String> without, Map<String, String> more) {
        var out = new ByteArrayOutputStream(body.length + 64);
        out.write('{');
        var said = new HashSet<String>();
        more.forEach((name, value) -> {
            comma(out, said, name);
            out.writeBytes(('"' + name + "\":" + value).getBytes(StandardCharsets.UTF_8));
        });
        each(
                body,
                (name, from, value, to) -> {
                    if (!without.contains(name) && !more.containsKey(name)) {
                        comma(out, said, name);
                        out.write(body, from, to - from);
                    }
                });
        out.write('}');
        return out.toByteArray();
    }

    private static void comma(ByteArrayOutputStream out, Set<String> said, String name) {
        if (!said.isEmpty()) {
            out.write(',');
        }
        said.add(name);
    }

    private interface Field {
        /// @param from where its name begins
        /// @param value where its value begins, or white space before it
        /// @param to where it ends
        void at(String name, int from, int value, int to);
    }

    private static void each(byte[] body, Field field) {
        try (var json = Json.mapper().createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("expected a JSON object");
            }
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                var from = (int) json.currentTokenLocation().getByteOffset();
                var name = json.currentName();
                var token = json.nextToken();
                var value = (int) json.currentTokenLocation().getByteOffset();
                if (token.isStructStart()) {
                    json.skipChildren();
                } else {
                    json.finishToken(); // tokens are lazy: without it the end is wrong
                }
                field.at(name, from, value, (int) json.currentLocation().getByteOffset());
            }
        }
    }
}
