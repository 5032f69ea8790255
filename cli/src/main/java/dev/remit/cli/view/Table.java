package dev.remit.cli.view;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Rows under headings, aligned for people or with commas for programs.
public final class Table {
    private static final int WIDEST = 60;

    private final List<Column> columns = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();
    private final List<List<String>> totals = new ArrayList<>();

    private record Column(String heading, boolean number) {}

    /// A column of words.
    public Table words(String heading) {
        columns.add(new Column(heading, false));
        return this;
    }

    /// A column of numbers, which end at the same place.
    public Table numbers(String heading) {
        columns.add(new Column(heading, true));
        return this;
    }

    public Table row(List<String> cells) {
        rows.add(List.copyOf(cells));
        return this;
    }

    public Table row(String... cells) {
        return row(Arrays.asList(cells));
    }

    /// A row below all others and a line; not part of [#csv].
    public Table total(List<String> cells) {
        totals.add(List.copyOf(cells));
        return this;
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /// For people.
    public List<String> lines(Style style) {
        var widths = columns.stream().mapToInt(c -> Cells.width(c.heading())).toArray();
        for (var all : List.of(rows, totals)) {
            for (var row : all) {
                for (int i = 0; i < widths.length; i++) {
                    widths[i] = Math.min(WIDEST, Math.max(widths[i], Cells.width(row.get(i))));
                }
            }
        }
        var lines = new ArrayList<String>();
        var headings = columns.stream().map(Column::heading).toList();
        lines.add(style.bold(line(headings, widths, style)));
        rows.forEach(row -> lines.add(line(row, widths, style)));
        if (!totals.isEmpty()) {
            int width = Arrays.stream(widths).sum() + 2 * (widths.length - 1);
            lines.add(style.dim(style.rule(width)));
            totals.forEach(row -> lines.add(style.bold(line(row, widths, style))));
        }
        return lines;
    }

    private String line(List<String> cells, int[] widths, Style style) {
        var line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            var text = Cells.harmless(cells.get(i)).replace('\n', ' ');
            line.append(i == 0 ? "" : "  ")
                    .append(
                            columns.get(i).number()
                                    ? Cells.right(text, widths[i], style)
                                    : Cells.left(text, widths[i], style));
        }
        return line.toString().stripTrailing();
    }

    /// For programs (RFC 4180). A cell that a spreadsheet would take for a formula begins with an
    /// apostrophe.
    public List<String> csv() {
        var lines = new ArrayList<String>();
        lines.add(csv(columns.stream().map(Column::heading).toList()));
        rows.forEach(row -> lines.add(csv(row)));
        return lines;
    }

    private static String csv(List<String> cells) {
        return cells.stream().map(Table::quoted).collect(Collectors.joining(","));
    }

    private static String quoted(String cell) {
        boolean formula = !cell.isEmpty() && "=+-@\t\r".indexOf(cell.charAt(0)) >= 0;
        var safe = formula ? "'" + cell : cell;
        return safe.matches("(?s).*[\",\r\n].*") ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }
}
