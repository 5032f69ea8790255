package dev.remit.gateway.relay;

import dev.remit.core.json.Json;
import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.ChatAnswer;
import dev.remit.gateway.wire.ChatAnswer.Stop;
import dev.remit.gateway.wire.Delta;
import dev.remit.gateway.wire.Dialect;
import dev.remit.gateway.wire.Garbage;
import dev.remit.gateway.wire.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Makes a whole answer out of the steps of a stream.
final class Collected {
    private static final int MOST = 64 << 20;

    private final Dialect origin;
    private final TreeMap<Integer, Open> pieces = new TreeMap<>();
    private String id = "";
    private String model = "";
    private Usage usage = Usage.NONE;
    private boolean usageKnown;
    private @Nullable Stop stop;
    private @Nullable String stopSequence;
    private long written;

    private static final class Open {
        final Delta.Opened begun;
        final StringBuilder text = new StringBuilder();
        final StringBuilder signature = new StringBuilder();

        Open(Delta.Opened begun) {
            this.begun = begun;
        }
    }

    /// @param origin whose signatures its thoughts carry
    Collected(Dialect origin) {
        this.origin = origin;
    }

    /// Whether a piece that has begun is part of the answer's text.
    boolean isText(int index) {
        var piece = pieces.get(index);
        return piece != null && piece.begun.kind() == Delta.Kind.TEXT;
    }

    void take(Delta delta) throws Garbage {
        switch (delta) {
            case Delta.Started(var begunId, var begunModel) -> {
                id = begunId;
                model = begunModel;
            }
            case Delta.Opened opened -> pieces.put(opened.index(), new Open(opened));
            case Delta.Grown(var index, var text) -> {
                written += text.length();
                if (written > MOST) {
                    throw new Garbage("the answer is longer than " + MOST + " characters");
                }
                piece(index).text.append(text);
            }
            case Delta.Signed(var index, var signature) -> piece(index).signature.append(signature);
            case Delta.Closed _, Delta.Broken _ -> {}
            case Delta.Used(var told) -> {
                usage = told;
                usageKnown = true;
            }
            case Delta.Ended(var why, var sequence) -> {
                stop = why;
                stopSequence = sequence;
            }
        }
    }

    private Open piece(int index) throws Garbage {
        var piece = pieces.get(index);
        if (piece == null) {
            throw new Garbage("a part of the answer goes on that never began");
        }
        return piece;
    }

    /// Characters of all its parts so far.
    long written() {
        return written;
    }

    Usage usage() {
        return usage;
    }

    boolean usageKnown() {
        return usageKnown;
    }

    boolean ended() {
        return stop != null;
    }

    /// As the provider named it; empty until it did.
    String model() {
        return model;
    }

    /// @throws Garbage if arguments of a tool call are no JSON object
    ChatAnswer answer() throws Garbage {
        List<Piece> whole = new ArrayList<>();
        for (var open : pieces.values()) {
            whole.add(piece(open));
        }
        return new ChatAnswer(
                id, model, whole, stop == null ? Stop.END : stop, stopSequence, null, usage);
    }

    private Piece piece(Open open) throws Garbage {
        var text = open.text.toString();
        var signature = open.signature.isEmpty() ? null : open.signature.toString();
        return switch (open.begun.kind()) {
            case TEXT -> new Piece.Text(text);
            case REFUSAL -> new Piece.Refusal(text);
            case THOUGHT, REDACTED_THOUGHT ->
                    new Piece.Thought(
                            text,
                            open.begun.id(),
                            signature,
                            open.begun.kind() == Delta.Kind.REDACTED_THOUGHT,
                            signature == null ? null : origin);
            case TOOL_CALL ->
                    new Piece.ToolCall(
                            orEmpty(open.begun.id()),
                            orEmpty(open.begun.tool()),
                            arguments(text),
                            signature);
        };
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static JsonNode arguments(String text) throws Garbage {
        if (text.isBlank()) {
            return Json.object();
        }
        try {
            return Json.parse(text);
        } catch (JacksonException e) {
            throw new Garbage("the arguments of a tool call are no JSON");
        }
    }
}
