package dev.remit.gateway.telemetry;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/// Durations, counted by size. Thread-safe and without locks.
final class Histogram {
    /// Upper bounds in microseconds; a last bucket has none.
    static final long[] BOUNDS = {
        250,
        500,
        1_000,
        2_500,
        5_000,
        10_000,
        25_000,
        50_000,
        100_000,
        250_000,
        500_000,
        1_000_000,
        2_500_000,
        5_000_000,
        10_000_000,
        30_000_000,
        60_000_000,
        300_000_000
    };

    private final LongAdder[] counts = new LongAdder[BOUNDS.length + 1];
    private final LongAdder sum = new LongAdder();

    Histogram() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    void add(Duration duration) {
        long micros = Math.max(0, duration.toNanos() / 1_000);
        int i = 0;
        while (i < BOUNDS.length && micros > BOUNDS[i]) {
            i++;
        }
        counts[i].increment();
        sum.add(micros);
    }

    /// How many are in that bucket alone.
    long count(int bucket) {
        return counts[bucket].sum();
    }

    /// In microseconds.
    long sum() {
        return sum.sum();
    }
}
