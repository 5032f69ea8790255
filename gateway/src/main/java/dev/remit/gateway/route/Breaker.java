package dev.remit.gateway.route;

import dev.remit.gateway.route.TargetHealth.State;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Keeps calls away from what does not work. Closed: calls go through. Open: none does, until a
/// cooldown is over, which grows each time. Half-open: one call is let through as a probe; its end
/// decides. Where all is well no lock is taken. (Nygard: Release It!, circuit breaker)
final class Breaker {
    /// Failures one after another that open it.
    private static final int IN_A_ROW = 5;

    /// Of the calls that ended of late, the share of failures that opens it, and how many there
    /// must be.
    private static final double SHARE = 0.5;

    private static final int WINDOW = 20;

    private static final Duration FIRST_COOLDOWN = Duration.ofSeconds(1);
    private static final Duration LONGEST_COOLDOWN = Duration.ofMinutes(2);

    /// A vendor that asks for more is asked again after this time anyway.
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    /// A probe that says nothing for so long is given up.
    private static final Duration PROBE = Duration.ofMinutes(10);

    enum Permit {
        NO,
        YES,
        PROBE
    }

    private final LongSupplier nanos;
    private final Supplier<? extends RandomGenerator> random;

    private volatile State state = State.CLOSED;
    private volatile boolean spotless = true;

    // guarded by this
    private long until; // open until then; or half-open, when the probe is given up
    private boolean probing;
    private int openings; // in a row
    private int inARow;
    private long recent; // the last calls, newest in the lowest bit; 1 is a failure
    private int seen;

    Breaker(LongSupplier nanos, Supplier<? extends RandomGenerator> random) {
        this.nanos = nanos;
        this.random = random;
    }

    State state() {
        return state;
    }

    boolean isToBeHad() {
        return state == State.CLOSED || closedIn() == null;
    }

    @Nullable Duration closedIn() {
        if (state == State.CLOSED) {
            return null;
        }
        synchronized (this) {
            long left = until - nanos.getAsLong();
            return switch (state) {
                case CLOSED -> null;
                case OPEN -> left > 0 ? Duration.ofNanos(left) : null;
                // while a probe is under way, ask again soon
                case HALF_OPEN -> probing && left > 0 ? FIRST_COOLDOWN : null;
            };
        }
    }

    Permit enter() {
        if (state == State.CLOSED) {
            return Permit.YES;
        }
        synchronized (this) {
            if (state == State.CLOSED) {
                return Permit.YES;
            }
            long now = nanos.getAsLong();
            boolean over = until - now <= 0;
            if (state == State.OPEN ? !over : probing && !over) {
                return Permit.NO;
            }
            state = State.HALF_OPEN;
            probing = true;
            until = now + PROBE.toNanos();
            return Permit.PROBE;
        }
    }

    void succeeded(boolean probe) {
        if (spotless) {
            return;
        }
        synchronized (this) {
            if (state != State.CLOSED) {
                if (!probe) {
                    return; // it began before the trouble
                }
                state = State.CLOSED;
                probing = false;
                openings = 0;
                recent = 0;
                seen = 0;
            }
            inARow = 0;
            note(false);
            spotless = Long.bitCount(recent) == 0 && openings == 0;
        }
    }

    void failed(boolean probe, @Nullable Duration retryAfter) {
        synchronized (this) {
            spotless = false;
            if (state != State.CLOSED && !probe) {
                if (retryAfter != null) {
                    prolong(retryAfter);
                }
                return; // it began before the breaker opened
            }
            inARow++;
            note(true);
            if (probe || retryAfter != null || inARow >= IN_A_ROW || isTooMuch()) {
                open(retryAfter);
            }
        }
    }

    /// A call went away without an answer.
    void leave(boolean probe) {
        if (probe) {
            synchronized (this) {
                probing = false;
            }
        }
    }

    private void note(boolean failure) {
        recent = ((recent << 1) | (failure ? 1 : 0)) & ((1L << WINDOW) - 1);
        seen = Math.min(WINDOW, seen + 1);
    }

    private boolean isTooMuch() {
        return seen == WINDOW && Long.bitCount(recent) >= WINDOW * SHARE;
    }

    private void open(@Nullable Duration retryAfter) {
        long cooldown =
                Math.min(
                        LONGEST_COOLDOWN.toNanos(),
                        FIRST_COOLDOWN.toNanos() << Math.min(openings, 10));
        // Up to a fifth more, at random.
        cooldown += (long) (cooldown * 0.2 * random.get().nextDouble());
        state = State.OPEN;
        probing = false;
        openings++;
        inARow = 0;
        recent = 0;
        seen = 0;
        until = nanos.getAsLong() + Math.max(cooldown, asked(retryAfter));
    }

    private void prolong(Duration retryAfter) {
        if (state == State.OPEN) {
            long asked = nanos.getAsLong() + asked(retryAfter);
            until = until - asked < 0 ? asked : until;
        }
    }

    private static long asked(@Nullable Duration retryAfter) {
        return retryAfter == null
                ? 0
                : retryAfter.compareTo(LONGEST_WAIT) > 0
                        ? LONGEST_WAIT.toNanos()
                        : Math.max(0, retryAfter.toNanos());
    }
}
