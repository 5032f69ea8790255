package dev.remit.core.session;

import dev.remit.core.json.Content;
import dev.remit.core.model.Mind;
import dev.remit.core.model.ModelAnswer;
import org.jspecify.annotations.Nullable;

/// What is known of the model's window and of what is in it.
///
/// @param mind absent before the first call, and in sessions older than brains with versions
/// @param tokens that the provider counted for the last prompt that was answered, tools included;
///   0: it told nothing
/// @param bytes of that prompt
/// @param compaction under way, done, or failed, and not followed by a turn yet
public record Context(
        @Nullable Mind mind, long tokens, long bytes, @Nullable Compaction compaction) {
    public static final Context NONE = new Context(null, 0, 0, null);

    /// @param upTo so many messages of the prompt are summed up
    /// @param failures of its attempts
    /// @param summary absent as long as there is none
    public record Compaction(int upTo, int failures, @Nullable Content summary) {
        /// After so many the oldest messages are left out instead.
        public static final int MOST_FAILURES = 2;

        public boolean hasFailed() {
            return failures >= MOST_FAILURES;
        }
    }

    Context called(@Nullable Mind changed) {
        return new Context(changed == null ? mind : changed, tokens, bytes, null);
    }

    Context counted(long newTokens, long newBytes) {
        return newTokens == 0 ? this : new Context(mind, newTokens, newBytes, compaction);
    }

    Context compacting(int upTo) {
        int failures = compaction == null ? 0 : compaction.failures();
        return new Context(mind, tokens, bytes, new Compaction(upTo, failures, null));
    }

    Context compacted(Content summary) {
        return compaction == null
                ? this
                : new Context(
                        mind,
                        tokens,
                        bytes,
                        new Compaction(compaction.upTo(), compaction.failures(), summary));
    }

    /// What cannot help by trying again is not tried again.
    Context failed(ModelAnswer.Kind kind) {
        if (compaction == null) {
            return this;
        }
        int failures = kind.retryable() ? compaction.failures() + 1 : Compaction.MOST_FAILURES;
        return new Context(mind, tokens, bytes, new Compaction(compaction.upTo(), failures, null));
    }
}
