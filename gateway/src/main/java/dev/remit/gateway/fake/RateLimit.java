package dev.remit.gateway.fake;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/// Requests a minute, for each key: a bucket that fills evenly, as the vendors' do.
final class RateLimit {
    private static final int MOST_KEYS = 1_000;
    private static final double MINUTE_NANOS = 60e9;

    private final int perMinute;
    private final InstantSource time;
    private final Map<String, Bucket> buckets =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
                    return size() > MOST_KEYS;
                }
            };

    /// @param left at that time
    private record Bucket(double left, Instant at) {}

    RateLimit(int perMinute, InstantSource time) {
        this.perMinute = perMinute;
        this.time = time;
    }

    synchronized Allowance take(String key) {
        var now = time.instant();
        var before = buckets.getOrDefault(key, new Bucket(perMinute, now));
        var passed = Math.max(0, Duration.between(before.at(), now).toNanos());
        var left = Math.min(perMinute, before.left() + passed / MINUTE_NANOS * perMinute);
        boolean granted = left >= 1;
        var rest = granted ? left - 1 : left;
        buckets.put(key, new Bucket(rest, now));
        return new Allowance(
                granted,
                perMinute,
                (int) rest,
                until(perMinute - rest),
                rest >= 1 ? Duration.ZERO : until(1 - rest),
                now);
    }

    private Duration until(double requests) {
        return Duration.ofNanos((long) Math.ceil(requests * MINUTE_NANOS / perMinute));
    }
}
