package dev.remit.store.start;

import dev.remit.core.identity.SessionId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What became of one time of a schedule.
///
/// @param id its nominal time, or what makes it another one
/// @param times how many times it stands for: missed ones in a row are one
/// @param by who asked for it, if not the time
public record Fire(
        String id,
        Kind kind,
        Instant nominal,
        State state,
        Instant decidedAt,
        @Nullable SessionId session,
        long times,
        @Nullable String by,
        @Nullable String why) {
    /// Why it was decided about.
    public enum Kind {
        TIME,
        TRIGGER,
        BACKFILL;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Where it stands.
    public enum State {
        STARTED,
        ENDED,
        SKIPPED,
        BUFFERED,
        MISSED,
        FAILED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
