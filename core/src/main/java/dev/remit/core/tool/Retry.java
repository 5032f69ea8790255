package dev.remit.core.tool;

import java.time.Duration;

/// How often and when something that failed is tried again. The delay doubles each time.
///
/// @param attempts in all, the first included; from 1
/// @param first delay, before the second attempt
/// @param longest delay
public record Retry(int attempts, Duration first, Duration longest) {
    public Retry {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts: " + attempts);
        }
    }

    /// The delay after an attempt that failed, without any jitter.
    ///
    /// @param attempt from 1
    public Duration delay(int attempt) {
        var delay = first.multipliedBy(1L << Math.min(Math.max(attempt - 1, 0), 20));
        return delay.compareTo(longest) > 0 ? longest : delay;
    }
}
