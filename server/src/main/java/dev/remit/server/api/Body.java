package dev.remit.server.api;

import dev.remit.core.json.Json;
import dev.remit.http.server.Exchange;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An object that a client sent, read field by field. A field nobody knows is an error: it would be
/// a wish that nobody fulfils.
final class Body {
    private final ObjectNode object;
    private final String at;

    private Body(ObjectNode object, String at) {
        this.object = object;
        this.at = at;
    }

    /// @throws dev.remit.http.server.Problem 400 if it is no object or has an unknown field
    static Body of(Exchange exchange, String... fields) {
        return of(exchange.json(), "", fields);
    }

    /// As [#of], but a request without a body is one with an empty object.
    static Body optional(Exchange exchange, String... fields) {
        return exchange.hasBody() ? of(exchange, fields) : of(Json.object(), "", fields);
    }

    private static Body of(JsonNode value, String at, String... fields) {
        if (!(value instanceof ObjectNode object)) {
            throw Problems.badRequest(
                    (at.isEmpty() ? "the body" : at) + " is expected to be a JSON object");
        }
        var known = Set.of(fields);
        for (var name : object.propertyNames()) {
            if (!known.contains(name)) {
                throw Problems.badRequest(
                        "unknown field; "
                                + (at.isEmpty() ? "known here" : "known in " + at)
                                + ": "
                                + String.join(", ", fields));
            }
        }
        return new Body(object, at);
    }

    JsonNode json() {
        return object;
    }

    /// @throws dev.remit.http.server.Problem 400 if it is missing
    JsonNode required(String field) {
        var value = object.get(field);
        if (value == null) {
            throw Problems.badRequest("the field " + named(field) + " is missing");
        }
        return value;
    }

    Optional<JsonNode> find(String field) {
        return Optional.ofNullable(object.get(field)).filter(value -> !value.isNull());
    }

    String text(String field) {
        return text(field, required(field));
    }

    Optional<String> findText(String field) {
        return find(field).map(value -> text(field, value));
    }

    private String text(String field, JsonNode value) {
        if (!value.isString() || value.stringValue().isBlank()) {
            throw Problems.badRequest(named(field) + " is expected to be a text");
        }
        if (value.stringValue().indexOf('\0') >= 0) {
            throw Problems.badRequest(named(field) + " holds a NUL character");
        }
        return value.stringValue();
    }

    boolean flag(String field, boolean absent) {
        var value = find(field);
        if (value.isEmpty()) {
            return absent;
        }
        return flag(field, value.get());
    }

    boolean flag(String field) {
        return flag(field, required(field));
    }

    private boolean flag(String field, JsonNode value) {
        if (!value.isBoolean()) {
            throw Problems.badRequest(named(field) + " is expected to be true or false");
        }
        return value.booleanValue();
    }

    long number(String field, long absent) {
        var value = find(field);
        if (value.isEmpty()) {
            return absent;
        }
        if (!value.get().isIntegralNumber() || !value.get().canConvertToLong()) {
            throw Problems.badRequest(named(field) + " is expected to be a whole number");
        }
        return value.get().longValue();
    }

    /// A list of texts, without repetitions, in order.
    Optional<Set<String>> findTexts(String field) {
        return find(field)
                .map(value -> {
                    if (!value.isArray()) {
                        throw Problems.badRequest(named(field) + " is expected to be a list");
                    }
                    var texts = new LinkedHashSet<String>();
                    value.forEach(item -> texts.add(text(field, item)));
                    return texts;
                });
    }

    /// A list of objects.
    List<Body> objects(String field, String... fields) {
        var value = required(field);
        if (!value.isArray()) {
            throw Problems.badRequest(named(field) + " is expected to be a list");
        }
        return value.values().stream().map(item -> of(item, named(field), fields)).toList();
    }

    Optional<Body> findObject(String field, String... fields) {
        return find(field).map(value -> of(value, named(field), fields));
    }

    private String named(String field) {
        return at.isEmpty() ? field : at + "." + field;
    }
}
