package dev.remit.cli.view;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The terminal that a frame is drawn on, over and over at the same place. Plain ANSI (ECMA-48);
/// one write a frame.
public final class Terminal implements AutoCloseable {
    private static final String ESC = "\u001b[";
    private static final Size FALLBACK = new Size(80, 24);

    private final java.io.PrintStream out;
    private int drawn;
    private boolean closed;
    private Size size = FALLBACK;
    private long measuredAt;

    public Terminal(java.io.PrintStream out) {
        this.out = out;
        out.print(ESC + "?25l");
        out.flush();
    }

    /// @param columns in cells
    public record Size(int columns, int lines) {}

    /// Puts the lines where the last ones were.
    public synchronized void draw(List<String> lines) {
        if (closed) {
            return; // somebody let go while this frame was being made
        }
        var frame = new StringBuilder(ESC).append("?2026h");
        if (drawn > 0) {
            frame.append(ESC).append(drawn).append('A');
        }
        frame.append('\r');
        for (var line : lines) {
            frame.append(line).append(ESC).append("K\n");
        }
        frame.append(ESC).append('J').append(ESC).append("?2026l");
        drawn = lines.size();
        out.print(frame);
        out.flush();
    }

    /// Lets something be written where the picture was; the next picture comes below it.
    public synchronized void above(Runnable writing) {
        if (drawn > 0) {
            out.print(ESC + drawn + "A\r" + ESC + "J");
            out.flush();
            drawn = 0;
        }
        writing.run();
    }

    /// The size now; asked for at most once a second, so that a resized window is noticed.
    public Size size() {
        if (measuredAt == 0 || System.nanoTime() - measuredAt > 1_000_000_000L) {
            var before = size;
            size = measure();
            if (measuredAt != 0 && size.columns() < before.columns()) {
                drawn = 0;
            }
            measuredAt = System.nanoTime();
        }
        return size;
    }

    /// Asks the terminal itself; 80 by 24 if it does not say.
    public static Size measure() {
        try {
            var stty =
                    new ProcessBuilder("stty", "size")
                            .redirectInput(new File("/dev/tty"))
                            .redirectErrorStream(true)
                            .start();
            var said = new String(stty.getInputStream().readNBytes(100), StandardCharsets.UTF_8);
            if (!stty.waitFor(1, TimeUnit.SECONDS)) {
                stty.destroyForcibly();
                return FALLBACK;
            }
            var parts = said.strip().split(" ", -1);
            int lines = Integer.parseInt(parts[0]);
            int columns = Integer.parseInt(parts[1]);
            return columns < 20 || lines < 4 ? FALLBACK : new Size(columns, lines);
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return FALLBACK;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FALLBACK;
        }
    }

    /// Gives the terminal back as it was.
    @Override
    public synchronized void close() {
        closed = true;
        drawn = 0;
        out.print(ESC + "?25h");
        out.flush();
    }
}
