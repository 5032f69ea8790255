package dev.remit.gateway.route;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/// An exponentially weighted moving average over time. What was not heard of for long fades, so
/// that a target which once was slow is tried again. Lock-free.
final class Pace {
    /// After this time an observation weighs 1/e.
    private static final double WINDOW = TimeUnit.SECONDS.toNanos(15);

    private final LongSupplier nanos;
    private final AtomicReference<Average> average = new AtomicReference<>(Average.NONE);

    private record Average(double value, long at) {
        static final Average NONE = new Average(0, 0);

        double now(long now) {
            return value == 0 ? 0 : value * Math.exp(-Math.max(0, now - at) / WINDOW / 4);
        }
    }

    Pace(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void add(long observed) {
        long now = nanos.getAsLong();
        double sample = Math.max(1, observed);
        average.updateAndGet(old -> {
            if (old.value() == 0) {
                return new Average(sample, now);
            }
            // Many observations at once count as one every so often; a single one after a pause
            // counts much.
            double weight = Math.exp(-Math.max(0, now - old.at()) / WINDOW);
            double kept = Math.min(weight, 0.9);
            return new Average(old.value() * kept + sample * (1 - kept), now);
        });
    }

    /// Zero if nothing is known.
    double now() {
        return average.get().now(nanos.getAsLong());
    }
}
