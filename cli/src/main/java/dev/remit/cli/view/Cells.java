package dev.remit.cli.view;

import java.util.ArrayList;
import java.util.List;

/// Text as a terminal shows it: how many cells it fills, cut and wrapped by them.
public final class Cells {
    /// Characters that fill two cells, as pairs of first and last (Unicode UAX 11, in the main).
    private static final int[] WIDE = {
        0x1100, 0x115F, 0x2705, 0x2705, 0x274C, 0x274C, 0x26A0, 0x26A0, 0x2E80, 0x303E,
        0x3041, 0xA4CF, 0xAC00, 0xD7A3, 0xF900, 0xFAFF, 0xFE30, 0xFE6F, 0xFF00, 0xFF60,
        0xFFE0, 0xFFE6, 0x1F300, 0x1F64F, 0x1F680, 0x1F6FF, 0x1F900, 0x1FAFF, 0x20000, 0x3FFFD
    };

    private Cells() {}

    /// Without characters that would steer the terminal: what a model or a log wrote is only shown.
    public static String harmless(String text) {
        var clean = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> {
                    if (c == '\n') {
                        clean.append('\n');
                    } else if (c == '\t') {
                        clean.append("    ");
                    } else if (!Character.isISOControl(c) && !steersDirection(c)) {
                        clean.appendCodePoint(c);
                    }
                });
        return clean.toString();
    }

    static int width(String text) {
        return text.codePoints().map(Cells::width).sum();
    }

    private static int width(int c) {
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.FORMAT
                || Character.isISOControl(c)) {
            return 0;
        }
        for (int i = 0; i < WIDE.length; i += 2) {
            if (c >= WIDE[i] && c <= WIDE[i + 1]) {
                return 2;
            }
        }
        return 1;
    }

    private static boolean steersDirection(int c) {
        return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    }

    /// At most so many cells; what is cut off shows as an ellipsis.
    public static String cut(String text, int cells, Style style) {
        if (width(text) <= cells) {
            return text;
        }
        var mark = style.ellipsis();
        if (cells <= mark.length()) {
            return mark.substring(0, Math.max(0, cells));
        }
        var kept = new StringBuilder();
        int used = mark.length();
        for (int c : text.codePoints().toArray()) {
            if (used + width(c) > cells) {
                break;
            }
            used += width(c);
            kept.appendCodePoint(c);
        }
        return kept.append(mark).toString();
    }

    /// The end of a text, at most so many cells.
    static String end(String text, int cells, Style style) {
        if (width(text) <= cells) {
            return text;
        }
        int from = text.length();
        int room = cells - style.ellipsis().length();
        while (from > 0 && room - width(text.codePointBefore(from)) >= 0) {
            room -= width(text.codePointBefore(from));
            from -= Character.charCount(text.codePointBefore(from));
        }
        return style.ellipsis() + text.substring(from);
    }

    /// Exactly so many cells, cut or filled up with spaces on the right.
    static String left(String text, int cells, Style style) {
        var fitting = cut(text, cells, style);
        return fitting + " ".repeat(Math.max(0, cells - width(fitting)));
    }

    /// Exactly so many cells, cut or filled up with spaces on the left.
    static String right(String text, int cells, Style style) {
        var fitting = cut(text, cells, style);
        return " ".repeat(Math.max(0, cells - width(fitting))) + fitting;
    }

    /// Lines of at most so many cells, broken between words where possible.
    static List<String> wrap(String text, int cells) {
        int most = Math.max(8, cells);
        var lines = new ArrayList<String>();
        for (var paragraph : text.split("\n", -1)) {
            var line = new StringBuilder();
            int used = 0;
            for (var word : paragraph.split(" ", -1)) {
                int length = width(word);
                if (used > 0 && used + 1 + length > most) {
                    lines.add(line.toString());
                    line.setLength(0);
                    used = 0;
                }
                if (used > 0) {
                    line.append(' ');
                    used++;
                }
                for (int c : word.codePoints().toArray()) {
                    if (used + width(c) > most) {
                        lines.add(line.toString());
                        line.setLength(0);
                        used = 0;
                    }
                    line.appendCodePoint(c);
                    used += width(c);
                }
            }
            lines.add(line.toString());
        }
        return lines;
    }
}
