package dev.remit.core.session;

import dev.remit.core.json.Hash;
import java.util.List;

/// What left the prompt when a new chain was begun. The messages themselves are all in the log:
/// those of the chain before, and those of the new one.
///
/// @param bytesBefore of the chain before with what was new, and `bytesAfter` of the new one
/// @param shortened messages that say less now, each named by its hash
/// @param pinned how many of the messages that were to go stayed: what people said
public record ContextEdit(
        How how, long bytesBefore, long bytesAfter, List<Shortened> shortened, int pinned) {
    public ContextEdit {
        shortened = List.copyOf(shortened);
    }

    /// What was done.
    public enum How {
        /// Old results of tools say less.
        SHORTENED,
        /// A model's summary took the place of the oldest messages.
        COMPACTED,
        /// The oldest messages were left out: no summary was to be had, or none was worth it.
        CUT
    }

    /// @param message before, and `by` which it was replaced
    public record Shortened(Hash message, Hash by, long bytesBefore, long bytesAfter) {}
}
