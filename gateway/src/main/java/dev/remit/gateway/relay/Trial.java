package dev.remit.gateway.relay;

import dev.remit.core.model.ModelAnswer;
import dev.remit.core.money.Attempt.Exchanged;
import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.ChatAnswer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One attempt at one target, as its health, its limits and the figures see it. Ends once, by
/// success, failure or being dropped; later ends do nothing.
interface Trial {
    /// Of an attempt that is only reckoned, never made.
    Trial NONE =
            new Trial() {
                @Override
                public void firstTokenCame() {}

                @Override
                public void succeeded() {}

                @Override
                public void failed(ModelAnswer.Kind kind, @Nullable Duration retryAfter) {}

                @Override
                public void dropped() {}

                @Override
                public void billed(Usage usage) {}

                @Override
                public @Nullable Exchanged kept(@Nullable ChatAnswer answer) {
                    return null;
                }
            };

    /// The answer has begun well.
    void firstTokenCame();

    void succeeded();

    void failed(ModelAnswer.Kind kind, @Nullable Duration retryAfter);

    /// It brought no answer: the target's fault, or not.
    default void missed(Missed missed) {
        if (missed.reach() == Missed.Reach.TARGET) {
            failed(missed.kind(), missed.retryAfter());
        } else {
            dropped();
        }
    }

    /// It ended for reasons that are not the target's.
    void dropped();

    /// What it used, for limits by tokens.
    void billed(Usage usage);

    /// What the ledger keeps of it.
    @Nullable Exchanged kept(@Nullable ChatAnswer answer);
}
