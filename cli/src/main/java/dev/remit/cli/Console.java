package dev.remit.cli;

import dev.remit.cli.view.Amounts;
import dev.remit.cli.view.Cells;
import dev.remit.cli.view.Style;
import dev.remit.cli.view.Terminal;
import dev.remit.core.json.Json;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Where the command writes: results on standard output, notes on standard error.
final class Console {
    /// What takes no longer needs no words.
    private static final Duration SOON = Duration.ofSeconds(2);

    /// The spinner before, and the time behind what goes on.
    private static final int TIME_CELLS = 14;

    private final Shell shell;
    private final PrintStream out;
    private final PrintStream err;
    private final Style style;
    private final Style noteStyle;
    private volatile @Nullable Terminal live;

    /// @param color `auto`, `always` or `never`
    Console(Shell shell, String color) {
        this.shell = shell;
        // A pipe gets UTF-8 whatever the locale: what a model wrote is not to be lost in it.
        this.out =
                new PrintStream(
                        shell.out(),
                        false,
                        shell.outIsTerminal() ? shell.locale() : StandardCharsets.UTF_8);
        this.err = new PrintStream(shell.err(), true, shell.locale());
        this.style = new Style(colored(color, shell.outIsTerminal()), shell.understandsUnicode());
        this.noteStyle =
                new Style(colored(color, shell.errIsTerminal()), shell.understandsUnicode());
    }

    private boolean colored(String color, boolean terminal) {
        return switch (color) {
            case "always" -> true;
            case "never" -> false;
            case "auto" ->
                    terminal
                            && shell.variable("NO_COLOR") == null
                            && !"dumb".equals(shell.variable("TERM"));
            default -> throw Failure.usage("--color is auto, always or never, not " + color);
        };
    }

    Shell shell() {
        return shell;
    }

    PrintStream out() {
        return out;
    }

    Style style() {
        return style;
    }

    /// Whether a live picture can be drawn.
    boolean isLive() {
        return shell.outIsTerminal() && !"dumb".equals(shell.variable("TERM"));
    }

    int width() {
        return shell.outIsTerminal() ? Terminal.measure().columns() : 100;
    }

    void print(String line) {
        out.println(line);
        out.flush();
    }

    void print(List<String> lines) {
        lines.forEach(out::println);
        out.flush();
    }

    /// One JSON document, and nothing else, in UTF-8.
    void json(JsonNode document) {
        var bytes = new PrintStream(shell.out(), false, StandardCharsets.UTF_8);
        bytes.println(Json.pretty(document));
        bytes.flush();
    }

    /// A live picture on standard output. Notes are written above it.
    Terminal live() {
        var terminal = new Terminal(out);
        live = terminal;
        return terminal;
    }

    /// A remark for whoever looks, not part of the result.
    void note(String text) {
        Runnable writing = () -> err.println(noteStyle.dim("remit: ") + Cells.harmless(text));
        var terminal = live;
        if (terminal != null && shell.errIsTerminal()) {
            terminal.above(writing);
        } else {
            writing.run();
        }
    }

    /// What went wrong, and what to do.
    void failure(Failure failure) {
        err.println(
                noteStyle.red("remit: ") + Cells.harmless(String.valueOf(failure.getMessage())));
        failure.advice().forEach(line -> err.println(Cells.harmless(line)));
    }

    /// Shows that something takes a while.
    Progress progress(String what) {
        return new Progress(what);
    }

    /// A line on standard error that says what goes on, and for how long.
    final class Progress implements AutoCloseable {
        private final String what;
        private final long began = System.nanoTime();
        private boolean over;
        private boolean said;
        private String step = "";
        private int columns;

        private Progress(String what) {
            this.what = what;
        }

        /// What goes on just now; empty if nobody knows.
        void now(String what) {
            step = what;
        }

        /// Draws again; on a terminal only. Elsewhere the line comes once.
        void tick() {
            var since = Duration.ofNanos(System.nanoTime() - began);
            if (live != null) {
                return;
            }
            if (shell.errIsTerminal()) {
                err.print(
                        "\r\u001b[K"
                                + noteStyle.cyan(noteStyle.spinner(since.toMillis() / 100))
                                + " "
                                + fitting(step.isEmpty() ? what : what + ": " + step)
                                + noteStyle.dim("  " + Amounts.time(since)));
                err.flush();
                said = true;
            } else if (!said && since.compareTo(SOON) > 0) {
                note(what);
                said = true;
            }
        }

        /// A line that wraps could not be drawn over.
        private String fitting(String text) {
            if (columns == 0) {
                columns = Terminal.measure().columns();
            }
            return Cells.cut(text, Math.max(10, columns - TIME_CELLS), noteStyle);
        }

        void done(Duration took) {
            over = true;
            if (said && shell.errIsTerminal()) {
                err.print("\r\u001b[K");
            }
            boolean saidBefore = said && !shell.errIsTerminal();
            note((saidBefore ? "done" : what) + ": " + Amounts.time(took));
        }

        @Override
        public void close() {
            if (!over && said && shell.errIsTerminal()) {
                err.print("\r\u001b[K");
                err.flush();
            }
        }
    }
}
