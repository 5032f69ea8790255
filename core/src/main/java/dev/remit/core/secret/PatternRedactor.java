package dev.remit.core.secret;

import dev.remit.core.secret.SecretValues.Binding;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Replaces secrets by `[redacted:<kind>]`: values that are held, tokens of known shapes, and what
/// stands under the name of a secret, in text and in fields.
///
/// Redacting twice changes nothing. Time is linear in the text, whatever the text. What it cannot
/// know: a secret that is not held, has no shape and stands under no name.
public final class PatternRedactor implements Redactor {
    /// Deeper values are cut off: nothing legitimate is nested so.
    private static final int DEEPEST = 400;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int SHORTEST = 6;
    private static final int PASSES = 6;
    private static final Pattern FLAG = Pattern.compile("--?[A-Za-z][A-Za-z0-9_-]{1,60}");
    private static final int LONGEST_KEY = 400;

    /// A text without any of these holds no secret but what is held.
    private static final Hints HINTS =
            new Hints(
                    Stream.of(
                                    PrivateKeys.WORDS,
                                    TokenShapes.WORDS,
                                    UserInfo.WORDS,
                                    Headers.WORDS,
                                    Assignments.STEMS,
                                    CommandLines.WORDS,
                                    List.of(CardNumbers.DIGITS))
                            .flatMap(List::stream)
                            .toList());

    /// The words that are looked for in lower case.
    private static final long CASELESS =
            Stream.of(Headers.WORDS, Assignments.STEMS)
                    .flatMap(List::stream)
                    .mapToLong(Hints::bit)
                    .reduce(0, (a, b) -> a | b);

    private final Supplier<Set<String>> values;
    private volatile KnownValues known = KnownValues.NONE;

    /// @param values what is held now, such as [Secrets#values]; asked at each call, so it should
    ///   give the same set until something changes
    public PatternRedactor(Supplier<Set<String>> values) {
        this.values = values;
    }

    /// A redactor that knows patterns alone.
    public PatternRedactor() {
        this(Set::of);
    }

    @Override
    public String redact(String text) {
        return redact(text, known());
    }

    @Override
    public JsonNode redact(JsonNode value) {
        return redact(value, known(), 0);
    }

    /// A secret in a text.
    ///
    /// @param kind such as `api-key`
    public record Found(int start, int end, String kind) {}

    /// Where secrets stand in a text, in order and apart. What was redacted before is none.
    ///
    /// What is replaced can bring to light more, which [#redact(String)] replaces too; this does
    /// not look again.
    public List<Found> find(String text) {
        return text.length() < SHORTEST ? List.of() : spans(text, known()).found();
    }

    /// How many characters of a text that still grows are done with: whatever comes, [#redact] of
    /// so much of it is how [#redact] of the whole begins, but for rare cases in which it hides
    /// more. So it may be shown before the rest is there.
    public int settled(String growing) {
        var known = known();
        return Growing.settled(growing, known, spans(growing, known).found());
    }

    private KnownValues known() {
        var held = values.get();
        var compiled = known;
        if (!compiled.areFor(held)) {
            compiled = new KnownValues(Set.copyOf(held));
            known = compiled;
        }
        return compiled;
    }

    /// What is replaced may bring to light the value of a name before it, so it is looked at again
    /// until nothing changes.
    private static String redact(String text, KnownValues known) {
        if (text.length() < SHORTEST) {
            return text;
        }
        var now = text;
        for (int pass = 0; pass < PASSES; pass++) {
            var next = once(now, known);
            if (next.equals(now)) {
                break;
            }
            now = next;
        }
        return now;
    }

    private static String once(String text, KnownValues known) {
        return spans(text, known).replace();
    }

    private static Spans spans(String text, KnownValues known) {
        var spans = new Spans(text);
        var chars = text.toCharArray();
        known.find(text, chars, spans);
        long hints = HINTS.in(chars);
        if (hints == 0) {
            return spans;
        }
        PrivateKeys.find(text, spans);
        TokenShapes.find(text, hints, spans);
        UserInfo.find(text, spans);
        if ((hints & CASELESS) != 0) {
            var lower = Chars.lower(chars);
            Headers.find(text, lower, spans);
            Assignments.find(text, lower, hints, spans);
        }
        CommandLines.find(text, spans);
        if ((hints & Hints.bit(CardNumbers.DIGITS)) != 0) {
            CardNumbers.find(text, spans);
        }
        return spans;
    }

    private static JsonNode redact(JsonNode value, KnownValues known, int depth) {
        if (depth > DEEPEST) {
            return NODES.stringNode(Spans.mark("too-deep"));
        }
        if (value instanceof ObjectNode object) {
            return object(object, known, depth);
        }
        if (value instanceof ArrayNode list) {
            return list(list, known, depth);
        }
        if (value.isString()) {
            var text = value.stringValue();
            var clean = redact(text, known);
            return clean.equals(text) ? value : NODES.stringNode(clean);
        }
        if (value.isPojo() || value.isBinary()) {
            return redact(plain(value), known, depth + 1);
        }
        return value;
    }

    /// As it will be written: of nodes that JSON knows.
    private static JsonNode plain(JsonNode value) {
        var json = JsonMapper.shared();
        return json.readTree(json.writeValueAsString(value));
    }

    private static ObjectNode object(ObjectNode object, KnownValues known, int depth) {
        var clean = NODES.objectNode();
        var named = nameOfPair(object);
        boolean secrets = "Secret".equals(textAt(object, "kind"));
        for (var entry : object.properties()) {
            var name = redact(entry.getKey(), known);
            while (clean.has(name)) {
                name = name + "'";
            }
            var field = entry.getValue();
            if (named != null && entry.getKey().equals("value")) {
                clean.set(name, under(named, field, known, depth));
            } else if (secrets && isDataOfSecret(entry.getKey())) {
                clean.set(name, everyFieldOf(field, known, depth));
            } else {
                clean.set(name, under(entry.getKey(), field, known, depth));
            }
        }
        return clean;
    }

    /// The `data` of a Kubernetes Secret: whatever its fields are named, they hold one.
    private static JsonNode everyFieldOf(JsonNode data, KnownValues known, int depth) {
        if (!(data instanceof ObjectNode fields)) {
            return under("password", data, known, depth);
        }
        var clean = NODES.objectNode();
        fields.forEachEntry(
                (name, value) -> clean.set(name, under("password", value, known, depth)));
        return clean;
    }

    /// A value under a field's name; texts in a list or an object of plain data count as well.
    private static JsonNode under(String name, JsonNode value, KnownValues known, int depth) {
        var named = SecretNames.find(name);
        if (named == null || depth > DEEPEST) {
            return redact(value, known, depth + 1);
        }
        if (value instanceof ArrayNode list) {
            var clean = NODES.arrayNode();
            list.forEach(element -> clean.add(under(name, element, known, depth + 1)));
            return clean;
        }
        boolean number = value.isNumber() && named.weight() == SecretNames.Weight.PASSWORD;
        if (value.isString() || number) {
            var text = value.asString();
            var spans = new Spans(text);
            if (SecretValues.isSecret(named, Binding.FIELD, text)) {
                spans.add(0, text.length(), named.kind());
            }
            var replaced = spans.replace();
            return replaced.equals(text)
                    ? redact(value, known, depth + 1)
                    : NODES.stringNode(replaced);
        }
        return redact(value, known, depth + 1);
    }

    private static ArrayNode list(ArrayNode list, KnownValues known, int depth) {
        var clean = NODES.arrayNode();
        int keyEnd = 0;
        String flag = null;
        for (int i = 0; i < list.size(); i++) {
            var element = list.get(i);
            var text = element.isString() ? element.stringValue() : null;
            if (text != null && i < keyEnd) {
                clean.add(Spans.mark(PrivateKeys.KIND));
                continue;
            }
            if (text != null && PrivateKeys.isOpenedBy(text)) {
                keyEnd = keyEnd(list, i + 1);
            }
            clean.add(
                    flag == null
                            ? redact(element, known, depth + 1)
                            : under(flag, element, known, depth));
            flag =
                    text != null && text.startsWith("-") && FLAG.matcher(text).matches()
                            ? text
                            : null;
        }
        return clean;
    }

    /// Where the lines of a private key end in a list of lines: where it is closed, or else where
    /// they stop looking like one.
    private static int keyEnd(ArrayNode lines, int from) {
        int end = from;
        for (int i = from; i < Math.min(lines.size(), from + LONGEST_KEY); i++) {
            if (!lines.get(i).isString()) {
                break;
            }
            var line = lines.get(i).stringValue();
            if (PrivateKeys.isClosedBy(line)) {
                return i;
            }
            end = end == i && PrivateKeys.isContinuedBy(line) ? i + 1 : end;
        }
        return end;
    }

    /// The name in `{"name": "DB_PASSWORD", "value": "…"}`, as lists of variables and headers have
    /// it.
    private static @Nullable String nameOfPair(ObjectNode object) {
        if (!object.has("value")) {
            return null;
        }
        for (var field : List.of("name", "key", "header", "Name", "Key")) {
            var name = textAt(object, field);
            if (name != null) {
                return name;
            }
        }
        return null;
    }

    private static boolean isDataOfSecret(String field) {
        return field.equals("data") || field.equals("stringData");
    }

    private static @Nullable String textAt(ObjectNode object, String field) {
        var value = object.get(field);
        return value != null && value.isString() ? value.stringValue() : null;
    }
}
