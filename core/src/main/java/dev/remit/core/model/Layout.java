package dev.remit.core.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a request is to be laid out. What a vendor has no place for is left out when it is written:
/// so a fallback to a model of another family needs no other request.
///
/// @param brain that laid it out, such as `anthropic@1`
/// @param cacheAt places of messages, from 0: the prompt up to and with each of them will be sent
///   again, and is worth keeping for the provider. At most four
/// @param parallelTools whether the model may call several tools at once; absent: as its vendor
///   likes
/// @param keepsReasoning whether thoughts are asked for in a form that can be handed back
public record Layout(
        String brain,
        Purpose purpose,
        List<Integer> cacheAt,
        @Nullable Boolean parallelTools,
        boolean keepsReasoning) {
    /// Of one who wants nothing in particular.
    public static final Layout PLAIN =
            new Layout("generic@1", Purpose.ANSWER, List.of(), null, false);

    public Layout {
        cacheAt = List.copyOf(cacheAt);
    }

    /// What the answer is for.
    public enum Purpose {
        /// A turn of the session.
        ANSWER,
        /// It takes the place of the oldest part of the prompt.
        COMPACTION
    }
}
