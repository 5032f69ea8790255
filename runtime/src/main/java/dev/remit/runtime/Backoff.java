package dev.remit.runtime;

import dev.remit.core.tool.Retry;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// When to try again: exponential with equal jitter, never before the other side asked for.
///
/// Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015 ("equal jitter").
final class Backoff {
    static final int MODEL_ATTEMPTS = 6;

    private static final Retry USUAL =
            new Retry(MODEL_ATTEMPTS, Duration.ofMillis(500), Duration.ofSeconds(60));

    private Backoff() {}

    /// @param attempt the one that failed, from 1
    /// @param asked what the other side named as its delay
    static Instant next(
            Instant now, int attempt, @Nullable Duration asked, RandomGenerator random) {
        return next(now, attempt, asked, null, random);
    }

    /// @param retry the delays; absent: the usual ones
    static Instant next(
            Instant now,
            int attempt,
            @Nullable Duration asked,
            @Nullable Retry retry,
            RandomGenerator random) {
        long half = (retry == null ? USUAL : retry).delay(attempt).toMillis() / 2;
        var delay = Duration.ofMillis(half + random.nextLong(half + 1));
        return now.plus(asked != null && asked.compareTo(delay) > 0 ? asked : delay);
    }
}
