package dev.remit.gateway.fake;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long something takes.
public sealed interface Spread {
    /// No time at all.
    static Spread none() {
        return new Fixed(Duration.ZERO);
    }

    /// Always the same.
    record Fixed(Duration every) implements Spread {}

    /// Any time between two is as likely as another.
    record Between(Duration least, Duration most) implements Spread {
        public Between {
            if (least.compareTo(most) > 0) {
                throw new IllegalArgumentException("least is more than most");
            }
        }
    }

    /// Mostly near the median, now and then much longer: the logarithm is normally distributed, as
    /// the latencies of real services nearly are.
    ///
    /// @param p99 what 99 of 100 stay below
    record LongTailed(Duration median, Duration p99) implements Spread {
        public LongTailed {
            if (median.isZero() || median.compareTo(p99) > 0) {
                throw new IllegalArgumentException("the median is not between 0 and p99");
            }
        }
    }

    default Duration draw(RandomGenerator random) {
        return switch (this) {
            case Fixed(var every) -> every;
            case Between(var least, var most) ->
                    least.plusNanos(random.nextLong(most.toNanos() - least.toNanos() + 1));
            case LongTailed(var median, var p99) -> {
                // 2.326 standard deviations above the mean lies the 99th percentile
                double middle = Math.log((double) median.toNanos());
                double deviation = (Math.log((double) p99.toNanos()) - middle) / 2.3263478740408408;
                yield Duration.ofNanos((long) Math.exp(middle + deviation * random.nextGaussian()));
            }
        };
    }
}
