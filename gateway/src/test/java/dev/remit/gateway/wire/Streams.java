package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.ChatAnswer.Stop;
import dev.remit.gateway.wire.Delta.Kind;
import dev.remit.http.client.SseEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Streams for tests: an answer taken apart into deltas, deltas put together, bytes as events.
final class Streams {
    private Streams() {}

    /// The answer as deltas, words cut at random places.
    static List<Delta> apart(ChatAnswer answer, RandomGenerator random) {
        var deltas = new ArrayList<Delta>();
        deltas.add(new Delta.Started(answer.id(), answer.model()));
        int index = 0;
        for (var piece : answer.pieces()) {
            switch (piece) {
                case Piece.Text(var text, var _) -> {
                    deltas.add(new Delta.Opened(index, Kind.TEXT, null, null));
                    grow(deltas, index, text, random);
                }
                case Piece.Refusal(var text) -> {
                    deltas.add(new Delta.Opened(index, Kind.REFUSAL, null, null));
                    grow(deltas, index, text, random);
                }
                case Piece.Thought thought -> {
                    var kind = thought.redacted() ? Kind.REDACTED_THOUGHT : Kind.THOUGHT;
                    deltas.add(new Delta.Opened(index, kind, thought.id(), null));
                    grow(deltas, index, thought.text(), random);
                    if (thought.signature() != null) {
                        deltas.add(new Delta.Signed(index, thought.signature()));
                    }
                }
                case Piece.ToolCall(var id, var tool, var arguments, var signature) -> {
                    deltas.add(new Delta.Opened(index, Kind.TOOL_CALL, id, tool));
                    if (signature != null) {
                        deltas.add(new Delta.Signed(index, signature));
                    }
                    grow(deltas, index, Json.write(arguments), random);
                }
                default -> throw new IllegalArgumentException("no piece of an answer: " + piece);
            }
            deltas.add(new Delta.Closed(index++));
        }
        deltas.add(new Delta.Used(answer.usage()));
        deltas.add(new Delta.Ended(answer.stop(), answer.stopSequence()));
        return deltas;
    }

    private static void grow(List<Delta> deltas, int index, String text, RandomGenerator random) {
        int at = 0;
        while (at < text.length()) {
            var to = Math.min(text.length(), at + 1 + random.nextInt(7));
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to++;
            }
            deltas.add(new Delta.Grown(index, text.substring(at, to)));
            at = to;
        }
    }

    /// The answer that the deltas make; fails if they break the rules of [Delta].
    static ChatAnswer together(List<Delta> deltas, Dialect origin) throws Garbage {
        var id = "";
        var model = "";
        var open = new TreeMap<Integer, Delta.Opened>();
        var text = new TreeMap<Integer, StringBuilder>();
        var signatures = new TreeMap<Integer, String>();
        var closed = new TreeMap<Integer, Boolean>();
        var usage = Usage.NONE;
        Stop stop = null;
        String sequence = null;
        for (var delta : deltas) {
            switch (delta) {
                case Delta.Started started -> {
                    id = started.id();
                    model = started.model();
                }
                case Delta.Opened opened -> {
                    if (opened.index() != open.size()) {
                        throw new AssertionError("a gap before " + opened);
                    }
                    open.put(opened.index(), opened);
                    text.put(opened.index(), new StringBuilder());
                }
                case Delta.Grown(var index, var more) -> {
                    if (closed.containsKey(index)) {
                        throw new AssertionError("grown after its end: " + delta);
                    }
                    text.get(index).append(more);
                }
                case Delta.Signed(var index, var signature) -> signatures.put(index, signature);
                case Delta.Closed(var index) -> {
                    if (!open.containsKey(index) || closed.put(index, true) != null) {
                        throw new AssertionError("closed twice or unopened: " + delta);
                    }
                }
                case Delta.Used(var told) -> usage = told;
                case Delta.Ended ended -> {
                    stop = ended.stop();
                    sequence = ended.stopSequence();
                }
                case Delta.Broken(var error) -> throw new AssertionError(error.toString());
            }
        }
        if (closed.size() != open.size() || stop == null) {
            throw new AssertionError("not whole: " + deltas);
        }
        var pieces = new ArrayList<Piece>();
        for (var opened : open.values()) {
            pieces.add(
                    piece(
                            opened,
                            text.get(opened.index()).toString(),
                            signatures.get(opened.index()),
                            origin));
        }
        return new ChatAnswer(id, model, pieces, stop, sequence, null, usage);
    }

    private static Piece piece(Delta.Opened opened, String text, String signature, Dialect origin)
            throws Garbage {
        return switch (opened.kind()) {
            case TEXT -> new Piece.Text(text);
            case REFUSAL -> new Piece.Refusal(text);
            case THOUGHT, REDACTED_THOUGHT ->
                    new Piece.Thought(
                            text,
                            opened.id(),
                            signature,
                            opened.kind() == Kind.REDACTED_THOUGHT,
                            signature == null ? null : origin);
            case TOOL_CALL ->
                    new Piece.ToolCall(
                            opened.id(),
                            opened.tool(),
                            Told.arguments(opened.tool(), text),
                            signature);
        };
    }

    /// What a writer says for the deltas, to its end.
    static byte[] written(Codec.StreamWriter writer, List<Delta> deltas) {
        var out = new ByteArrayOutputStream();
        for (var delta : deltas) {
            out.writeBytes(writer.write(delta));
        }
        out.writeBytes(writer.end());
        return out.toByteArray();
    }

    static List<SseEvent> events(byte[] stream) {
        return events(new String(stream, StandardCharsets.UTF_8));
    }

    /// Of a stream that is well-formed.
    static List<SseEvent> events(String stream) {
        var events = new ArrayList<SseEvent>();
        var type = "message";
        var data = new StringBuilder();
        for (var line : stream.replace("\r\n", "\n").split("\n", -1)) {
            if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    events.add(new SseEvent(type, data.toString(), ""));
                }
                type = "message";
                data.setLength(0);
            } else if (line.startsWith("event: ")) {
                type = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data.append(line.substring(6));
            }
        }
        return events;
    }

    /// All that a reader understands of a stream that must be whole.
    static List<Delta> read(Codec.StreamReader reader, List<SseEvent> events) throws Garbage {
        var deltas = new ArrayList<Delta>();
        for (var event : events) {
            deltas.addAll(reader.read(event));
        }
        reader.end();
        return deltas;
    }
}
