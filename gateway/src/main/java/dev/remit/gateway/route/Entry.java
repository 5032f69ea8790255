package dev.remit.gateway.route;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What comes of asking to be let in.
public sealed interface Entry permits Pass, Entry.Full {
    /// Not let in; nothing was taken.
    ///
    /// @param at what is full
    /// @param retryAfter when it may be worth to ask again; absent: nobody knows, or never
    record Full(
            Limited at,
            Cause cause,
            @Nullable Duration retryAfter,
            Headroom requests,
            Headroom tokens)
            implements Entry {}

    /// What there is too little of.
    enum Cause {
        REQUESTS,
        TOKENS,
        /// The call alone has more tokens than the limit of a minute: it will never fit.
        TOO_LARGE,
        /// As many calls as may be are under way, and there was no waiting, or it took too long.
        AT_ONCE,
        /// As many wait as may wait.
        QUEUE,
        /// It waited, and was told to wait no more.
        CANCELLED
    }
}
