package dev.remit.gateway.vendor;

import java.time.Duration;

/// How long a silent model is waited for. The whole of a call is limited by its request.
///
/// @param firstToken until it begins; local servers load a model first, and some think in silence
/// @param stall between two pieces of its answer; signs of life do not count
public record Patience(Duration firstToken, Duration stall) {
    public static final Patience DEFAULT =
            new Patience(Duration.ofMinutes(5), Duration.ofMinutes(2));
}
