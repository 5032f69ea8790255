package dev.remit.cli.view;

/// How text may look: with colors or without, with signs beyond ASCII or without.
public record Style(boolean color, boolean unicode) {
    public static final Style PLAIN = new Style(false, true);

    public String bold(String text) {
        return sgr("1", text);
    }

    public String dim(String text) {
        return sgr("2", text);
    }

    public String red(String text) {
        return sgr("31", text);
    }

    public String green(String text) {
        return sgr("32", text);
    }

    public String yellow(String text) {
        return sgr("33", text);
    }

    public String cyan(String text) {
        return sgr("36", text);
    }

    /// A line as wide as asked for.
    public String rule(int width) {
        return (unicode ? "─" : "-").repeat(Math.max(0, width));
    }

    public String bullet() {
        return unicode ? "•" : "*";
    }

    public String separator() {
        return unicode ? " · " : " - ";
    }

    public String ellipsis() {
        return unicode ? "…" : "...";
    }

    public String arrow() {
        return unicode ? "→" : "->";
    }

    /// The spinner's picture at a moment.
    public String spinner(long tick) {
        var frames = unicode ? "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏" : "|/-\\";
        return frames.substring((int) (tick % frames.length()), (int) (tick % frames.length()) + 1);
    }

    private String sgr(String code, String text) {
        return color && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
