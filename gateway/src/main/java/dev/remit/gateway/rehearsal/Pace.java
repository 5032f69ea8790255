package dev.remit.gateway.rehearsal;

import java.time.Duration;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Says its tokens as slowly as was ordered.
final class Pace {
    private final @Nullable Integer perSecond;
    private final Duration timeout;
    private final LongConsumer tokensSoFar;
    private final long start = System.nanoTime();
    private Duration firstToken = Duration.ZERO;

    Pace(@Nullable Integer perSecond, Duration timeout, LongConsumer tokensSoFar) {
        this.perSecond = perSecond;
        this.timeout = timeout;
        this.tokensSoFar = tokensSoFar;
    }

    /// @return false if the time was over before the last token
    boolean speak(long tokens) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (perSecond != null && perSecond > 0) {
            var each = Duration.ofSeconds(1).dividedBy(perSecond);
            for (long said = 0; said < tokens; said++) {
                Thread.sleep(each);
                if (said == 0) {
                    firstToken = total();
                }
                if (total().compareTo(timeout) > 0) {
                    return false;
                }
                tokensSoFar.accept(said + 1);
            }
            return true;
        }
        tokensSoFar.accept(tokens);
        return true;
    }

    Duration firstToken() {
        return firstToken;
    }

    Duration total() {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
