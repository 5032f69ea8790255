package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.Delta.Kind;
import dev.remit.http.client.SseEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Understands the events of Messages. The `type` in the data counts.
final class MessagesStreamReader implements Codec.StreamReader {
    /// What is passed over: of Anthropic's own tools, and kinds that are yet to come.
    private static final int NONE = -1;

    private final List<Delta> deltas = new ArrayList<>();

    /// Pieces by the index of their block, while open.
    private final Map<Integer, Integer> open = new HashMap<>();

    private int pieces;
    private Usage usage = Usage.NONE;
    private boolean started;
    private boolean answered;
    private boolean reasoned;
    private boolean stopped;
    private boolean broken;

    @Override
    public List<Delta> read(SseEvent event) throws Garbage {
        if (event.data().isBlank()) {
            return List.of();
        }
        deltas.clear();
        take(Told.object(event.data()));
        return List.copyOf(deltas);
    }

    @Override
    public void end() throws Garbage {
        if (broken) {
            throw new Garbage("The provider broke off with an error.");
        }
        if (!stopped) {
            throw new Garbage("The stream ended before `message_stop`.");
        }
    }

    private void take(JsonNode event) throws Garbage {
        var type = Told.text(event, "type");
        switch (type) {
            case "message_start" -> start(event.path("message"));
            case "content_block_start" -> open(index(event), event.path("content_block"));
            case "content_block_delta" -> grow(index(event), event.path("delta"));
            case "content_block_stop" -> close(index(event));
            case "message_delta" -> end(event);
            case "message_stop" -> {
                if (!reasoned || !open.isEmpty()) {
                    throw new Garbage("`message_stop` came before the message's end.");
                }
                stopped = true;
            }
            case "error" -> {
                broken = true;
                var error = event.path("error");
                deltas.add(
                        new Delta.Broken(
                                ProviderErrors.inStream(
                                        Told.text(error, "message"), Told.text(error, "type"))));
            }
            case "" -> throw new Garbage("An event has no `type`.");
            default -> {} // `ping`, and kinds that are yet to come
        }
    }

    private void start(JsonNode message) throws Garbage {
        if (started) {
            throw new Garbage("`message_start` came twice.");
        }
        started = true;
        deltas.add(new Delta.Started(Told.text(message, "id"), Told.text(message, "model")));
        used(message.path("usage"));
    }

    private void used(JsonNode told) {
        if (told.isObject()) {
            usage = MessagesReading.usage(told, usage);
            deltas.add(new Delta.Used(usage));
        }
    }

    private static int index(JsonNode event) throws Garbage {
        var index = event.path("index");
        if (!index.isIntegralNumber() || !index.canConvertToInt()) {
            throw new Garbage("An event has no `index`.");
        }
        return index.intValue();
    }

    private void open(int index, JsonNode block) throws Garbage {
        if (!started || reasoned || open.containsKey(index)) {
            throw new Garbage("`content_block_start` came where none could be.");
        }
        switch (Told.text(block, "type")) {
            case "text" -> words(open(index, Kind.TEXT, null, null), block, "text");
            case "thinking" -> {
                var piece = open(index, Kind.THOUGHT, null, null);
                words(piece, block, "thinking");
                sign(piece, Told.text(block, "signature"));
            }
            case "redacted_thinking" ->
                    sign(open(index, Kind.REDACTED_THOUGHT, null, null), Told.text(block, "data"));
            case "tool_use" -> call(index, block);
            default -> open.put(index, NONE);
        }
    }

    private int open(int index, Kind kind, @Nullable String id, @Nullable String tool) {
        var piece = pieces++;
        open.put(index, piece);
        deltas.add(new Delta.Opened(piece, kind, id, tool));
        return piece;
    }

    private void call(int index, JsonNode block) throws Garbage {
        var name = Told.text(block, "name");
        if (name.isEmpty()) {
            throw new Garbage("The answer calls a tool without a name.");
        }
        int piece;
        if (MessagesReading.isAnswer(block)) {
            answered = true;
            piece = open(index, Kind.TEXT, null, null);
        } else {
            piece = open(index, Kind.TOOL_CALL, Told.text(block, "id"), name);
        }
        var input = block.path("input");
        if (!input.isEmpty()) {
            deltas.add(new Delta.Grown(piece, Json.write(input)));
        }
    }

    private void grow(int index, JsonNode delta) throws Garbage {
        var piece = open.get(index);
        if (piece == null) {
            throw new Garbage("`content_block_delta` came for a block that is not open.");
        }
        if (piece == NONE) {
            return;
        }
        switch (Told.text(delta, "type")) {
            case "text_delta" -> words(piece, delta, "text");
            case "thinking_delta" -> words(piece, delta, "thinking");
            case "input_json_delta" -> words(piece, delta, "partial_json");
            case "signature_delta" -> sign(piece, Told.text(delta, "signature"));
            default -> {} // `citations_delta`, and kinds that are yet to come
        }
    }

    private void words(int piece, JsonNode from, String field) {
        var words = Told.text(from, field);
        if (!words.isEmpty()) {
            deltas.add(new Delta.Grown(piece, words));
        }
    }

    private void sign(int piece, String signature) {
        if (!signature.isEmpty()) {
            deltas.add(new Delta.Signed(piece, signature));
        }
    }

    private void close(int index) throws Garbage {
        var piece = open.remove(index);
        if (piece == null) {
            throw new Garbage("`content_block_stop` came for a block that is not open.");
        }
        if (piece != NONE) {
            deltas.add(new Delta.Closed(piece));
        }
    }

    private void end(JsonNode event) throws Garbage {
        if (!started) {
            throw new Garbage("`message_delta` came before `message_start`.");
        }
        used(event.path("usage"));
        var delta = event.path("delta");
        var reason = Told.text(delta, "stop_reason");
        if (!reason.isEmpty() && !reasoned) {
            reasoned = true;
            var sequence = Told.text(delta, "stop_sequence");
            deltas.add(
                    new Delta.Ended(
                            MessagesReading.stop(reason, answered),
                            sequence.isEmpty() ? null : sequence));
        }
    }
}
