package dev.remit.gateway.wire;

import dev.remit.core.model.ModelAnswer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// An error, in a provider's words.
///
/// @param status of the HTTP answer; 200 if it came in the midst of a stream
/// @param message for people; keys that it quotes are taken out by the reader
/// @param code the provider's own, such as `context_length_exceeded`; may be empty
/// @param retryAfter as the provider asks
/// @param contextTooLong whether the prompt does not fit in this model's window
public record ProviderError(
        ModelAnswer.Kind kind,
        int status,
        String message,
        String code,
        @Nullable Duration retryAfter,
        boolean contextTooLong) {}
