package dev.remit.cli.view;

import dev.remit.client.SessionEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Events as plain lines for a pipe, those that are of interest.
public final class PlainLines {
    private static final Set<String> DULL = Set.of("progress", "token", "timer_fired", "opened");

    /// What says itself when it is tried again.
    private static final Set<String> RETRIED = Set.of("model_failed", "action_ended");

    private final Style style;
    private final Map<String, String> last = new HashMap<>();
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
        var before = last.put(event.session(), event.type());
        boolean retries = isTimer(event) && RETRIED.contains(String.valueOf(before));
        if (DULL.contains(event.type()) || retries) {
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

    private static boolean isTimer(SessionEvent event) {
        return event.type().equals("idled")
                && event.body().path("waiting").path("for").asString("").equals("timer");
    }
}
