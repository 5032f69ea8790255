package dev.remit.store.identity;

import java.time.Duration;
import java.time.InstantSource;

/// How old this node's knowledge of keys is, by the larger of monotonic and wall time: a suspended
/// machine stops the one, and people set the other.
final class Freshness {
    /// How long before the end of its lease a node stops accepting keys.
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private final long lease;
    private volatile Moment known = new Moment(0, 0);
    private volatile boolean over = true;

    record Moment(long monotonic, long wall) {
        static Moment now() {
            return new Moment(System.nanoTime(), InstantSource.system().millis());
        }
    }

    Freshness(Duration lease) {
        this.lease = lease.minus(MARGIN).toNanos();
    }

    /// @param asked before the database was asked for what this node knows now
    void renewed(Moment asked) {
        known = asked;
        over = false;
    }

    /// For ever.
    void end() {
        over = true;
    }

    boolean holds() {
        if (over) {
            return false;
        }
        var since = known;
        long monotonic = System.nanoTime() - since.monotonic();
        long wall = (InstantSource.system().millis() - since.wall()) * 1_000_000;
        return Math.max(monotonic, wall) < lease;
    }
}
