package dev.remit.gateway.relay;

import dev.remit.core.json.Json;
import dev.remit.gateway.wire.ChatAnswer;
import dev.remit.gateway.wire.Delta;
import dev.remit.gateway.wire.Piece;
import java.util.ArrayList;
import java.util.List;

/// Says a whole answer as if it had come as a stream.
final class Unrolled {
    private Unrolled() {}

    static List<Delta> of(ChatAnswer answer) {
        var deltas = new ArrayList<Delta>();
        deltas.add(new Delta.Started(answer.id(), answer.model()));
        int index = 0;
        for (var piece : answer.pieces()) {
            if (add(deltas, index, piece)) {
                deltas.add(new Delta.Closed(index));
                index++;
            }
        }
        deltas.add(new Delta.Used(answer.usage()));
        deltas.add(new Delta.Ended(answer.stop(), answer.stopSequence()));
        return deltas;
    }

    private static boolean add(List<Delta> deltas, int index, Piece piece) {
        switch (piece) {
            case Piece.Text(var text, var _) -> {
                deltas.add(new Delta.Opened(index, Delta.Kind.TEXT, null, null));
                deltas.add(new Delta.Grown(index, text));
            }
            case Piece.Refusal(var text) -> {
                deltas.add(new Delta.Opened(index, Delta.Kind.REFUSAL, null, null));
                deltas.add(new Delta.Grown(index, text));
            }
            case Piece.Thought thought -> {
                var kind = thought.redacted() ? Delta.Kind.REDACTED_THOUGHT : Delta.Kind.THOUGHT;
                deltas.add(new Delta.Opened(index, kind, thought.id(), null));
                if (!thought.text().isEmpty()) {
                    deltas.add(new Delta.Grown(index, thought.text()));
                }
                if (thought.signature() != null) {
                    deltas.add(new Delta.Signed(index, thought.signature()));
                }
            }
            case Piece.ToolCall call -> {
                deltas.add(new Delta.Opened(index, Delta.Kind.TOOL_CALL, call.id(), call.tool()));
                deltas.add(new Delta.Grown(index, Json.write(call.arguments())));
                if (call.signature() != null) {
                    deltas.add(new Delta.Signed(index, call.signature()));
                }
            }
            case Piece.Media _, Piece.ToolResult _ -> {
                return false; // no model says such a thing
            }
        }
        return true;
    }
}
