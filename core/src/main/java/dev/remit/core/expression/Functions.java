package dev.remit.core.expression;

import static dev.cel.common.CelFunctionDecl.newFunctionDeclaration;
import static dev.cel.common.CelOverloadDecl.newGlobalOverload;
import static dev.cel.common.CelOverloadDecl.newMemberOverload;

import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import dev.remit.core.json.Json;
import dev.remit.core.json.Regex;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The functions that Remit adds to CEL. Those of the first part take anything and never fail: what
/// does not fit gives the empty text, the empty list or the default.
final class Functions {
    private static final CelType DYN = SimpleType.DYN;
    private static final CelType STRING = SimpleType.STRING;
    private static final CelType TEXTS = ListType.create(SimpleType.STRING);

    /// Longest list that `lists.range` makes, and most places that `findAll` gives.
    private static final int LONGEST_LIST = 10_000;

    private record Function(CelFunctionDecl declaration, CelFunctionBinding binding) {}

    private static final List<Function> ALL =
            List.of(
                    total("get", DYN, 3, a -> get(a[0], text(a[1]), a[2])),
                    total("find", STRING, 2, a -> find(text(a[0]), text(a[1]))),
                    total("findAll", TEXTS, 2, a -> findAll(text(a[0]), text(a[1]))),
                    total("groups", TEXTS, 2, a -> groups(text(a[0]), text(a[1]))),
                    total(
                            "replaceAll",
                            STRING,
                            3,
                            a -> replaceAll(text(a[0]), text(a[1]), text(a[2]))),
                    total("instant", STRING, 1, a -> Timestamps.first(text(a[0]))),
                    total("truncate", STRING, 2, a -> truncate(text(a[0]), a[1])),
                    total("take", DYN, 2, a -> take(a[0], a[1])),
                    total("json", STRING, 1, a -> Json.write(Values.toJson(a[0]))),
                    total("oneLine", STRING, 1, a -> oneLine(text(a[0]))),
                    total("number", DYN, 2, a -> number(a[0], a[1])),
                    member("matches", SimpleType.BOOL, List.of(STRING, STRING), Functions::matches),
                    member(
                            "format",
                            STRING,
                            List.of(STRING, ListType.create(DYN)),
                            a -> Format.format(string(a[0]), list(a[1]))));

    /// In place of CEL's own, whose result can be far larger than what goes in.
    private static final List<CelFunctionBinding> BOUNDED =
            List.of(
                    bounded(
                            "string_replace_string_string",
                            List.of(String.class, String.class, String.class),
                            a -> replace(string(a[0]), string(a[1]), string(a[2]), -1)),
                    bounded(
                            "string_replace_string_string_int",
                            List.of(String.class, String.class, String.class, Long.class),
                            a -> replace(string(a[0]), string(a[1]), string(a[2]), (Long) a[3])),
                    bounded("list_join", List.of(List.class), a -> join(list(a[0]), "")),
                    bounded(
                            "list_join_string",
                            List.of(List.class, String.class),
                            a -> join(list(a[0]), string(a[1]))),
                    bounded("lists_range", List.of(Long.class), a -> range((Long) a[0])));

    private Functions() {}

    static List<CelFunctionDecl> declarations() {
        return ALL.stream().map(Function::declaration).toList();
    }

    static List<CelFunctionBinding> bindings() {
        return Stream.concat(ALL.stream().map(Function::binding), BOUNDED.stream()).toList();
    }

    private static CelFunctionBinding bounded(
            String id, List<Class<?>> arguments, CelFunctionOverload body) {
        return CelFunctionBinding.from(id, arguments, body);
    }

    private static Function total(
            String name, CelType result, int arguments, CelFunctionOverload body) {
        return global(name, result, Collections.nCopies(arguments, DYN), body);
    }

    private static Function global(
            String name, CelType result, List<CelType> arguments, CelFunctionOverload body) {
        var id = "remit_" + name.replace('.', '_') + "_" + arguments.size();
        return new Function(
                newFunctionDeclaration(name, newGlobalOverload(id, result, arguments)),
                CelFunctionBinding.from(id, classes(arguments), body));
    }

    private static Function member(
            String name, CelType result, List<CelType> arguments, CelFunctionOverload body) {
        var id = "remit_" + name + "_" + arguments.size();
        return new Function(
                newFunctionDeclaration(name, newMemberOverload(id, result, arguments)),
                CelFunctionBinding.from(id, classes(arguments), body));
    }

    private static List<Class<?>> classes(List<CelType> types) {
        var classes = new ArrayList<Class<?>>();
        for (var type : types) {
            classes.add(
                    switch (type.kind()) {
                        case STRING -> String.class;
                        case INT -> Long.class;
                        case LIST -> List.class;
                        default -> Object.class;
                    });
        }
        return classes;
    }

    // ---- total ones

    private static Object get(Object value, String path, Object otherwise) {
        Object at = value;
        for (var part : path.isEmpty() ? new String[0] : path.split("\\.", -1)) {
            at =
                    switch (at) {
                        case Map<?, ?> map -> map.get(part);
                        case List<?> list -> element(list, part);
                        case null, default -> null;
                    };
            if (at == null) {
                return otherwise;
            }
        }
        return at instanceof NullValue ? otherwise : at;
    }

    private static @Nullable Object element(List<?> list, String index) {
        boolean number = index.matches("[0-9]{1,9}");
        int i = number ? Integer.parseInt(index) : -1;
        return i >= 0 && i < list.size() ? list.get(i) : null;
    }

    private static String find(String text, String regex) {
        try {
            var matcher = Regex.compile(regex).matcher(text);
            return matcher.find() ? matcher.group() : "";
        } catch (PatternSyntaxException e) {
            return "";
        }
    }

    private static List<String> findAll(String text, String regex) {
        var found = new ArrayList<String>();
        try {
            var matcher = Regex.compile(regex).matcher(text);
            while (found.size() < LONGEST_LIST && matcher.find()) {
                found.add(matcher.group());
            }
        } catch (PatternSyntaxException e) {
            return List.of();
        }
        return found;
    }

    private static List<String> groups(String text, String regex) {
        try {
            var matcher = Regex.compile(regex).matcher(text);
            if (!matcher.find()) {
                return List.of();
            }
            var groups = new ArrayList<String>();
            for (int i = 1; i <= matcher.groupCount(); i++) {
                var group = matcher.group(i);
                groups.add(group == null ? "" : group);
            }
            return groups;
        } catch (PatternSyntaxException e) {
            return List.of();
        }
    }

    /// What is put in stands as it is: `$1` there is no reference to a group.
    private static String replaceAll(String text, String regex, String by) {
        try {
            var matcher = Regex.compile(regex).matcher(text);
            var made = new StringBuilder();
            int from = 0;
            while (matcher.find()) {
                made.append(text, from, matcher.start()).append(by);
                from = matcher.end();
                Meter.allow(made.length());
            }
            return made.append(text, from, text.length()).toString();
        } catch (PatternSyntaxException e) {
            return text;
        }
    }

    private static Object take(Object value, Object most) {
        return value instanceof List<?> list
                ? List.copyOf(list.subList(0, Math.clamp(whole(most), 0, list.size())))
                : List.of();
    }

    private static long whole(Object number) {
        return number instanceof Long l ? l : number instanceof Double d ? d.longValue() : 0;
    }

    private static String truncate(String text, Object most) {
        long n = whole(most);
        if (n <= 0) {
            return "";
        }
        return text.codePointCount(0, text.length()) <= n
                ? text
                : text.substring(0, text.offsetByCodePoints(0, (int) n));
    }

    private static String oneLine(String text) {
        return text.replaceAll("[\\s\\p{Cntrl}\\u0085\\u2028\\u2029]+", " ").strip();
    }

    private static Object number(Object value, Object otherwise) {
        if (value instanceof Number) {
            return value;
        }
        try {
            var text = text(value).strip();
            if (text.isEmpty() || text.length() > 40) {
                return otherwise;
            }
            var number = new BigDecimal(text);
            boolean whole = text.matches("[+-]?[0-9]{1,18}");
            double nearest = number.doubleValue();
            return whole
                    ? (Object) number.longValueExact()
                    : Double.isInfinite(nearest) ? otherwise : (Object) nearest;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    /// Text as it is, null as nothing, anything else as JSON.
    private static String text(Object value) {
        return switch (value) {
            case String text -> text;
            case NullValue nothing -> "";
            default -> {
                var node = Values.toJson(value);
                yield node.isString() ? node.asString() : Json.write(node);
            }
        };
    }

    // ---- CEL's own, with bounds

    private static Object matches(Object[] arguments) {
        try {
            return Regex.compile(string(arguments[1])).matcher(string(arguments[0])).find();
        } catch (PatternSyntaxException e) {
            throw new ExpressionFailed("not a regular expression: " + e.getDescription());
        }
    }

    private static String replace(String text, String what, String by, long most) {
        var made = new StringBuilder();
        int from = 0;
        for (long done = 0; most < 0 || done < most; done++) {
            int at = from > text.length() ? -1 : text.indexOf(what, from);
            if (at < 0) {
                break;
            }
            made.append(text, from, at).append(by);
            from = at + what.length();
            if (what.isEmpty()) {
                made.append(text, at, Math.min(at + 1, text.length()));
                from = at + 1;
            }
            Meter.allow(made.length());
        }
        return from > text.length()
                ? made.toString()
                : made.append(text, from, text.length()).toString();
    }

    private static String join(List<?> list, String between) {
        var texts = list.stream().map(Functions::string).toList();
        Meter.allow(texts, between.length());
        return String.join(between, texts);
    }

    private static List<Long> range(long end) {
        if (end > LONGEST_LIST) {
            throw new ExpressionFailed("a range has at most " + LONGEST_LIST + " numbers");
        }
        return LongStream.range(0, Math.max(0, end)).boxed().toList();
    }

    private static String string(Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new ExpressionFailed("a text was expected, not " + Json.write(Values.toJson(value)));
    }

    private static List<?> list(Object value) {
        return value instanceof List<?> list ? list : Arrays.asList((Object[]) value);
    }
}
