package dev.remit.gateway.cache;

import dev.remit.core.money.Money;
import dev.remit.gateway.wire.ChatAnswer;
import dev.remit.gateway.wire.Delta;
import dev.remit.gateway.wire.Piece;
import dev.remit.gateway.wire.Replay;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An answer that is kept.
///
/// @param answer absent for what is no chat, such as embeddings
/// @param body as the client got it; absent if it came as a stream, or translated
/// @param provider and model that gave it, as `provider/model`
/// @param cost what it cost, which is what each use of it saves
/// @param at when it was given
public record Kept(
        Optional<ChatAnswer> answer, Optional<Body> body, String provider, Money cost, Instant at) {
    private static final long OVERHEAD = 512;

    /// Bytes in a dialect. Nobody writes to the array.
    ///
    /// @param contentType such as `application/json`
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Body(byte[] bytes, String contentType) {}

    /// Whether an answer may be kept: whole, and one that would be given again.
    public static boolean isWorthKeeping(ChatAnswer answer) {
        var good =
                switch (answer.stop()) {
                    case END, STOP_SEQUENCE, TOOL_USE -> true;
                    case MAX_TOKENS, REFUSED, PAUSED -> false;
                };
        return good
                && !answer.isEmpty()
                && answer.pieces().stream().noneMatch(Piece.Refusal.class::isInstance);
    }

    /// The answer as a stream that comes at once.
    ///
    /// @return nothing if it is no chat
    public List<Delta> replay() {
        return answer.map(Replay::of).orElse(List.of());
    }

    public Duration age(Instant now) {
        return Duration.between(at, now);
    }

    /// About how much memory it takes, in bytes.
    long size() {
        long size = OVERHEAD + body.map(kept -> (long) kept.bytes().length).orElse(0L);
        for (var piece : answer.map(ChatAnswer::pieces).orElse(List.of())) {
            size += size(piece);
        }
        return size;
    }

    private static long size(Piece piece) {
        return OVERHEAD
                + switch (piece) {
                    case Piece.Text text -> size(text.text());
                    case Piece.Media media -> size(media.base64());
                    case Piece.ToolCall call -> 4 * size(call.arguments().toString());
                    case Piece.ToolResult result -> size(result.content().toString());
                    case Piece.Thought thought -> size(thought.text()) + size(thought.signature());
                    case Piece.Refusal refusal -> size(refusal.text());
                };
    }

    private static long size(@Nullable String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }
}
