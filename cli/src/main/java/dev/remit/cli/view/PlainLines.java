package dev.remit.cli.view;

import dev.remit.client.SessionEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Events as plain lines for a pipe, those that are of interest.
public final class PlainLines {
    private static final Set<String> DULL = Set.of("progress", "timer_fired", "opened");

    private final Style style;
    private @Nullable Instant began;

    public PlainLines(Style style) {
        this.style = style;
    }

    /// The line for an event; null if it is of no interest.
    public @Nullable String of(SessionEvent event, Board board) {
        var at = event.at();
        if (began == null) {
            began = at;
        }
        if (DULL.contains(event.type())) {
            return null;
        }
        var row = board.row(event.session());
        var name = row.name().isEmpty() ? event.session().substring(0, 13) : row.name();
        var since = at == null || began == null ? "" : Amounts.time(Duration.between(began, at));
        return Cells.right(since, 8, style)
                + "  "
                + Cells.left(name, Math.max(14, Cells.width(name)), style)
                + "  "
                + Said.of(event);
    }
}
