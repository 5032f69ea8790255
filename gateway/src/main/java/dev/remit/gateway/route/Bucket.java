package dev.remit.gateway.route;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A token bucket: as much as the limit of a minute at once, and then as much as flows in. What was
/// taken by estimate is put right afterwards, so that it may be in debt. Guarded by its owner.
///
/// Counted in nanoseconds that it takes to flow in again, so nothing has to be done while time
/// passes. (The generic cell rate algorithm, ITU-T I.371)
final class Bucket {
    private static final double MINUTE = TimeUnit.MINUTES.toNanos(1);

    /// Beyond this debt nothing more is counted: a wrong count must not shut it for ever.
    private static final double MOST_DEBT = TimeUnit.MINUTES.toNanos(10);

    private final long limit;
    private double debt; // nanoseconds until it is full, as of then
    private long then;

    /// @param limit a minute, more than 0
    Bucket(long limit, long now) {
        this.limit = limit;
        this.then = now;
    }

    /// Whether so much can ever be had at once.
    boolean canHold(long amount) {
        return amount <= limit;
    }

    /// @return nanoseconds until so much can be had; 0: now
    long wait(long amount, long now) {
        double wait = debt(now) + cost(amount) - MINUTE;
        return wait < 0.5 ? 0 : (long) Math.ceil(wait); // less is what sums of fractions are off
    }

    /// @param amount negative: is given back
    void take(long amount, long now) {
        debt = Math.clamp(debt(now) + cost(amount), 0, MOST_DEBT);
        then = now;
    }

    Headroom headroom(long now) {
        double debt = debt(now);
        long remaining = (long) Math.floor(Math.max(0, MINUTE - debt) / MINUTE * limit + 1e-6);
        return new Headroom(limit, remaining, Duration.ofNanos((long) Math.ceil(debt)));
    }

    boolean isFull(long now) {
        return debt(now) == 0;
    }

    private double debt(long now) {
        return Math.max(0, debt - Math.max(0, now - then));
    }

    private double cost(long amount) {
        return amount * MINUTE / limit;
    }
}
