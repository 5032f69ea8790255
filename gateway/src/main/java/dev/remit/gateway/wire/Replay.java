package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import dev.remit.gateway.wire.Delta.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Says a whole answer as the steps of a stream.
public final class Replay {
    private final List<Delta> deltas = new ArrayList<>();
    private int index;

    private Replay() {}

    public static List<Delta> of(ChatAnswer answer) {
        var replay = new Replay();
        replay.deltas.add(new Delta.Started(answer.id(), answer.model()));
        answer.pieces().forEach(replay::piece);
        replay.deltas.add(new Delta.Used(answer.usage()));
        replay.deltas.add(new Delta.Ended(answer.stop(), answer.stopSequence()));
        return List.copyOf(replay.deltas);
    }

    private void piece(Piece piece) {
        switch (piece) {
            case Piece.Text(var text, var _) -> say(Kind.TEXT, null, null, text, null);
            case Piece.Refusal(var text) -> say(Kind.REFUSAL, null, null, text, null);
            case Piece.ToolCall call ->
                    say(
                            Kind.TOOL_CALL,
                            call.id(),
                            call.tool(),
                            Json.write(call.arguments()),
                            call.signature());
            case Piece.Thought thought ->
                    say(
                            thought.redacted() ? Kind.REDACTED_THOUGHT : Kind.THOUGHT,
                            thought.id(),
                            null,
                            thought.text(),
                            thought.signature());
            case Piece.Media _, Piece.ToolResult _ -> {} // no part of a streamed answer
        }
    }

    private void say(
            Kind kind,
            @Nullable String id,
            @Nullable String tool,
            String text,
            @Nullable String signature) {
        deltas.add(new Delta.Opened(index, kind, id, tool));
        if (!text.isEmpty()) {
            deltas.add(new Delta.Grown(index, text));
        }
        if (signature != null) {
            deltas.add(new Delta.Signed(index, signature));
        }
        deltas.add(new Delta.Closed(index));
        index++;
    }
}
