package dev.remit.gateway.wire;

import dev.remit.gateway.wire.Delta.Kind;
import dev.remit.http.client.SseEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Understands the events of Amazon Bedrock's ConverseStream. The transport has taken off their
/// framing: the type of an event, or of an exception, is that of its frame.
final class BedrockStreamReader implements Codec.StreamReader {
    /// A block that grows.
    private static final class Growing {
        private final int index;
        private final Kind kind;
        private final String tool;
        private final StringBuilder arguments = new StringBuilder();

        private Growing(int index, Kind kind, String tool) {
            this.index = index;
            this.kind = kind;
            this.tool = tool;
        }
    }

    private final Map<Integer, Growing> open = new LinkedHashMap<>();
    private final List<Delta> deltas = new ArrayList<>();
    private int next;
    private boolean started;
    private boolean ended;

    @Override
    public List<Delta> read(SseEvent event) throws Garbage {
        var told = event.data().isBlank() ? Told.object("{}") : Told.object(event.data());
        deltas.clear();
        take(event.type(), told);
        return List.copyOf(deltas);
    }

    @Override
    public void end() throws Garbage {
        if (!ended) {
            throw new Garbage("The stream ended before `messageStop`.");
        }
    }

    private void take(String type, JsonNode told) throws Garbage {
        switch (type) {
            case "messageStart" -> start();
            case "contentBlockStart" -> {
                var use = told.path("start").path("toolUse");
                if (use.isObject()) {
                    open(told, Kind.TOOL_CALL, Told.text(use, "toolUseId"), Told.text(use, "name"));
                }
            }
            case "contentBlockDelta" -> delta(told, told.path("delta"));
            case "contentBlockStop" -> close(open.remove(place(told)));
            case "messageStop" -> stop(told);
            case "metadata" -> {
                if (told.path("usage").isObject()) {
                    deltas.add(new Delta.Used(BedrockReading.usage(told.path("usage"))));
                }
            }
            default -> {
                if (type.endsWith("Exception") && !ended) {
                    ended = true;
                    deltas.add(new Delta.Broken(BedrockReading.inStream(type, told)));
                }
            }
        }
    }

    private void start() {
        if (!started) {
            started = true;
            deltas.add(new Delta.Started("", ""));
        }
    }

    private static int place(JsonNode told) {
        return told.path("contentBlockIndex").asInt(0);
    }

    private Growing open(JsonNode told, Kind kind, @Nullable String id, @Nullable String tool) {
        start();
        var known = open.get(place(told));
        if (known != null) {
            return known;
        }
        var opened = new Growing(next++, kind, tool == null ? "" : tool);
        open.put(place(told), opened);
        deltas.add(new Delta.Opened(opened.index, kind, id, tool));
        return opened;
    }

    private void delta(JsonNode told, JsonNode delta) {
        if (ended) {
            return;
        }
        var reasoning = delta.path("reasoningContent");
        if (delta.path("text").isString()) {
            grow(open(told, Kind.TEXT, null, null), Told.text(delta, "text"));
        } else if (delta.path("toolUse").isObject()) {
            var piece = open.get(place(told));
            if (piece != null && piece.kind == Kind.TOOL_CALL) {
                var more = Told.text(delta.path("toolUse"), "input");
                piece.arguments.append(more);
                grow(piece, more);
            }
        } else if (reasoning.path("redactedContent").isString()) {
            var piece = open(told, Kind.REDACTED_THOUGHT, null, null);
            deltas.add(new Delta.Signed(piece.index, Told.text(reasoning, "redactedContent")));
        } else if (reasoning.isObject()) {
            var piece = open(told, Kind.THOUGHT, null, null);
            grow(piece, Told.text(reasoning, "text"));
            var signature = Told.text(reasoning, "signature");
            if (!signature.isEmpty()) {
                deltas.add(new Delta.Signed(piece.index, signature));
            }
        }
    }

    private void grow(Growing piece, String text) {
        if (!text.isEmpty()) {
            deltas.add(new Delta.Grown(piece.index, text));
        }
    }

    private void close(@Nullable Growing piece) throws Garbage {
        if (piece == null) {
            return;
        }
        if (piece.kind == Kind.TOOL_CALL) {
            Told.arguments(piece.tool, piece.arguments.toString());
        }
        deltas.add(new Delta.Closed(piece.index));
    }

    private void stop(JsonNode told) throws Garbage {
        if (ended) {
            return;
        }
        start();
        for (var piece : open.values()) {
            close(piece);
        }
        open.clear();
        ended = true;
        var sequence = Told.text(told.path("additionalModelResponseFields"), "stop_sequence");
        deltas.add(
                new Delta.Ended(
                        BedrockReading.stop(Told.text(told, "stopReason")),
                        sequence.isEmpty() ? null : sequence));
    }
}
