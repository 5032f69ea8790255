package dev.remit.gateway.rehearsal;

import dev.remit.core.model.ModelProvider.Listening;
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

    /// @param text of the answer, of which each token is about the same share
    /// @return false if the time was over before the last token
    boolean speak(long tokens, String text) throws InterruptedException {
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
                Listening.tell(
                        tokensSoFar,
                        text.substring(share(text, said, tokens), share(text, said + 1, tokens)));
            }
            return true;
        }
        tokensSoFar.accept(tokens);
        Listening.tell(tokensSoFar, text);
        return true;
    }

    private static int share(String text, long said, long tokens) {
        return (int) (text.length() * said / tokens);
    }

    Duration firstToken() {
        return firstToken;
    }

    Duration total() {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
