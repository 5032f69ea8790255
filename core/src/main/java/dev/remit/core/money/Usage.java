package dev.remit.core.money;

/// Tokens of one or more model calls, in disjoint buckets.
///
/// @param input read at the full price: neither from the cache nor written to it
/// @param cacheRead read from the provider's cache
/// @param cacheWrite written to the provider's cache for minutes; a token that is kept for an hour
///   counts as 1.6, rounded up, since it costs as much more
/// @param output written by the model, reasoning included
/// @param reasoning the part of `output` that was reasoning
public record Usage(long input, long cacheRead, long cacheWrite, long output, long reasoning) {
    public static final Usage NONE = new Usage(0, 0, 0, 0, 0);

    public Usage {
        if (input < 0 || cacheRead < 0 || cacheWrite < 0 || output < 0 || reasoning < 0) {
            throw new IllegalArgumentException("negative number of tokens");
        }
    }

    public Usage plus(Usage other) {
        return new Usage(
                input + other.input,
                cacheRead + other.cacheRead,
                cacheWrite + other.cacheWrite,
                output + other.output,
                reasoning + other.reasoning);
    }

    public long tokens() {
        return input + cacheRead + cacheWrite + output;
    }
}
