package dev.remit.gateway.fake;

import java.time.Duration;
import java.time.Instant;

/// What is left of a rate limit after a request.
///
/// @param granted whether the request was within it
/// @param limit requests in a minute
/// @param reset until the limit is whole again
/// @param retry until the next request is granted
record Allowance(
        boolean granted, int limit, int remaining, Duration reset, Duration retry, Instant now) {}
