package dev.remit.gateway.route;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// How one target is doing: calls under way, how fast it answers, and a circuit breaker.
public final class TargetHealth {
    private final String provider;
    private final String model;
    private final LongSupplier nanos;
    private final Breaker breaker;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final LongAdder calls = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final Pace firstToken;
    private volatile long lastUse;
    private volatile boolean limited;

    TargetHealth(
            String provider,
            String model,
            LongSupplier nanos,
            Supplier<? extends RandomGenerator> random) {
        this.provider = provider;
        this.model = model;
        this.nanos = nanos;
        this.breaker = new Breaker(nanos, random);
        this.firstToken = new Pace(nanos);
        this.lastUse = nanos.getAsLong();
    }

    /// Whether calls go there.
    public enum State {
        /// They do.
        CLOSED,
        /// They do not, for a while.
        OPEN,
        /// One goes there, to see how it is now.
        HALF_OPEN
    }

    /// For `/metrics` and `remit routes`.
    ///
    /// @param closedIn how long it stays open; zero if it is not
    /// @param firstToken the moving average of the time to the first token; zero if it is not known
    /// @param calls so far, and of these [#failures]
    public record Seen(
            String provider,
            String model,
            State state,
            Duration closedIn,
            int inFlight,
            Duration firstToken,
            long calls,
            long failures) {}

    public Seen seen() {
        var open = closedIn();
        return new Seen(
                provider,
                model,
                state(),
                open == null ? Duration.ZERO : open,
                inFlight(),
                firstToken(),
                calls.sum(),
                failures.sum());
    }

    public State state() {
        return breaker.state();
    }

    /// Whether [#begin] is likely to let a call through.
    public boolean isToBeHad() {
        return breaker.isToBeHad();
    }

    /// How long until a call may try it again; absent if one may now.
    public @Nullable Duration closedIn() {
        return breaker.closedIn();
    }

    /// Whether it is out of use since its vendor had too many calls (429), and not since it fails.
    public boolean isLimited() {
        return limited;
    }

    public int inFlight() {
        return inFlight.get();
    }

    /// The moving average of the time to the first token; zero if nothing is known of it.
    public Duration firstToken() {
        return Duration.ofNanos((long) firstToken.now());
    }

    /// How long a call that goes there now is likely to wait for its first token, calls that are
    /// under way counted in, so that a target which stopped answering is shed before its average
    /// tells. One of which nothing is known is tried, by one call at a time. (Finagle's peak EWMA
    /// balancer)
    double load() {
        double pace = firstToken.now();
        int pending = inFlight.get();
        return pace == 0 && pending > 0 ? Double.MAX_VALUE / 2 : pace * (pending + 1);
    }

    long lastUse() {
        return lastUse;
    }

    /// A call to the target begins. Empty if its breaker does not let it through.
    public Optional<Attempt> begin() {
        var permit = breaker.enter();
        if (permit == Breaker.Permit.NO) {
            return Optional.empty();
        }
        long now = nanos.getAsLong();
        lastUse = now;
        inFlight.incrementAndGet();
        calls.increment();
        return Optional.of(new Attempt(now, permit == Breaker.Permit.PROBE));
    }

    /// A call under way. To be closed whatever becomes of it; one that is closed without a word of
    /// how it ended says nothing about the target (the client hung up, a budget refused it).
    public final class Attempt implements AutoCloseable {
        private final long began;
        private final boolean probe;
        private boolean first;
        private boolean told;
        private boolean closed;

        private Attempt(long began, boolean probe) {
            this.began = began;
            this.probe = probe;
        }

        /// The first token is there, or the whole answer.
        public synchronized void firstToken() {
            if (!first) {
                first = true;
                firstToken.add(nanos.getAsLong() - began);
            }
        }

        /// It ended as it should.
        public synchronized void succeeded() {
            if (!told) {
                told = true;
                firstToken();
                breaker.succeeded(probe);
            }
        }

        /// The target failed, by its own fault: overload, error, silence, garbage. A request that
        /// it rightly refused is none.
        ///
        /// @param retryAfter as the vendor asks; absent: it does not
        public void failed(@Nullable Duration retryAfter) {
            failed(retryAfter, false);
        }

        /// @param rateLimited whether all that was wrong is that too many calls came
        public synchronized void failed(@Nullable Duration retryAfter, boolean rateLimited) {
            if (!told) {
                told = true;
                limited = rateLimited;
                failures.increment();
                breaker.failed(probe, retryAfter);
            }
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                inFlight.decrementAndGet();
                if (!told) {
                    breaker.leave(probe);
                }
            }
        }
    }
}
