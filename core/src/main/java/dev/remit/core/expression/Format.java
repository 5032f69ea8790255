package dev.remit.core.expression;

import com.google.common.primitives.UnsignedLong;
import com.google.re2j.Pattern;
import dev.remit.core.json.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// `format` as CEL's strings extension defines it: `%s`, `%d`, `%f` and `%.2f`, `%x`, `%X`, `%%`.
final class Format {
    private static final Pattern CLAUSE = Pattern.compile("%(?:\\.([0-9]{1,2}))?(.)?");
    private static final int DEFAULT_PRECISION = 6;

    private Format() {}

    /// @throws ExpressionFailed if the clauses and the values do not fit
    static String format(String pattern, List<?> values) {
        var made = new StringBuilder();
        var matcher = CLAUSE.matcher(pattern);
        int from = 0;
        int next = 0;
        while (matcher.find()) {
            made.append(pattern, from, matcher.start());
            from = matcher.end();
            var kind = matcher.group(2) == null ? "" : matcher.group(2);
            if (kind.equals("%")) {
                made.append('%');
                continue;
            }
            if (next == values.size()) {
                throw new ExpressionFailed("the format asks for more values than are given");
            }
            made.append(one(kind, matcher.group(1), values.get(next++)));
            Meter.allow(made.length());
        }
        return made.append(pattern, from, pattern.length()).toString();
    }

    private static String one(String kind, @Nullable String precision, Object value) {
        return switch (kind) {
            case "s" -> {
                var node = Values.toJson(value);
                yield node.isString() ? node.asString() : Json.write(node);
            }
            case "d" ->
                    value instanceof Long || value instanceof UnsignedLong
                            ? value.toString()
                            : decimal(value, 0);
            case "f" ->
                    decimal(
                            value,
                            precision == null ? DEFAULT_PRECISION : Integer.parseInt(precision));
            case "x" -> hexadecimal(value);
            case "X" -> hexadecimal(value).toUpperCase(Locale.ROOT);
            default ->
                    throw new ExpressionFailed(
                            "a format knows %s, %d, %f, %.2f, %x, %X and %%, not %" + kind);
        };
    }

    private static String decimal(Object value, int digits) {
        if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            return new BigDecimal(number.toString())
                    .setScale(digits, RoundingMode.HALF_EVEN)
                    .toPlainString();
        }
        throw new ExpressionFailed(
                "a number was expected, not " + Json.write(Values.toJson(value)));
    }

    private static String hexadecimal(Object value) {
        if (value instanceof Long number) {
            return number < 0 ? "-" + Long.toHexString(-number) : Long.toHexString(number);
        }
        throw new ExpressionFailed(
                "a whole number was expected, not " + Json.write(Values.toJson(value)));
    }
}
