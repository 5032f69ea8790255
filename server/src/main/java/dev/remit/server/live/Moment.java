package dev.remit.server.live;

import dev.remit.core.session.Recorded;
import dev.remit.http.server.EventStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What there is to read of a session at one moment: the newest events, and behind the last of them
/// the words of the model that speaks. The same for all its readers.
///
/// @param base the events behind this `seq` are here; older ones are in the log
/// @param events without gaps
/// @param newest of the words, for readers that had all that was there before
/// @param tokens output tokens of the call that runs, as last told
/// @param over whether the session is closed by the last event
public record Moment(
        long base,
        List<Shown> events,
        @Nullable Spoken spoken,
        @Nullable Piece newest,
        long tokens,
        boolean over) {
    /// An event, and how it looks from outside.
    public record Shown(Recorded recorded, EventStream.Frame frame) {}

    /// The `seq` of the newest event.
    public long head() {
        return base + events.size();
    }

    /// The events behind one that is not older than `base`.
    public List<Shown> behind(long seq) {
        return seq >= head() ? List.of() : events.subList((int) (seq - base), events.size());
    }

    /// More words for a reader that has all events.
    public @Nullable Piece words(Place place) {
        if (spoken == null || place.seq() != head()) {
            return null;
        }
        return newest != null && newest.before().equals(place) ? newest : Piece.of(place, spoken);
    }
}
