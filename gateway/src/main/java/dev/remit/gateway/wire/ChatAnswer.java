package dev.remit.gateway.wire;

import dev.remit.core.money.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a model answered, whole.
///
/// @param id the provider's
/// @param model as the provider named it
/// @param stopSequence that was met, where the vendor says so
/// @param serviceTier that it was billed at, where the vendor says so
/// @param usage in disjoint buckets
public record ChatAnswer(
        String id,
        String model,
        List<Piece> pieces,
        Stop stop,
        @Nullable String stopSequence,
        @Nullable String serviceTier,
        Usage usage) {
    public ChatAnswer {
        pieces = List.copyOf(pieces);
    }

    /// Why it ended.
    public enum Stop {
        END,
        STOP_SEQUENCE,
        TOOL_USE,
        MAX_TOKENS,
        /// Refused, or stopped by the vendor's filter.
        REFUSED,
        /// The vendor paused a long turn, to be continued.
        PAUSED
    }

    /// Whether there is anything in it: words, thoughts, calls or a refusal.
    public boolean isEmpty() {
        return pieces.stream()
                .allMatch(piece -> piece instanceof Piece.Text(var text, var _) && text.isEmpty());
    }

    /// The words, joined.
    public String text() {
        var text = new StringBuilder();
        for (var piece : pieces) {
            if (piece instanceof Piece.Text(var words, var _)) {
                text.append(words);
            }
        }
        return text.toString();
    }
}
