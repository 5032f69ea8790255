package dev.remit.engine.temporal;

import dev.remit.core.identity.SessionId;
import dev.remit.runtime.Parts;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/// Repeats wake-ups that came to nothing, slower each time. Temporal may lose any, and all it ever
/// knew: the log's `ready` is the truth.
final class Sweep {
    static final Duration EVERY = Duration.ofSeconds(5);

    private static final int MOST = 2_000;
    private static final int FIRST = 32;
    private static final int MOST_DOUBLINGS = 7;

    private final Consumer<SessionId> wake;
    private Map<SessionId, Repeated> before = new HashMap<>();

    /// @param times how often it was woken
    /// @param next when it is woken again, if it is still ready
    private record Repeated(int times, Instant next) {}

    Sweep(Consumer<SessionId> wake) {
        this.wake = wake;
    }

    /// What was not ready the last time, too; for the start, and after a time without the cluster,
    /// in which nobody was woken.
    void all(Parts parts) {
        sweep(parts, true);
    }

    /// What was ready the last time, too. The rest is on its way.
    void again(Parts parts) {
        sweep(parts, false);
    }

    /// The first of the queue: a place came free, or a node handed its sessions over.
    void first(Parts parts) {
        parts.log().ready(parts.clock().instant(), FIRST).forEach(wake);
    }

    private void sweep(Parts parts, boolean first) {
        var now = parts.clock().instant();
        var seen = new HashMap<SessionId, Repeated>();
        for (var id : parts.log().ready(now, MOST)) {
            var known = before.getOrDefault(id, new Repeated(0, first ? now : now.plus(EVERY)));
            if (!known.next().isAfter(now)) {
                wake.accept(id);
                int times = Math.min(known.times() + 1, MOST_DOUBLINGS);
                known = new Repeated(times, now.plus(EVERY.multipliedBy(1L << times)));
            }
            seen.put(id, known);
        }
        before = seen;
    }
}
