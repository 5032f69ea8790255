package dev.remit.core.json;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The one JSON mapper, and the canonical form of a value.
///
/// Field names are snake_case, absent values are left out, and a field nobody knows is an error.
public final class Json {
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .changeDefaultPropertyInclusion(
                            i -> i.withValueInclusion(JsonInclude.Include.NON_NULL))
                    .changeDefaultVisibility(
                            v -> v.withIsGetterVisibility(JsonAutoDetect.Visibility.NONE))
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                    .build();

    private Json() {}

    public static JsonMapper mapper() {
        return MAPPER;
    }

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    public static JsonNode text(String value) {
        return JsonNodeFactory.instance.stringNode(value);
    }

    /// The value null.
    public static JsonNode nothing() {
        return JsonNodeFactory.instance.nullNode();
    }

    /// @throws JacksonException if the text is not one JSON value
    public static JsonNode parse(String text) {
        return MAPPER.readTree(text);
    }

    /// @throws JacksonException if the bytes are not one JSON value in UTF-8
    public static JsonNode parse(byte[] utf8) {
        return MAPPER.readTree(utf8);
    }

    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    public static String write(JsonNode value) {
        return MAPPER.writeValueAsString(value);
    }

    public static String pretty(JsonNode value) {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    }

    /// The bytes that identify a value: UTF-8, no white space, object keys in code point order. Two
    /// values that are equal have the same canonical bytes.
    public static byte[] canonical(JsonNode value) {
        return MAPPER.writeValueAsBytes(sorted(value));
    }

    private static JsonNode sorted(JsonNode value) {
        if (value instanceof ObjectNode object) {
            var names = object.propertyNames().toArray(String[]::new);
            Arrays.sort(names);
            var copy = object();
            for (var name : names) {
                copy.set(name, sorted(object.required(name)));
            }
            return copy;
        }
        if (value instanceof ArrayNode list) {
            var copy = array();
            for (var element : list) {
                copy.add(sorted(element));
            }
            return copy;
        }
        return value;
    }
}
