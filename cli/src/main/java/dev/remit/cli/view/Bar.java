package dev.remit.cli.view;

import java.util.Locale;

/// How much of something is used, as a picture.
public final class Bar {
    private static final int CELLS = 20;

    private Bar() {}

    /// Such as `████████░░░░░░░░░░░░ 42%`; without a terminal's colors where there are none.
    public static String of(long used, long limit, Style style) {
        double part = limit <= 0 ? 1 : (double) used / limit;
        int full = (int) Math.min(CELLS, Math.round(part * CELLS));
        var picture =
                (style.unicode() ? "█" : "#").repeat(full)
                        + (style.unicode() ? "░" : ".").repeat(CELLS - full);
        var colored =
                part >= 1
                        ? style.red(picture)
                        : part >= 0.8 ? style.yellow(picture) : style.green(picture);
        return colored + String.format(Locale.ROOT, " %3.0f%%", Math.floor(part * 100));
    }
}
