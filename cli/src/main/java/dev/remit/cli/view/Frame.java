package dev.remit.cli.view;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One picture of the board: lines that fit a terminal. Pure.
public final class Frame {
    private static final int SPINS_PER_SECOND = 10;

    private Frame() {}

    /// @param width of the terminal in cells
    /// @param height of the terminal in lines; the board takes less
    public static List<String> draw(Board board, Instant now, int width, int height, Style style) {
        var columns = Columns.fitting(board, width);
        var lines = new ArrayList<String>();
        lines.add(line(board.root(), board, now, columns, style));
        var children = board.children();
        int room = Math.max(1, height - 3);
        var shown = children.size() <= room ? children : mostTelling(children, room - 1);
        for (var row : shown) {
            lines.add(line(row, board, now, columns, style));
        }
        if (shown.size() < children.size()) {
            lines.add(
                    style.dim(
                            "  "
                                    + style.ellipsis()
                                    + " and "
                                    + (children.size() - shown.size())
                                    + " more"));
        }
        return lines;
    }

    private static List<Row> mostTelling(List<Row> rows, int room) {
        var open = rows.stream().filter(r -> !r.isClosed()).limit(room).toList();
        var kept = new ArrayList<>(rows);
        for (var row : rows) {
            if (kept.size() > room && !open.contains(row)) {
                kept.remove(row);
            }
        }
        return kept.subList(0, Math.min(room, kept.size()));
    }

    private static String line(Row row, Board board, Instant now, Columns at, Style style) {
        var text = new StringBuilder();
        text.append("  ".repeat(Math.min(row.depth(), 4)))
                .append(sign(row, now, style))
                .append(' ');
        int name = at.name - 2 * Math.min(row.depth(), 4);
        var called = Cells.left(Cells.harmless(label(row)), name, style);
        text.append(row.depth() == 0 ? style.bold(called) : called).append("  ");
        text.append(
                colored(
                        row,
                        Cells.left(doing(row, board, at.doing, style), at.doing, style),
                        style));
        if (at.model > 0) {
            text.append("  ").append(style.dim(Cells.left(row.model(), at.model, style)));
        }
        if (at.tokens > 0) {
            long tokens = row.depth() == 0 ? board.tokens() : row.tokens() + row.writing();
            text.append("  ")
                    .append(
                            Cells.right(
                                    tokens == 0 ? "" : Amounts.count(tokens), at.tokens, style));
        }
        if (at.cost > 0) {
            text.append("  ")
                    .append(
                            Cells.right(
                                    Amounts.cost(row.depth() == 0 ? board.cost() : row.cost()),
                                    at.cost,
                                    style));
        }
        if (at.time > 0) {
            text.append("  ").append(style.dim(Cells.right(took(row, now), at.time, style)));
        }
        return text.toString().stripTrailing();
    }

    private static String label(Row row) {
        return row.name().isEmpty() ? row.session() : row.name();
    }

    private static String doing(Row row, Board board, int width, Style style) {
        if (row.depth() == 0 && !board.children().isEmpty() && !row.isClosed()) {
            long over = board.children().stream().filter(Row::isClosed).count();
            return over + " of " + board.children().size() + " done";
        }
        var turn = row.turn() > 0 && !row.isClosed() ? "turn " + row.turn() + ": " : "";
        var words = Cells.harmless(row.speaks() ? row.said() : row.doing()).replace('\n', ' ');
        return turn + (row.speaks() ? Cells.end(words, width - Cells.width(turn), style) : words);
    }

    private static String sign(Row row, Instant now, Style style) {
        if (row.isClosed()) {
            boolean ran =
                    row.stopReason().equals("completed") || row.stopReason().equals("no_work");
            if (!ran || row.outcome().equals("not_good")) {
                return style.red(style.unicode() ? "✗" : "x");
            }
            return style.green(style.unicode() ? "✓" : "+");
        }
        if (row.needsPerson()) {
            return style.yellow("!");
        }
        return style.cyan(style.spinner(now.toEpochMilli() * SPINS_PER_SECOND / 1000));
    }

    private static String colored(Row row, String text, Style style) {
        if (!row.isClosed()) {
            return row.needsPerson() ? style.yellow(text) : text;
        }
        return switch (row.outcome()) {
            case "good" -> style.green(text);
            case "not_good" -> style.red(text);
            default -> row.stopReason().equals("completed") ? text : style.red(text);
        };
    }

    private static String took(Row row, Instant now) {
        @Nullable Instant began = row.began();
        if (began == null) {
            return "";
        }
        var until = row.ended();
        return Amounts.time(Duration.between(began, until == null ? now : until));
    }

    /// How wide each column is; 0 leaves it out.
    private record Columns(int name, int doing, int model, int tokens, int cost, int time) {
        static Columns fitting(Board board, int width) {
            int name = 8;
            int model = 0;
            boolean paid = false;
            for (var row : board.rows()) {
                name = Math.max(name, Cells.width(label(row)) + 2 * row.depth());
                model = Math.max(model, Cells.width(row.model()));
                paid |= row.cost() != null;
            }
            name = Math.min(name, Math.max(8, width / 3));
            model = width < 80 ? 0 : Math.min(model, 24);
            int cost = paid && width >= 60 ? 12 : 0;
            int tokens = width >= 50 ? 9 : 0;
            int time = width >= 36 ? 9 : 0;
            int fixed = 2 + name + 2 + gap(model) + gap(tokens) + gap(cost) + gap(time);
            int doing = Math.clamp(width - 1 - fixed, 6, 44);
            return new Columns(name, doing, model, tokens, cost, time);
        }

        private static int gap(int column) {
            return column == 0 ? 0 : column + 2;
        }
    }
}
