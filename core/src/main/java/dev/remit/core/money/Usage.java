package dev.remit.core.money;

import com.fasterxml.jackson.annotation.JsonInclude;

/// Tokens of one or more model calls, in disjoint buckets.
///
/// @param input read at the full price: neither from the cache nor written to it
/// @param cacheRead read from the provider's cache
/// @param cacheWrite written to the provider's cache for minutes; a token that is kept for an hour
///   counts as 1.6, rounded up, since it costs as much more
/// @param output written by the model, reasoning included
/// @param reasoning the part of `output` that was reasoning
/// @param audio the part of `input` that was sound
public record Usage(
        long input,
        long cacheRead,
        long cacheWrite,
        long output,
        long reasoning,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long audio) {
    public static final Usage NONE = new Usage(0, 0, 0, 0, 0);

    public Usage {
        if (input < 0 || cacheRead < 0 || cacheWrite < 0 || output < 0 || reasoning < 0) {
            throw new IllegalArgumentException("negative number of tokens");
        }
        if (audio < 0 || audio > input) {
            throw new IllegalArgumentException(audio + " tokens of sound in " + input);
        }
    }

    /// No sound.
    public Usage(long input, long cacheRead, long cacheWrite, long output, long reasoning) {
        this(input, cacheRead, cacheWrite, output, reasoning, 0);
    }

    public Usage plus(Usage other) {
        return new Usage(
                input + other.input,
                cacheRead + other.cacheRead,
                cacheWrite + other.cacheWrite,
                output + other.output,
                reasoning + other.reasoning,
                audio + other.audio);
    }

    /// The same with more output, as far as it is known to have been made.
    public Usage withOutput(long tokens) {
        return new Usage(input, cacheRead, cacheWrite, tokens, reasoning, audio);
    }

    public long tokens() {
        return input + cacheRead + cacheWrite + output;
    }
}
