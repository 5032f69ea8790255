package dev.remit.gateway.wire;

import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.ChatAnswer.Stop;
import org.jspecify.annotations.Nullable;

/// A step of an answer that comes as a stream. Order: `Started`, then pieces, each `Opened`, grown
/// and `Closed` (pieces of different indexes may interleave), then `Ended`; `Used` at any time.
public sealed interface Delta {
    record Started(String id, String model) implements Delta {}

    /// A piece begins.
    ///
    /// @param index of the piece in the answer, from 0 and without gaps
    record Opened(int index, Kind kind, @Nullable String id, @Nullable String tool)
            implements Delta {}

    /// What a piece is.
    enum Kind {
        TEXT,
        THOUGHT,
        REDACTED_THOUGHT,
        TOOL_CALL,
        REFUSAL
    }

    /// More of a text, a thought or a refusal; of a tool call: more of its arguments' JSON.
    record Grown(int index, String text) implements Delta {}

    /// Of a thought or a tool call.
    record Signed(int index, String signature) implements Delta {}

    record Closed(int index) implements Delta {}

    /// What was used so far; each says the whole again.
    record Used(Usage usage) implements Delta {}

    /// The model's end; usage may still follow.
    record Ended(Stop stop, @Nullable String stopSequence) implements Delta {}

    /// The provider broke off with an error of its own.
    record Broken(ProviderError error) implements Delta {}
}
