package dev.remit.core.text;

import dev.remit.core.json.Json;
import dev.remit.core.money.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The fields of one object in a file. What has the wrong type becomes a fault and counts as
/// absent, so that reading goes on.
public final class Fields {
    private static final int LONGEST_LIST = 500;

    private final Source source;
    private final String pointer;
    private final ObjectNode object;
    private final Faults faults;

    private Fields(Source source, String pointer, ObjectNode object, Faults faults) {
        this.source = source;
        this.pointer = pointer;
        this.object = object;
        this.faults = faults;
    }

    /// The object at a pointer; absent if something else stands there. Keys that are not known are
    /// faults.
    public static Optional<Fields> at(
            Source source, String pointer, Set<String> known, Faults faults) {
        var node = source.at(pointer);
        if (!(node instanceof ObjectNode object)) {
            faults.add(
                    source.file(),
                    source.value(pointer),
                    pointer.isEmpty()
                            ? "the file is " + describe(node)
                            : "this is " + describe(node),
                    "keys and values, such as `" + example(known) + ": …`");
            return Optional.empty();
        }
        for (var key : object.propertyNames()) {
            if (!known.contains(key)) {
                faults.add(
                        source.file(),
                        source.key(Source.child(pointer, key)),
                        "`" + key + "` is not known here",
                        Nearest.hint(key, known));
            }
        }
        return Optional.of(new Fields(source, pointer, object, faults));
    }

    /// The whole file, for whoever reads some of its keys beside others.
    public static Optional<Fields> among(Source source, Faults faults) {
        return source.root() instanceof ObjectNode object
                ? Optional.of(new Fields(source, "", object, faults))
                : Optional.empty();
    }

    private static String example(Set<String> known) {
        return known.stream().sorted().findFirst().orElse("key");
    }

    public Source source() {
        return source;
    }

    public Faults faults() {
        return faults;
    }

    /// Where the object stands.
    public String pointer() {
        return pointer;
    }

    public String pointer(String key) {
        return Source.child(pointer, key);
    }

    /// The value of a key; absent if it is not given or null.
    public @Nullable JsonNode get(String key) {
        var value = object.get(key);
        return value == null || value.isNull() ? null : value;
    }

    public boolean has(String key) {
        return object.has(key);
    }

    public Set<String> names() {
        return Set.copyOf(object.propertyNames());
    }

    public @Nullable String text(String key) {
        var value = given(key, "a text");
        if (value == null) {
            return null;
        }
        if (!value.isString()) {
            wrongType(
                    key,
                    "a text",
                    value.isContainer() ? "" : "put it in quotes: \"" + Json.write(value) + "\"");
            return null;
        }
        if (value.asString().isBlank()) {
            fault(key, "`" + key + "` is empty", "write a text, or leave the key out");
            return null;
        }
        return value.asString();
    }

    /// A text that must be given.
    ///
    /// @param right what would be right if it is missing
    public @Nullable String required(String key, String right) {
        if (!has(key)) {
            missing(key, right);
            return null;
        }
        return text(key);
    }

    public void missing(String key, String right) {
        faults.add(source.file(), source.value(pointer), "`" + key + "` is missing", right);
    }

    public int integer(String key, int least, int most, int otherwise) {
        return (int) integer(key, (long) least, most, otherwise);
    }

    public long integer(String key, long least, long most, long otherwise) {
        var value = given(key, "a whole number");
        if (value == null) {
            return otherwise;
        }
        if (!value.isIntegralNumber()) {
            wrongType(key, "a whole number", "");
        } else if (!value.canConvertToLong()
                || value.longValue() < least
                || value.longValue() > most) {
            fault(key, "`" + key + "` is out of range", "from " + least + " to " + most);
        } else {
            return value.longValue();
        }
        return otherwise;
    }

    /// A number that need not be whole; exactly as it is written, up to 15 digits.
    public @Nullable BigDecimal decimal(String key, BigDecimal least, BigDecimal most) {
        var value = given(key, "a number");
        if (value == null) {
            return null;
        }
        if (!value.isNumber()) {
            wrongType(key, "a number", "");
            return null;
        }
        var number = value.decimalValue();
        if (number.compareTo(least) < 0 || number.compareTo(most) > 0) {
            fault(
                    key,
                    "`" + key + "` is out of range",
                    "from " + least.toPlainString() + " to " + most.toPlainString());
            return null;
        }
        return number;
    }

    public @Nullable Boolean truth(String key) {
        var value = given(key, "true or false");
        if (value != null && !value.isBoolean()) {
            wrongType(key, "true or false", "");
            return null;
        }
        return value == null ? null : value.booleanValue();
    }

    public @Nullable Duration duration(String key, Duration least, Duration most) {
        var text = quantity(key, Quantities.DURATION);
        if (text == null) {
            return null;
        }
        var duration = Quantities.duration(text);
        if (duration.isEmpty()) {
            fault(key, "`" + text + "` is no duration", Quantities.DURATION);
        } else if (duration.get().compareTo(least) < 0 || duration.get().compareTo(most) > 0) {
            fault(
                    key,
                    "`" + key + "` is out of range",
                    "from " + written(least) + " to " + written(most));
        } else {
            return duration.get();
        }
        return null;
    }

    public @Nullable Money money(String key) {
        var text = quantity(key, Quantities.MONEY);
        if (text == null) {
            return null;
        }
        var money = Quantities.money(text);
        if (money.isEmpty()) {
            fault(key, "`" + text + "` is no amount of money", Quantities.MONEY);
        }
        return money.orElse(null);
    }

    /// A number without its unit is told so, rather than called the wrong type.
    private @Nullable String quantity(String key, String right) {
        var value = given(key, right);
        if (value == null) {
            return null;
        }
        if (value.isNumber()) {
            fault(key, "`" + Json.write(value) + "` has no unit", right);
            return null;
        }
        if (!value.isString()) {
            wrongType(key, right, "");
            return null;
        }
        return value.asString();
    }

    public <E extends Enum<E>> E word(String key, Class<E> words, E otherwise) {
        var text = text(key);
        if (text == null) {
            return otherwise;
        }
        var known = new ArrayList<String>();
        for (var word : words.getEnumConstants()) {
            var name = word.name().toLowerCase(Locale.ROOT);
            if (name.equals(text)) {
                return word;
            }
            known.add(name);
        }
        fault(key, "`" + text + "` is not known here", Nearest.hint(text, known));
        return otherwise;
    }

    /// What stands under each name of a map, such as one provider of `providers`, in the order of
    /// the file; none if it is absent.
    ///
    /// @return pointers by name
    public Map<String, String> entries(String key) {
        var value = given(key, "names and what belongs to them");
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof ObjectNode map)) {
            wrongType(key, "a map of names and what belongs to them", "");
            return Map.of();
        }
        if (map.size() > LONGEST_LIST) {
            fault(key, "`" + key + "` has " + map.size() + " entries", "at most " + LONGEST_LIST);
            return Map.of();
        }
        var entries = new LinkedHashMap<String, String>();
        map.propertyNames().forEach(name -> entries.put(name, Source.child(pointer(key), name)));
        return Collections.unmodifiableMap(entries);
    }

    /// The number of elements of a list; 0 if it is absent.
    public int list(String key) {
        var value = given(key, "a list");
        if (value == null) {
            return 0;
        }
        if (!(value instanceof ArrayNode list)) {
            wrongType(
                    key, "a list", "such as [" + (value.isString() ? value.asString() : "…") + "]");
            return 0;
        }
        if (list.size() > LONGEST_LIST) {
            fault(key, "`" + key + "` has " + list.size() + " entries", "at most " + LONGEST_LIST);
            return 0;
        }
        return list.size();
    }

    /// A list of texts; what is none is a fault and left out.
    public List<String> texts(String key) {
        var texts = new ArrayList<String>();
        for (int i = 0; i < list(key); i++) {
            var at = Source.child(pointer(key), i);
            var value = source.at(at);
            if (value.isString() && !value.asString().isBlank()) {
                texts.add(value.asString());
            } else {
                faults.add(source.file(), source.value(at), "this is " + describe(value), "a text");
            }
        }
        return List.copyOf(texts);
    }

    public Optional<Fields> object(String key, Set<String> known) {
        return given(key, "keys and values") == null
                ? Optional.empty()
                : at(source, pointer(key), known, faults);
    }

    /// The value, if there is one; a key without a value is a fault.
    private @Nullable JsonNode given(String key, String expected) {
        if (has(key) && get(key) == null) {
            fault(key, "`" + key + "` has no value", expected + ", or leave the key out");
        }
        return get(key);
    }

    public void wrongType(String key, String expected, String right) {
        fault(
                key,
                "`" + key + "` is " + describe(source.at(pointer(key))) + ", not " + expected,
                right.isEmpty() ? expected : right);
    }

    public void fault(String key, String wrong, String right) {
        faults.add(source.file(), source.value(pointer(key)), wrong, right);
    }

    public static String describe(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "a map of keys and values";
            case ARRAY -> "a list";
            case STRING -> "a text";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case NULL, MISSING, BINARY, POJO -> "empty";
        };
    }

    private static String written(Duration duration) {
        long days = duration.toDays();
        if (days > 1 && duration.equals(Duration.ofDays(days))) {
            return days + "d";
        }
        return duration.toString().substring(2).toLowerCase(Locale.ROOT);
    }
}
