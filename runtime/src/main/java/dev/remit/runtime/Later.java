package dev.remit.runtime;

import dev.remit.core.session.Waiting;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An action cannot begin yet.
///
/// @param waiting what for, if that may take long; absent: it is only a moment
/// @param until when to ask again without being woken; absent: only when something comes
record Later(Waiting.@Nullable Budget waiting, @Nullable Instant until) {
    /// Of two, the one to wait for: a moment before what may take long, then whatever is sooner.
    static @Nullable Later first(@Nullable Later a, @Nullable Later b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        if ((a.waiting() == null) != (b.waiting() == null)) {
            return a.waiting() == null ? a : b;
        }
        var until = a.until();
        var other = b.until();
        return until == null || (other != null && other.isBefore(until)) ? b : a;
    }
}
