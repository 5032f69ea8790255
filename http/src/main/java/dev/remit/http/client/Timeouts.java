package dev.remit.http.client;

import java.time.Duration;

/// How long a request may take. The time to connect belongs to the [Upstream].
///
/// @param read the longest silence: until the answer begins, and then between two pieces of it
/// @param total from sending to the end of the answer, whatever comes in between
public record Timeouts(Duration read, Duration total) {
    public Timeouts {
        if (!read.isPositive() || !total.isPositive()) {
            throw new IllegalArgumentException(
                    "a time-out is positive, not " + read + ", " + total);
        }
    }

    public static Timeouts of(Duration total) {
        return new Timeouts(total, total);
    }
}
