package dev.remit.gateway.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A JSON value that a client gave, and where it stands. Its fields are read as the type that is
/// asked for, or the client is told what is wrong. A field that is null is as good as absent.
///
/// A name in camelCase also finds the field in snake_case, since Google's API takes both.
///
/// @param at such as `input[2].content`; empty for the body itself
record Given(JsonNode node, String at) {
    static Given body(byte[] body) throws BadRequest {
        var node = Strict.request(body);
        if (!node.isObject()) {
            throw new BadRequest("The body must be a JSON object, not " + kind(node) + ".");
        }
        return new Given(node, "");
    }

    boolean isText() {
        return node.isString();
    }

    boolean isList() {
        return node.isArray();
    }

    boolean isObject() {
        return node.isObject();
    }

    boolean has(String name) {
        return find(name) != null;
    }

    /// The field, whatever it is.
    @Nullable Given get(String name) {
        var found = find(name);
        return found == null ? null : new Given(found, path(name));
    }

    @Nullable String text(String name) throws BadRequest {
        var found = find(name);
        if (found == null) {
            return null;
        }
        if (!found.isString()) {
            throw wrong(name, found, "a text");
        }
        return found.stringValue();
    }

    String text(String name, String otherwise) throws BadRequest {
        var text = text(name);
        return text == null ? otherwise : text;
    }

    String needText(String name) throws BadRequest {
        var text = text(name);
        if (text == null) {
            throw new BadRequest("`" + path(name) + "` is missing: give a text.");
        }
        return text;
    }

    /// The value itself as a text.
    String asText() throws BadRequest {
        if (!node.isString()) {
            throw new BadRequest("`" + at + "` is " + kind(node) + " rather than a text.");
        }
        return node.stringValue();
    }

    /// A whole number from 0 on, as far as an `int` goes. Google's API takes it as a text, too.
    @Nullable Integer count(String name) throws BadRequest {
        var whole = whole(name);
        if (whole == null) {
            return null;
        }
        if (whole < 0) {
            throw new BadRequest("`" + path(name) + "` is negative: " + whole + ".");
        }
        return (int) Math.min(whole, Integer.MAX_VALUE);
    }

    @Nullable Long whole(String name) throws BadRequest {
        var found = find(name);
        if (found == null) {
            return null;
        }
        if (found.isString() && found.stringValue().matches("-?[0-9]{1,18}")) {
            return Long.valueOf(found.stringValue());
        }
        if (!found.isNumber() || !found.canConvertToExactIntegral() || !found.canConvertToLong()) {
            throw wrong(name, found, "a whole number");
        }
        return found.longValue();
    }

    @Nullable Double number(String name) throws BadRequest {
        var found = find(name);
        if (found == null) {
            return null;
        }
        if (!found.isNumber()) {
            throw wrong(name, found, "a number");
        }
        return found.doubleValue();
    }

    @Nullable Boolean flag(String name) throws BadRequest {
        var found = find(name);
        if (found == null) {
            return null;
        }
        if (!found.isBoolean()) {
            throw wrong(name, found, "true or false");
        }
        return found.booleanValue();
    }

    boolean is(String name) throws BadRequest {
        return Boolean.TRUE.equals(flag(name));
    }

    @Nullable Given object(String name) throws BadRequest {
        var found = find(name);
        if (found == null) {
            return null;
        }
        if (!found.isObject()) {
            throw wrong(name, found, "an object");
        }
        return new Given(found, path(name));
    }

    Given needObject(String name) throws BadRequest {
        var found = object(name);
        if (found == null) {
            throw new BadRequest("`" + path(name) + "` is missing: give an object.");
        }
        return found;
    }

    /// The elements of a list; none if it is absent.
    List<Given> list(String name) throws BadRequest {
        var found = find(name);
        if (found == null) {
            return List.of();
        }
        if (!found.isArray()) {
            throw wrong(name, found, "a list");
        }
        return new Given(found, path(name)).elements();
    }

    /// Of this list.
    List<Given> elements() {
        var elements = new ArrayList<Given>(node.size());
        for (int i = 0; i < node.size(); i++) {
            elements.add(new Given(node.path(i), at + "[" + i + "]"));
        }
        return elements;
    }

    /// The elements of a list of objects.
    List<Given> objects(String name) throws BadRequest {
        var elements = list(name);
        for (var element : elements) {
            element.mustBeObject();
        }
        return elements;
    }

    void mustBeObject() throws BadRequest {
        if (!node.isObject()) {
            throw new BadRequest("`" + at + "` is " + kind(node) + " rather than an object.");
        }
    }

    List<String> texts(String name) throws BadRequest {
        var texts = new ArrayList<String>();
        for (var element : list(name)) {
            texts.add(element.asText());
        }
        return texts;
    }

    /// The fields of an object that are texts; numbers and truth values as texts, too.
    Map<String, String> words(String name) throws BadRequest {
        var object = object(name);
        if (object == null) {
            return Map.of();
        }
        var words = new LinkedHashMap<String, String>();
        for (var entry : object.node.properties()) {
            if (entry.getValue().isValueNode() && !entry.getValue().isNull()) {
                words.put(entry.getKey(), entry.getValue().asString());
            }
        }
        return words;
    }

    BadRequest refused(String sentence) {
        return new BadRequest(at.isEmpty() ? sentence : "`" + at + "`: " + sentence);
    }

    String path(String name) {
        return at.isEmpty() ? name : at + "." + name;
    }

    private @Nullable JsonNode find(String name) {
        var found = node.get(name);
        if (found == null) {
            var snake = snake(name);
            found = snake.equals(name) ? null : node.get(snake);
        }
        return found == null || found.isNull() ? null : found;
    }

    private BadRequest wrong(String name, JsonNode found, String expected) {
        return new BadRequest(
                "`" + path(name) + "` is " + kind(found) + " rather than " + expected + ".");
    }

    static String snake(String camel) {
        var snake = new StringBuilder(camel.length() + 4);
        for (int i = 0; i < camel.length(); i++) {
            var letter = camel.charAt(i);
            if (letter >= 'A' && letter <= 'Z') {
                snake.append('_').append((char) (letter + 'a' - 'A'));
            } else {
                snake.append(letter);
            }
        }
        return snake.toString();
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "a list";
            case STRING -> "a text";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case NULL -> "null";
            default -> "nothing";
        };
    }
}
