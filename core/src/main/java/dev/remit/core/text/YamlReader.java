package dev.remit.core.text;

import dev.remit.core.json.Json;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads one YAML file (YAML 1.2, core schema) without what trips people up: no aliases, anchors or
/// tags, no key twice, nothing that another YAML reader would take for something else.
public final class YamlReader {
    private static final int DEEPEST = 64;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern FLOAT =
            Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?");
    private static final Pattern SEXAGESIMAL =
            Pattern.compile("[-+]?[0-9]+(:[0-5]?[0-9])+(\\.[0-9]*)?");
    private static final Pattern OLD_NUMBER =
            Pattern.compile(
                    "[-+]?(0[0-9]+|0x[0-9a-fA-F_]+|0o[0-7]+|0b[01_]+|[0-9][0-9_]*_[0-9_]*|\\.(inf|Inf|INF|nan|NaN|NAN))|\\.(inf|nan)");
    private static final Pattern OLD_BOOLEAN =
            Pattern.compile("yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF");
    private static final Pattern HASH = Pattern.compile("\\s+#[\\p{L}\\p{N}].*");

    private static final int MOST_REPAIRS = 20;
    private static final int LONGEST_NUMBER = 100;
    private static final int LONGEST_LINE = 10_000;

    private final String file;
    private final YamlText text;
    private final List<String> lines;
    private final Faults faults;
    private final Iterator<Event> events;
    private final Map<String, Place> keys = new HashMap<>();
    private final Map<String, Place> values = new HashMap<>();
    private final Map<String, Source.Style> styles = new HashMap<>();

    private YamlReader(String file, YamlText text, Faults faults) {
        this.file = file;
        this.text = text;
        this.lines = text.lines();
        this.faults = faults;
        var settings =
                LoadSettings.builder()
                        .setUseMarks(true)
                        .setLabel(file)
                        .setCodePointLimit(Math.max(1, text.text().length()))
                        .build();
        this.events = new Parse(settings).parseString(text.text()).iterator();
    }

    /// A syntax error whose meaning is clear is told and put right here, so that reading goes on
    /// and finds the other faults too.
    ///
    /// @return absent if it is no YAML at all; faults tell why
    public static Optional<Source> read(String file, String text, Faults faults) {
        var clean = text.startsWith("\uFEFF") ? text.substring(1) : text;
        if (!isText(file, clean, faults)) {
            return Optional.empty();
        }
        var attempt = new YamlText(clean);
        for (int i = 0; i < MOST_REPAIRS; i++) {
            try {
                return Optional.ofNullable(new YamlReader(file, attempt, faults).document());
            } catch (MarkedYamlEngineException e) {
                var repair = new YamlSyntax(file, attempt, faults).tell(e);
                if (repair.isEmpty()) {
                    break;
                }
                attempt = attempt.quoted(repair.get());
            } catch (YamlEngineException e) {
                faults.add(file, Place.START, "this is not YAML: " + e.getMessage(), "");
                break;
            }
        }
        return Optional.empty();
    }

    /// Characters that YAML does not have are told apart, since the parser gives them no line; long
    /// lines, since it takes quadratic time for them.
    private static boolean isText(String file, String text, Faults faults) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            boolean lone = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
            boolean control = c < ' ' && c != '\n' && c != '\r' && c != '\t';
            if (lone
                    || control
                    || (c >= 0x7F && c < 0xA0 && c != 0x85)
                    || c == 0xFFFE
                    || c == 0xFFFF
                    || c == 0xFEFF) {
                faults.add(
                        file,
                        new Place(line, column),
                        "a character that cannot be shown (U+%04X)".formatted(c),
                        "remove it; is this a text file in UTF-8?");
                return false;
            }
            if (column > LONGEST_LINE) {
                faults.add(
                        file,
                        new Place(line, column),
                        "the line is too long",
                        "at most " + LONGEST_LINE + " characters in a line");
                return false;
            }
            line += c == '\n' ? 1 : 0;
            column = c == '\n' ? 1 : column + 1;
            i += Character.charCount(c);
        }
        return true;
    }

    private @Nullable Source document() {
        events.next(); // the stream
        if (!(events.next() instanceof DocumentStartEvent)) {
            faults.add(file, "the file is empty", "");
            return null;
        }
        var root = node(events.next(), "", 0);
        events.next(); // the end of the document
        var after = events.next();
        if (after instanceof DocumentStartEvent) {
            faults.add(
                    file,
                    place(after),
                    "a second document begins here",
                    "one file, one document: remove the ---");
        }
        return new Source(file, root, keys, values, styles, text.original());
    }

    private JsonNode node(Event event, String pointer, int depth) {
        values.put(pointer, place(event));
        if (event instanceof NodeEvent node
                && node.getAnchor().isPresent()
                && !(event instanceof AliasEvent)) {
            faults.add(
                    file,
                    place(event),
                    "`&" + node.getAnchor().get() + "` is an anchor, which these files do not have",
                    "write the value out, or put a text that begins with & in quotes");
        }
        if (depth > DEEPEST && !(event instanceof ScalarEvent)) {
            throw new TooDeep(event.getStartMark());
        }
        return switch (event) {
            case MappingStartEvent map -> {
                tag(map.getTag(), event);
                yield mapping(pointer, depth);
            }
            case SequenceStartEvent list -> {
                tag(list.getTag(), event);
                yield sequence(pointer, depth);
            }
            case ScalarEvent scalar -> {
                tag(scalar.getTag(), event);
                yield scalar(scalar, pointer);
            }
            case AliasEvent alias -> {
                var name = "*" + alias.getAlias();
                faults.add(
                        file,
                        place(event),
                        "an unquoted * begins an alias in YAML",
                        "put it in quotes: \"" + name + "\"");
                yield NODES.stringNode(name);
            }
            default -> throw new IllegalStateException("unexpected in YAML: " + event);
        };
    }

    private JsonNode mapping(String pointer, int depth) {
        var object = Json.object();
        var seen = new LinkedHashMap<String, Place>();
        for (var event = events.next();
                !(event instanceof MappingEndEvent);
                event = events.next()) {
            if (!(event instanceof ScalarEvent key)) {
                faults.add(
                        file,
                        place(event),
                        "a key must be a word, not a list, a map or an alias",
                        "put a text that begins with {, [, & or * in quotes");
                node(event, pointer + "/?", depth + 1);
                node(events.next(), pointer + "/?", depth + 1);
                continue;
            }
            tag(key.getTag(), key);
            var name = key.getValue();
            var at = Source.child(pointer, name);
            var first = seen.putIfAbsent(name, place(key));
            if (first != null) {
                faults.add(
                        file,
                        place(key),
                        "`" + name + "` stands here twice",
                        "it is given on line " + first.line() + " already; remove one of them");
                node(events.next(), at + "/?", depth + 1);
                continue;
            }
            keys.put(at, place(key));
            object.set(name, node(events.next(), at, depth + 1));
        }
        return object;
    }

    private JsonNode sequence(String pointer, int depth) {
        var list = Json.array();
        for (var event = events.next();
                !(event instanceof SequenceEndEvent);
                event = events.next()) {
            list.add(node(event, Source.child(pointer, list.size()), depth + 1));
        }
        return list;
    }

    private JsonNode scalar(ScalarEvent scalar, String pointer) {
        var written = scalar.getValue();
        switch (scalar.getScalarStyle()) {
            case LITERAL -> styles.put(pointer, Source.Style.LITERAL);
            case FOLDED -> styles.put(pointer, Source.Style.FOLDED);
            case SINGLE_QUOTED, DOUBLE_QUOTED, JSON_SCALAR_STYLE ->
                    styles.put(pointer, Source.Style.QUOTED);
            case PLAIN -> {
                return plain(scalar, written, pointer);
            }
        }
        return NODES.stringNode(written);
    }

    private JsonNode plain(ScalarEvent scalar, String text, String pointer) {
        var rest = rest(scalar);
        switch (text) {
            case "" -> {
                var hidden = rest.strip();
                if (hidden.startsWith("#") && hidden.length() > 1 && hidden.charAt(1) > ' ') {
                    comment(scalar, rest, hidden, "so there is no value here");
                }
                return NODES.nullNode();
            }
            case "~", "null", "Null", "NULL" -> {
                return NODES.nullNode();
            }
            case "true", "True", "TRUE" -> {
                return NODES.booleanNode(true);
            }
            case "false", "False", "FALSE" -> {
                return NODES.booleanNode(false);
            }
            default -> {}
        }
        if (text.length() > LONGEST_NUMBER) {
            return words(rest, scalar, text, pointer);
        }
        trap(scalar, text);
        if (INTEGER.matcher(text).matches()) {
            var number = new BigInteger(text);
            return number.bitLength() < 32
                    ? NODES.numberNode(number.intValue())
                    : number.bitLength() < 64
                            ? NODES.numberNode(number.longValue())
                            : NODES.numberNode(number);
        }
        if (FLOAT.matcher(text).matches() && Double.isFinite(Double.parseDouble(text))) {
            return NODES.numberNode(Double.parseDouble(text));
        }
        return words(rest, scalar, text, pointer);
    }

    private JsonNode words(String rest, ScalarEvent scalar, String text, String pointer) {
        if (HASH.matcher(rest).lookingAt()) {
            comment(scalar, rest, rest.strip(), "so the value ends before it");
        }
        styles.put(pointer, Source.Style.PLAIN);
        return NODES.stringNode(text);
    }

    /// Words that another YAML reader takes for something else.
    private void trap(ScalarEvent scalar, String text) {
        if (OLD_BOOLEAN.matcher(text).matches()) {
            boolean yes = List.of("yes", "on").contains(text.toLowerCase(Locale.ROOT));
            faults.add(
                    file,
                    place(scalar),
                    "`" + text + "` is a text to some YAML readers and " + yes + " to others",
                    "write " + yes + ", or \"" + text + "\" in quotes");
        } else if (SEXAGESIMAL.matcher(text).matches()) {
            faults.add(
                    file,
                    place(scalar),
                    "`" + text + "` is a number to base 60 to some YAML readers",
                    "write a duration as 90s, 5m or 1h30m; put anything else in quotes: \""
                            + text
                            + "\"");
        } else if (OLD_NUMBER.matcher(text).matches()) {
            faults.add(
                    file,
                    place(scalar),
                    "YAML readers do not agree on the number `" + text + "`",
                    "write it in plain decimal digits, or in quotes: \"" + text + "\"");
        }
    }

    private void comment(ScalarEvent scalar, String rest, String hidden, String so) {
        var end = scalar.getEndMark().orElseThrow();
        int blanks = rest.length() - rest.stripLeading().length();
        faults.add(
                file,
                text.place(end.getLine(), end.getColumn() + blanks),
                "an unquoted # begins a comment, " + so,
                "put the value in quotes: \""
                        + (scalar.getValue().isEmpty() ? "" : scalar.getValue() + " ")
                        + hidden.replace("\"", "'")
                        + "\"; a comment has a blank after its #");
    }

    /// What follows on the same line.
    private String rest(ScalarEvent scalar) {
        var end = scalar.getEndMark().orElseThrow();
        if (end.getLine() >= lines.size()) {
            return "";
        }
        var line = lines.get(end.getLine());
        int column = Math.min(end.getColumn(), line.codePointCount(0, line.length()));
        return line.substring(line.offsetByCodePoints(0, column));
    }

    private void tag(Optional<String> tag, Event event) {
        tag.ifPresent(t ->
                faults.add(
                        file,
                        place(event),
                        "an unquoted ! begins a tag in YAML, which these files do not have",
                        "remove the tag, or put a text that begins with ! in quotes"));
    }

    private Place place(Event event) {
        return event.getStartMark().map(text::place).orElse(Place.START);
    }

    private static final class TooDeep extends MarkedYamlEngineException {
        private static final long serialVersionUID = 1;

        TooDeep(Optional<Mark> at) {
            super(null, Optional.empty(), "nested deeper than " + DEEPEST + " levels", at);
        }
    }
}
