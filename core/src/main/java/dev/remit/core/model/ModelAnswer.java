package dev.remit.core.model;

import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How one attempt at a model call ended.
public sealed interface ModelAnswer {
    /// The model answered.
    ///
    /// @param provider who served it; `rehearsal` if nobody did
    /// @param model as the provider named it in its answer
    /// @param message the assistant's; a structured answer is its text, as JSON
    /// @param cost absent if nobody knows the price
    /// @param firstToken time until the first token came
    record Reply(
            String provider,
            String model,
            Message message,
            Stop stop,
            Usage usage,
            @Nullable Money cost,
            Duration firstToken,
            Duration total)
            implements ModelAnswer {}

    /// It did not.
    ///
    /// @param model what was asked for
    /// @param why for people: what came, and what to do; no secrets, no stack trace
    /// @param retryAfter the provider's own delay, if it named one
    /// @param usage what was used all the same, as far as known
    record Failure(
            String provider,
            String model,
            Kind kind,
            String why,
            @Nullable Duration retryAfter,
            Usage usage,
            @Nullable Money cost)
            implements ModelAnswer {}

    /// Why the model stopped.
    enum Stop {
        END,
        TOOL_USE,
        MAX_TOKENS,
        REFUSED
    }

    /// What went wrong, and so whether trying again can help.
    enum Kind {
        RATE_LIMITED(true),
        OVERLOADED(true),
        UNAVAILABLE(true),
        TIMED_OUT(true),
        CUT(true),
        GARBAGE(true),
        INVALID(false),
        UNAUTHORIZED(false),
        REFUSED(false),
        CANCELLED(false),
        /// The node died while the call was out; nobody knows what it used.
        ABANDONED(true);

        private final boolean retryable;

        Kind(boolean retryable) {
            this.retryable = retryable;
        }

        public boolean retryable() {
            return retryable;
        }
    }
}
