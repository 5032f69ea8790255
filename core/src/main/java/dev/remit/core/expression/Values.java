package dev.remit.core.expression;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.types.CelType;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelUnknownSet;
import dev.remit.core.json.Json;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Between JSON and the types that CEL works with. Whole numbers stay whole, null stays null.
final class Values {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int DEEPEST = 200;

    private Values() {}

    /// @throws ExpressionFailed if the value is nested too deeply
    static Object fromJson(JsonNode node) {
        return fromJson(node, 0);
    }

    private static Object fromJson(JsonNode node, int depth) {
        deep(depth);
        return switch (node.getNodeType()) {
            case OBJECT -> {
                var map = new LinkedHashMap<String, Object>();
                node.properties()
                        .forEach(p -> map.put(p.getKey(), fromJson(p.getValue(), depth + 1)));
                yield map;
            }
            case ARRAY -> {
                var list = new ArrayList<Object>(node.size());
                node.forEach(element -> list.add(fromJson(element, depth + 1)));
                yield list;
            }
            case STRING -> node.asString();
            case BOOLEAN -> node.booleanValue();
            // A whole number beyond 64 bits is the nearest double, as in most JSON readers.
            case NUMBER ->
                    node.isIntegralNumber() && node.canConvertToLong()
                            ? (Object) node.longValue()
                            : (Object) node.doubleValue();
            case BINARY, POJO, NULL, MISSING -> NullValue.NULL_VALUE;
        };
    }

    /// A value as Java has it: a text, a truth value, a number, or a list or map of such.
    ///
    /// @throws ExpressionFailed if it is none of these
    static Object of(@Nullable Object value) {
        return of(value, 0);
    }

    private static Object of(@Nullable Object value, int depth) {
        deep(depth);
        return switch (value) {
            case String text -> text;
            case Boolean truth -> truth;
            case Long number -> number;
            case Integer number -> number.longValue();
            case Double number -> number;
            case List<?> list -> {
                var values = new ArrayList<Object>(list.size());
                list.forEach(element -> values.add(of(element, depth + 1)));
                yield values;
            }
            case Map<?, ?> map -> {
                var values = new LinkedHashMap<String, Object>();
                map.forEach((key, v) -> values.put(key.toString(), of(v, depth + 1)));
                yield values;
            }
            case JsonNode json -> fromJson(json, depth);
            case null -> NullValue.NULL_VALUE;
            default ->
                    throw new ExpressionFailed(
                            "a " + value.getClass().getSimpleName() + " cannot be used in it");
        };
    }

    /// @throws ExpressionFailed if JSON has no such value
    static JsonNode toJson(Object value) {
        return toJson(value, 0);
    }

    private static JsonNode toJson(Object value, int depth) {
        deep(depth);
        return switch (value) {
            case String text -> NODES.stringNode(text);
            case Boolean truth -> NODES.booleanNode(truth);
            case Long number -> number(number);
            case Double number -> number(number);
            case UnsignedLong number -> number(number.bigIntegerValue());
            case NullValue nothing -> NODES.nullNode();
            case List<?> list -> {
                var node = Json.array();
                list.forEach(element -> node.add(toJson(element, depth + 1)));
                yield node;
            }
            case Map<?, ?> map -> {
                var node = Json.object();
                map.forEach((key, v) -> node.set(key.toString(), toJson(v, depth + 1)));
                yield node;
            }
            case Instant time -> NODES.stringNode(time.toString());
            case Duration time -> NODES.stringNode(seconds(time));
            case CelByteString bytes ->
                    NODES.stringNode(Base64.getEncoder().encodeToString(bytes.toByteArray()));
            case Optional<?> maybe ->
                    maybe.isPresent() ? toJson(maybe.get(), depth) : NODES.nullNode();
            case CelType type -> NODES.stringNode(type.name());
            case CelUnknownSet unknown -> throw new ExpressionFailed("a name in it has no value");
            default ->
                    throw new ExpressionFailed(
                            "a " + value.getClass().getSimpleName() + " is no JSON value");
        };
    }

    private static JsonNode number(long number) {
        return (int) number == number ? NODES.numberNode((int) number) : NODES.numberNode(number);
    }

    private static JsonNode number(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            throw new ExpressionFailed("the result is " + number + ", which JSON cannot hold");
        }
        return NODES.numberNode(number);
    }

    private static JsonNode number(BigInteger number) {
        return number.bitLength() < 64 ? number(number.longValue()) : NODES.numberNode(number);
    }

    /// As CEL writes a duration: `90s`, `1.5s`.
    private static String seconds(Duration time) {
        return java.math.BigDecimal.valueOf(time.getSeconds())
                        .add(java.math.BigDecimal.valueOf(time.getNano(), 9))
                        .stripTrailingZeros()
                        .toPlainString()
                + "s";
    }

    private static void deep(int depth) {
        if (depth > DEEPEST) {
            throw new ExpressionFailed("a value is nested deeper than " + DEEPEST + " levels");
        }
    }
}
