package dev.remit.core.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.exceptions.Mark;

/// The text of a YAML file, in which words may have been put in quotes so that it can be read.
/// Places are those of the file as it is.
final class YamlText {
    private final List<String> original;
    private final List<String> lines;
    private final Map<Integer, List<Integer>> inserted;

    YamlText(String text) {
        this(text.lines().toList(), text.lines().toList(), Map.of());
    }

    private YamlText(
            List<String> original, List<String> lines, Map<Integer, List<Integer>> inserted) {
        this.original = original;
        this.lines = lines;
        this.inserted = inserted;
    }

    /// A piece of one line, as it stands here; both from 0.
    record Word(int line, int column, int length) {}

    List<String> lines() {
        return lines;
    }

    List<String> original() {
        return original;
    }

    String text() {
        return String.join("\n", lines) + "\n";
    }

    String line(int line) {
        return line < lines.size() ? lines.get(line) : "";
    }

    YamlText quoted(Word word) {
        var changed = new ArrayList<>(lines);
        var line = lines.get(word.line());
        int end = word.column() + word.length();
        var inside = line.substring(word.column(), end).replace("'", "\u2019");
        changed.set(
                word.line(),
                line.substring(0, word.column()) + "'" + inside + "'" + line.substring(end));
        var columns = new ArrayList<Integer>();
        for (int column : inserted.getOrDefault(word.line(), List.of())) {
            columns.add(column < word.column() ? column : column + (column < end ? 1 : 2));
        }
        columns.add(word.column());
        columns.add(end + 1);
        var all = new TreeMap<>(inserted);
        all.put(word.line(), columns);
        return new YamlText(original, List.copyOf(changed), all);
    }

    Place place(Mark mark) {
        return place(mark.getLine(), mark.getColumn());
    }

    /// @param line from 0
    /// @param column from 0, as it stands here
    Place place(int line, int column) {
        int before =
                (int)
                        inserted.getOrDefault(line, List.of()).stream()
                                .filter(c -> c < column)
                                .count();
        return new Place(line + 1, column + 1 - before);
    }
}
