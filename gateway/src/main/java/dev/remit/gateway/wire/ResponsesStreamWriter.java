package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.ChatAnswer.Stop;
import dev.remit.gateway.wire.Delta.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Says an answer in the typed events of the Responses API. Texts and refusals that follow each
/// other are parts of one message; a thought and a call are items of their own.
///
/// The whole answer is kept until the end, since `response.completed` repeats it.
final class ResponsesStreamWriter implements Codec.StreamWriter {
    /// An item that has been added, and is not yet done.
    private static final class Item {
        private final int index;
        private final ObjectNode node;
        private int openParts;
        private boolean done;

        private Item(int index, ObjectNode node) {
            this.index = index;
            this.node = node;
        }

        private String id() {
            return node.path("id").asString("");
        }

        private boolean isMessage() {
            return node.path("type").asString("").equals("message");
        }
    }

    /// A piece on its way. A call waits for its item until there is more than its name, since its
    /// signature must go before it.
    private static final class Growing {
        private final Delta.Opened opened;
        private final StringBuilder text = new StringBuilder();
        private @Nullable Item item;
        private @Nullable ObjectNode part;
        private int partIndex;
        private @Nullable String signature;
        private boolean closed;

        private Growing(Delta.Opened opened) {
            this.opened = opened;
        }
    }

    private final InstantSource clock;
    private final Dialect from;
    private final Map<Integer, Growing> pieces = new LinkedHashMap<>();
    private final Map<Integer, Item> items = new LinkedHashMap<>();
    private ResponsesWriting writing = new ResponsesWriting("resp_0");
    private @Nullable ObjectNode response;
    private @Nullable Item message;
    private Usage usage = Usage.NONE;
    private Stop stop = Stop.END;
    private @Nullable ProviderError broken;
    private boolean over;
    private int sequence;
    private ByteArrayOutputStream out = new ByteArrayOutputStream();

    ResponsesStreamWriter(InstantSource clock, Dialect from) {
        this.clock = clock;
        this.from = from;
    }

    @Override
    public byte[] write(Delta delta) {
        switch (delta) {
            case Delta.Started(var id, var model) -> start(id, model);
            case Delta.Opened opened -> open(opened);
            case Delta.Grown(var index, var text) -> {
                var piece = pieces.get(index);
                if (piece != null) {
                    grow(piece, text);
                }
            }
            case Delta.Signed(var index, var signature) -> {
                var piece = pieces.get(index);
                if (piece != null) {
                    piece.signature = signature;
                }
            }
            case Delta.Closed(var index) -> {
                var piece = pieces.get(index);
                if (piece != null) {
                    close(piece);
                }
            }
            case Delta.Used(var told) -> usage = told;
            case Delta.Ended(var why, var _) -> stop = why;
            case Delta.Broken(var error) -> broken = error;
        }
        return taken();
    }

    @Override
    public byte[] end() {
        if (over) {
            return new byte[0];
        }
        if (broken != null) {
            return error(GatewayError.of(GatewayError.Kind.UPSTREAM, broken.message()));
        }
        over = true;
        pieces.values().forEach(this::close);
        items.values().forEach(this::finish);
        var whole = started();
        ResponsesWriting.end(whole, stop, usage, clock.instant());
        var type =
                whole.path("status").asString("").equals("completed")
                        ? "response.completed"
                        : "response.incomplete";
        emit(event(type).set("response", whole));
        return taken();
    }

    /// As OpenAI does: an `error`, then `response.failed`. The error is told at the top and in
    /// `error`, as clients look for it in either.
    @Override
    public byte[] error(GatewayError error) {
        if (over) {
            return new byte[0];
        }
        over = true;
        var whole = started();
        var told = ResponsesErrors.error(error);
        var event = event("error");
        event.setAll(told.deepCopy());
        event.put("type", "error").set("error", told);
        emit(event);
        whole.put("status", "failed")
                .putObject("error")
                .put("code", ResponsesErrors.code(error.kind()))
                .put("message", error.message());
        emit(event("response.failed").set("response", whole));
        return taken();
    }

    // ---- the pieces

    private void start(String id, String model) {
        if (response != null) {
            return;
        }
        writing = new ResponsesWriting(ResponsesWriting.responseId(id));
        var begun = writing.response(model, clock.instant());
        response = begun;
        emit(event("response.created").set("response", begun));
        emit(event("response.in_progress").set("response", begun));
    }

    private ObjectNode started() {
        if (response == null) {
            start("", "");
        }
        return Objects.requireNonNull(response);
    }

    private void open(Delta.Opened opened) {
        started();
        var piece = new Growing(opened);
        pieces.put(opened.index(), piece);
        switch (opened.kind()) {
            case TEXT, REFUSAL -> openPart(piece);
            case THOUGHT, REDACTED_THOUGHT -> add(piece, writing.thought(opened.id()));
            case TOOL_CALL -> leaveMessage();
        }
    }

    private void openPart(Growing piece) {
        var item = message == null ? add(piece, writing.message()) : message;
        message = item;
        piece.item = item;
        var content = (ArrayNode) item.node.required("content");
        piece.partIndex = content.size();
        var part =
                piece.opened.kind() == Kind.TEXT
                        ? ResponsesWriting.text("")
                        : ResponsesWriting.refusal("");
        piece.part = part;
        content.add(part);
        item.openParts++;
        emit(partEvent("response.content_part.added", piece, item).set("part", part));
    }

    private Item add(Growing piece, ObjectNode node) {
        leaveMessage();
        var item = append(node);
        piece.item = item;
        return item;
    }

    private Item append(ObjectNode node) {
        var output = (ArrayNode) started().required("output");
        var item = new Item(output.size(), node);
        output.add(node);
        items.put(item.index, item);
        emit(itemEvent("response.output_item.added", item).set("item", node));
        return item;
    }

    /// What follows is no part of the message.
    private void leaveMessage() {
        var left = message;
        message = null;
        if (left != null && left.openParts == 0) {
            finish(left);
        }
    }

    private void grow(Growing piece, String text) {
        if (piece.closed || text.isEmpty()) {
            return;
        }
        var item = itemOf(piece);
        var first = piece.text.isEmpty();
        piece.text.append(text);
        switch (piece.opened.kind()) {
            case TEXT ->
                    emit(
                            partEvent("response.output_text.delta", piece, item)
                                    .put("delta", text)
                                    .set("logprobs", Json.array()));
            case REFUSAL ->
                    emit(partEvent("response.refusal.delta", piece, item).put("delta", text));
            case THOUGHT, REDACTED_THOUGHT -> {
                if (first) {
                    emit(
                            summaryEvent("response.reasoning_summary_part.added", item)
                                    .set("part", ResponsesWriting.summary("")));
                }
                emit(
                        summaryEvent("response.reasoning_summary_text.delta", item)
                                .put("delta", text));
            }
            case TOOL_CALL ->
                    emit(
                            itemIdEvent("response.function_call_arguments.delta", item)
                                    .put("delta", text));
        }
    }

    private Item itemOf(Growing piece) {
        var item = piece.item;
        if (item != null) {
            return item;
        }
        leaveMessage();
        if (piece.signature != null) {
            finish(append(writing.sealed(piece.signature)));
            piece.signature = null;
        }
        var id = piece.opened.id();
        var tool = piece.opened.tool();
        var added = append(writing.call(id == null ? "" : id, tool == null ? "" : tool));
        piece.item = added;
        return added;
    }

    private void close(Growing piece) {
        if (piece.closed) {
            return;
        }
        if (piece.opened.kind() == Kind.TOOL_CALL && piece.text.isEmpty()) {
            grow(piece, "{}");
        }
        piece.closed = true;
        var item = itemOf(piece);
        var text = piece.text.toString();
        switch (piece.opened.kind()) {
            case TEXT, REFUSAL -> closePart(piece, item, text);
            case THOUGHT, REDACTED_THOUGHT -> closeThought(piece, item, text);
            case TOOL_CALL -> {
                item.node.put("arguments", text);
                emit(
                        itemIdEvent("response.function_call_arguments.done", item)
                                .put("name", item.node.path("name").asString(""))
                                .put("arguments", text));
                finish(item);
                if (piece.signature != null) { // it came too late to go before
                    finish(append(writing.sealed(piece.signature)));
                }
            }
        }
    }

    private void closePart(Growing piece, Item item, String text) {
        var isText = piece.opened.kind() == Kind.TEXT;
        var part = Objects.requireNonNull(piece.part);
        part.put(isText ? "text" : "refusal", text);
        var done =
                partEvent(
                        isText ? "response.output_text.done" : "response.refusal.done",
                        piece,
                        item);
        if (isText) {
            done.put("text", text).set("logprobs", Json.array());
        } else {
            done.put("refusal", text);
        }
        emit(done);
        emit(partEvent("response.content_part.done", piece, item).set("part", part));
        item.openParts--;
        if (item.openParts == 0 && item != message) {
            finish(item);
        }
    }

    private void closeThought(Growing piece, Item item, String text) {
        if (!text.isEmpty()) {
            var summary = ResponsesWriting.summary(text);
            ((ArrayNode) item.node.required("summary")).add(summary);
            emit(summaryEvent("response.reasoning_summary_text.done", item).put("text", text));
            emit(summaryEvent("response.reasoning_summary_part.done", item).set("part", summary));
        }
        var redacted = piece.opened.kind() == Kind.REDACTED_THOUGHT;
        var thought = new Piece.Thought(text, piece.opened.id(), piece.signature, redacted, from);
        var signature = Seal.outward(thought, Dialect.OPENAI_RESPONSES);
        item.node.put("encrypted_content", signature == null ? Seal.ofNobody() : signature);
        finish(item);
    }

    private void finish(Item item) {
        if (item.done) {
            return;
        }
        item.done = true;
        if (item.isMessage() || item.node.has("status")) {
            item.node.put("status", "completed");
        }
        if (item == message) {
            message = null;
        }
        emit(itemEvent("response.output_item.done", item).set("item", item.node));
    }

    // ---- events

    private ObjectNode event(String type) {
        return Json.object().put("type", type).put("sequence_number", sequence++);
    }

    private ObjectNode itemEvent(String type, Item item) {
        return event(type).put("output_index", item.index);
    }

    private ObjectNode itemIdEvent(String type, Item item) {
        return event(type).put("item_id", item.id()).put("output_index", item.index);
    }

    private ObjectNode partEvent(String type, Growing piece, Item item) {
        return itemIdEvent(type, item).put("content_index", piece.partIndex);
    }

    private ObjectNode summaryEvent(String type, Item item) {
        return itemIdEvent(type, item).put("summary_index", 0);
    }

    private void emit(JsonNode event) {
        var type = event.path("type").asString("");
        out.writeBytes(
                ("event: " + type + "\ndata: " + Json.write(event) + "\n\n")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private byte[] taken() {
        if (out.size() == 0) {
            return new byte[0];
        }
        var bytes = out.toByteArray();
        out = new ByteArrayOutputStream();
        return bytes;
    }
}
