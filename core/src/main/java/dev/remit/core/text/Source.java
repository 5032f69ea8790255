package dev.remit.core.text;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A file as a tree, with the place of every value in it.
///
/// @param keys the places of keys, by the JSON Pointer of their value
/// @param values the places of values, by JSON Pointer
/// @param styles how a text is written, where that matters
/// @param lines of the file
public record Source(
        String file,
        JsonNode root,
        Map<String, Place> keys,
        Map<String, Place> values,
        Map<String, Style> styles,
        List<String> lines) {

    /// Longest file, in characters.
    public static final int LONGEST = 256_000;

    /// Reads a file: JSON if its name ends so, else YAML.
    ///
    /// @param file its path, as faults name it
    /// @return absent if it cannot be parsed; faults tell why
    public static Optional<Source> read(String file, String text, Faults faults) {
        if (text.length() > LONGEST) {
            faults.add(
                    file,
                    "the file has " + text.length() + " characters",
                    "at most " + LONGEST + " in a file that is not only text");
            return Optional.empty();
        }
        return file.endsWith(".json")
                ? JsonReader.read(file, text, faults)
                : YamlReader.read(file, text, faults);
    }

    /// How a text is written.
    public enum Style {
        PLAIN,
        QUOTED,
        LITERAL,
        FOLDED
    }

    public static String child(String pointer, String key) {
        return pointer + "/" + key.replace("~", "~0").replace("/", "~1");
    }

    public static String child(String pointer, int index) {
        return pointer + "/" + index;
    }

    public JsonNode at(String pointer) {
        return root.at(pointer);
    }

    public Place value(String pointer) {
        return nearest(values, pointer);
    }

    public Place key(String pointer) {
        var place = keys.get(pointer);
        return place != null ? place : value(pointer);
    }

    /// The place of a value, or else of what it would stand in.
    private static Place nearest(Map<String, Place> places, String pointer) {
        for (var at = pointer; ; at = at.substring(0, at.lastIndexOf('/'))) {
            var place = places.get(at);
            if (place != null || at.isEmpty()) {
                return place == null ? Place.START : place;
            }
        }
    }

    /// Whether the text stands there without quotes, on one line.
    public boolean isPlain(String pointer) {
        return styles.get(pointer) == Style.PLAIN;
    }

    /// The place of a character within a text, as near as the way it is written allows.
    ///
    /// @param line from 1, within the text
    /// @param column from 1, within that line
    public Place within(String pointer, int line, int column) {
        var start = value(pointer);
        return switch (styles.get(pointer)) {
            case PLAIN -> line == 1 ? new Place(start.line(), start.column() + column - 1) : start;
            case QUOTED -> line == 1 ? new Place(start.line(), start.column() + column) : start;
            case LITERAL -> {
                int at = start.line() + line; // its first line is the one after the bar
                var text = at <= lines.size() ? lines.get(start.line()) : "";
                int indent = text.length() - text.stripLeading().length();
                yield at <= lines.size() ? new Place(at, indent + column) : start;
            }
            case FOLDED -> start;
            case null -> start;
        };
    }

    /// The keys of the object there; none if it is no object.
    public Set<String> names(String pointer) {
        return at(pointer) instanceof ObjectNode object
                ? Set.copyOf(object.propertyNames())
                : Set.of();
    }
}
