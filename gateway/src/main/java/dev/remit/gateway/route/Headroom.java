package dev.remit.gateway.route;

import java.time.Duration;

/// What is left of a limit, as vendors tell it in headers such as `x-ratelimit-remaining-requests`.
///
/// @param limit a minute; 0: there is none
/// @param remaining now
/// @param reset until it is whole again
public record Headroom(long limit, long remaining, Duration reset) {
    static final Headroom NONE = new Headroom(0, 0, Duration.ZERO);
}
