package dev.remit.gateway.wire;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An error that the gateway tells its client, who sees it in his own vendor's shape.
///
/// @param message for people: what was expected, what came, what to do
/// @param retryAfter absent: none is named
/// @param retry whether trying again can help; told by `x-should-retry`
/// @param details numbers for programs, such as those of a budget
public record GatewayError(
        Kind kind,
        String message,
        @Nullable Duration retryAfter,
        boolean retry,
        Map<String, String> details) {
    public GatewayError {
        details = Map.copyOf(details);
    }

    /// What went wrong.
    public enum Kind {
        INVALID(400),
        UNAUTHENTICATED(401),
        FORBIDDEN(403),
        NOT_FOUND(404),
        TIMED_OUT(504),
        TOO_LARGE(413),
        /// The vendors' own error for an exhausted quota.
        BUDGET(429),
        RATE_LIMITED(429),
        /// By a guard.
        BLOCKED(400),
        INTERNAL(500),
        /// The provider failed.
        UPSTREAM(502),
        OVERLOADED(503);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        public int status() {
            return status;
        }
    }

    public static GatewayError of(Kind kind, String message) {
        var retry = kind == Kind.OVERLOADED || kind == Kind.UPSTREAM || kind == Kind.TIMED_OUT;
        return new GatewayError(kind, message, null, retry, Map.of());
    }
}
