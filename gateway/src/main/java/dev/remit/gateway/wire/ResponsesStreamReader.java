package dev.remit.gateway.wire;

import dev.remit.gateway.wire.Delta.Kind;
import dev.remit.http.client.SseEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Understands the typed events of the Responses API. The `type` in the data counts, since some
/// servers leave the event's own out.
final class ResponsesStreamReader implements Codec.StreamReader {
    /// A piece that grows.
    private static final class Growing {
        private final int index;
        private final Kind kind;
        private final String tool;
        private final StringBuilder arguments = new StringBuilder();
        private boolean grown;
        private boolean closed;

        private Growing(int index, Kind kind, String tool) {
            this.index = index;
            this.kind = kind;
            this.tool = tool;
        }
    }

    /// By item and part. A thought or a call is one piece an item: its part is 0.
    private final Map<String, Growing> pieces = new LinkedHashMap<>();

    private final List<Delta> deltas = new ArrayList<>();
    private int next;
    private boolean started;
    private boolean calls;
    private boolean refuses;
    private boolean ended;

    @Override
    public List<Delta> read(SseEvent event) throws Garbage {
        if (event.data().isBlank() || event.data().strip().equals("[DONE]")) {
            return List.of();
        }
        var told = Told.object(event.data());
        deltas.clear();
        take(Told.text(told, "type"), told);
        return List.copyOf(deltas);
    }

    @Override
    public void end() throws Garbage {
        if (!ended) {
            throw new Garbage("The stream ended before `response.completed`.");
        }
    }

    private void take(String type, JsonNode told) throws Garbage {
        switch (type) {
            case "response.created", "response.in_progress", "response.queued" ->
                    start(told.path("response"));
            case "response.output_item.added" -> added(told);
            case "response.content_part.added" -> part(told);
            case "response.output_text.delta" -> grow(piece(told, Kind.TEXT), told, "delta");
            case "response.output_text.done" -> rest(piece(told, Kind.TEXT), told, "text");
            case "response.refusal.delta" -> grow(piece(told, Kind.REFUSAL), told, "delta");
            case "response.refusal.done" -> rest(piece(told, Kind.REFUSAL), told, "refusal");
            case "response.content_part.done" -> close(pieces.get(key(told, part(told, 0))));
            case "response.reasoning_summary_part.added" -> summary(told);
            case "response.reasoning_summary_text.delta", "response.reasoning_text.delta" ->
                    grow(thought(told), told, "delta");
            case "response.function_call_arguments.delta" -> grow(call(told), told, "delta");
            case "response.function_call_arguments.done" -> rest(call(told), told, "arguments");
            case "response.output_item.done" -> done(told);
            case "response.completed", "response.incomplete" -> end(told.path("response"));
            case "response.failed" -> fail(told.path("response"));
            case "error" -> broken(told.path("error").isObject() ? told.path("error") : told);
            default -> {
                if (type.isEmpty() && told.path("error").isObject()) {
                    broken(told.path("error"));
                } // else what OpenAI's own tools do, or a kind that is yet to come
            }
        }
    }

    private void start(JsonNode response) {
        if (!started) {
            started = true;
            deltas.add(new Delta.Started(Told.text(response, "id"), Told.text(response, "model")));
        }
    }

    private static int part(JsonNode told, int otherwise) {
        return told.path("content_index").asInt(otherwise);
    }

    private static String key(JsonNode told, int part) {
        return told.path("output_index").asInt(0) + "/" + part;
    }

    private void added(JsonNode told) {
        var item = told.path("item");
        switch (Told.text(item, "type")) {
            case "reasoning" -> thought(told);
            case "function_call" -> {
                call(told);
            }
            case "custom_tool_call" -> calls = true;
            default -> {} // a message's parts come of their own
        }
    }

    private void part(JsonNode told) {
        switch (Told.text(told.path("part"), "type")) {
            case "output_text" -> piece(told, Kind.TEXT);
            case "refusal" -> piece(told, Kind.REFUSAL);
            default -> {}
        }
    }

    private Growing piece(JsonNode told, Kind kind) {
        refuses |= kind == Kind.REFUSAL;
        return open(key(told, part(told, 0)), kind, null, null);
    }

    private Growing thought(JsonNode told) {
        var id = Told.text(told.path("item"), "id");
        if (id.isEmpty()) {
            id = Told.text(told, "item_id");
        }
        return open(key(told, 0), Kind.THOUGHT, id.isEmpty() ? null : id, null);
    }

    private Growing call(JsonNode told) {
        calls = true;
        var item = told.path("item");
        return open(
                key(told, 0), Kind.TOOL_CALL, Told.text(item, "call_id"), Told.text(item, "name"));
    }

    private Growing open(String key, Kind kind, @Nullable String id, @Nullable String tool) {
        var known = pieces.get(key);
        if (known != null) {
            return known;
        }
        if (!started) {
            started = true;
            deltas.add(new Delta.Started("", ""));
        }
        var opened = new Growing(next++, kind, tool == null ? "" : tool);
        pieces.put(key, opened);
        deltas.add(new Delta.Opened(opened.index, kind, id, tool));
        return opened;
    }

    private void grow(Growing piece, JsonNode told, String field) {
        grow(piece, Told.text(told, field));
    }

    private void grow(Growing piece, String text) {
        if (text.isEmpty() || piece.closed) {
            return;
        }
        piece.grown = true;
        if (piece.kind == Kind.TOOL_CALL) {
            piece.arguments.append(text);
        }
        deltas.add(new Delta.Grown(piece.index, text));
    }

    /// Servers that send no differences tell the whole at the end.
    private void rest(Growing piece, JsonNode told, String field) {
        if (!piece.grown) {
            grow(piece, told, field);
        }
    }

    private void summary(JsonNode told) {
        var piece = thought(told);
        if (piece.grown) {
            grow(piece, "\n\n");
        }
    }

    private void close(@Nullable Growing piece) throws Garbage {
        if (piece == null || piece.closed) {
            return;
        }
        if (piece.kind == Kind.TOOL_CALL) {
            Told.arguments(piece.tool, piece.arguments.toString());
        }
        piece.closed = true;
        deltas.add(new Delta.Closed(piece.index));
    }

    private void done(JsonNode told) throws Garbage {
        var item = told.path("item");
        switch (Told.text(item, "type")) {
            case "reasoning" -> {
                var piece = thought(told);
                for (var part : item.path("summary")) {
                    rest(piece, part, "text");
                }
                var encrypted = Told.text(item, "encrypted_content");
                if (!encrypted.isEmpty() && !piece.closed) {
                    deltas.add(new Delta.Signed(piece.index, encrypted));
                }
                close(piece);
            }
            case "function_call" -> {
                var piece = call(told);
                rest(piece, item, "arguments");
                close(piece);
            }
            case "message" -> message(told, item.path("content"));
            default -> {}
        }
    }

    private void message(JsonNode told, JsonNode content) throws Garbage {
        for (int i = 0; i < content.size(); i++) {
            var part = content.path(i);
            var refusal = Told.text(part, "type").equals("refusal");
            if (!refusal && !Told.text(part, "type").equals("output_text")) {
                continue;
            }
            refuses |= refusal;
            var piece = open(key(told, i), refusal ? Kind.REFUSAL : Kind.TEXT, null, null);
            rest(piece, part, refusal ? "refusal" : "text");
            close(piece);
        }
    }

    private void end(JsonNode response) throws Garbage {
        if (ended) {
            return;
        }
        start(response);
        for (var piece : pieces.values()) {
            close(piece);
        }
        if (response.path("usage").isObject()) {
            deltas.add(new Delta.Used(ResponsesReading.usage(response.path("usage"))));
        }
        ended = true;
        var stop = ResponsesReading.stop(response, calls, refuses);
        deltas.add(new Delta.Ended(stop, null));
    }

    private void fail(JsonNode response) {
        if (ended) {
            return;
        }
        if (response.path("usage").isObject()) {
            deltas.add(new Delta.Used(ResponsesReading.usage(response.path("usage"))));
        }
        broken(response.path("error"));
    }

    private void broken(JsonNode error) {
        if (ended) {
            return;
        }
        ended = true;
        deltas.add(new Delta.Broken(ResponsesErrors.inStream(error)));
    }
}
