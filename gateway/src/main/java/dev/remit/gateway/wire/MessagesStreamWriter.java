package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.ChatAnswer.Stop;
import dev.remit.gateway.wire.Delta.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Says an answer in the events of Messages. Blocks come one after the other there: a piece that
/// begins before another one's end is held back until that end. The end waits for usage, which
/// other vendors tell last.
final class MessagesStreamWriter implements Codec.StreamWriter {
    private static final byte[] NOTHING = {};

    private final Facts asked;
    private final Dialect from;
    private final StringBuilder out = new StringBuilder();

    /// Pieces that wait for their turn, with what was said of them.
    private final Map<Integer, List<Delta>> waiting = new LinkedHashMap<>();

    private Delta.Started begin = new Delta.Started("remit", "");
    private Usage usage = Usage.NONE;
    private Stop stop = Stop.END;
    private @Nullable String stopSequence;
    private int blocks;
    private boolean begun;
    private boolean over;

    /// The piece whose turn it is, and whether its block was begun.
    private Delta.@Nullable Opened current;

    private boolean blockBegun;
    private boolean signed;

    MessagesStreamWriter(Facts asked, Dialect from) {
        this.asked = asked;
        this.from = from;
    }

    @Override
    public byte[] write(Delta delta) {
        if (over) {
            return NOTHING;
        }
        switch (delta) {
            case Delta.Started started -> begin = started;
            case Delta.Used(var told) -> usage = told;
            case Delta.Ended(var why, var sequence) -> {
                stop = why;
                stopSequence = sequence;
            }
            case Delta.Broken(var error) -> {
                return error(GatewayError.of(GatewayError.Kind.UPSTREAM, error.message()));
            }
            case Delta.Opened opened -> piece(opened.index(), opened);
            case Delta.Grown grown -> piece(grown.index(), grown);
            case Delta.Signed signature -> piece(signature.index(), signature);
            case Delta.Closed closed -> piece(closed.index(), closed);
        }
        return taken();
    }

    @Override
    public byte[] end() {
        if (over) {
            return NOTHING;
        }
        begin();
        while (current != null || !waiting.isEmpty()) {
            close(); // whatever the provider left open
        }
        over = true;
        var end = Json.object().put("type", "message_delta");
        end.putObject("delta")
                .put("stop_reason", MessagesWriting.reason(stop))
                .put("stop_sequence", stopSequence);
        end.set("usage", MessagesWriting.usage(usage));
        emit(end);
        emit(Json.object().put("type", "message_stop"));
        return taken();
    }

    @Override
    public byte[] error(GatewayError error) {
        if (over) {
            return NOTHING;
        }
        over = true;
        emit(MessagesErrors.body(error));
        return taken();
    }

    private byte[] taken() {
        if (out.isEmpty()) {
            return NOTHING;
        }
        var bytes = Sse.bytes(out);
        out.setLength(0);
        return bytes;
    }

    private void emit(ObjectNode event) {
        out.append(Sse.event(event.path("type").asString(""), event));
    }

    /// As late as can be, since usage may be known by then.
    private void begin() {
        if (begun) {
            return;
        }
        begun = true;
        var model = begin.model().isEmpty() ? asked.model() : begin.model();
        var message = MessagesWriting.message(begin.id(), model);
        message.set("usage", MessagesWriting.usage(usage));
        var start = Json.object().put("type", "message_start");
        start.set("message", message);
        emit(start);
        emit(Json.object().put("type", "ping"));
    }

    // ---- whose turn it is

    private void piece(int index, Delta delta) {
        begin();
        if (current != null && current.index() == index) {
            say(delta);
        } else if (delta instanceof Delta.Opened opened && current == null) {
            take(opened);
        } else if (delta instanceof Delta.Opened) {
            waiting.put(index, new ArrayList<>(List.of(delta)));
        } else {
            var held = waiting.get(index);
            if (held != null) {
                held.add(delta);
            }
        }
    }

    private void take(Delta.Opened opened) {
        current = opened;
        signed = false;
        blockBegun = false;
        if (opened.kind() != Kind.REDACTED_THOUGHT && opened.kind() != Kind.TOOL_CALL) {
            beginBlock(opened);
        }
    }

    /// Ends the block whose turn it is, and says what waited.
    private void close() {
        var opened = current;
        if (opened != null) {
            endBlock(opened);
            current = null;
        }
        while (current == null && !waiting.isEmpty()) {
            var next = waiting.entrySet().iterator().next();
            waiting.remove(next.getKey());
            for (var delta : next.getValue()) {
                if (delta instanceof Delta.Opened first) {
                    take(first);
                } else if (delta instanceof Delta.Closed && current != null) {
                    endBlock(current);
                    current = null;
                } else {
                    say(delta);
                }
            }
        }
    }

    private void say(Delta delta) {
        var opened = current;
        if (opened == null) {
            return;
        }
        switch (delta) {
            case Delta.Grown(var _, var text) -> grow(opened, text);
            case Delta.Signed(var _, var signature) -> sign(opened, signature);
            case Delta.Closed _ -> close();
            default -> {}
        }
    }

    // ---- blocks

    private void beginBlock(Delta.Opened opened) {
        if (blockBegun) {
            return;
        }
        blockBegun = true;
        var block =
                switch (opened.kind()) {
                    case TEXT, REFUSAL -> Json.object().put("type", "text").put("text", "");
                    case THOUGHT ->
                            Json.object()
                                    .put("type", "thinking")
                                    .put("thinking", "")
                                    .put("signature", "");
                    case TOOL_CALL -> {
                        var call =
                                Json.object()
                                        .put("type", "tool_use")
                                        .put("id", opened.id())
                                        .put("name", opened.tool());
                        call.putObject("input");
                        yield call;
                    }
                    case REDACTED_THOUGHT ->
                            Json.object().put("type", "redacted_thinking").put("data", "");
                };
        start(block);
    }

    private void start(ObjectNode block) {
        var event = indexed("content_block_start");
        event.set("content_block", block);
        emit(event);
    }

    private void stop() {
        emit(indexed("content_block_stop"));
        blocks++;
    }

    private ObjectNode indexed(String type) {
        return Json.object().put("type", type).put("index", blocks);
    }

    private void delta(String type, String field, String text) {
        var event = indexed("content_block_delta");
        event.putObject("delta").put("type", type).put(field, text);
        emit(event);
    }

    private void grow(Delta.Opened opened, String text) {
        if (text.isEmpty() || opened.kind() == Kind.REDACTED_THOUGHT) {
            return;
        }
        beginBlock(opened);
        switch (opened.kind()) {
            case TEXT, REFUSAL -> delta("text_delta", "text", text);
            case THOUGHT -> delta("thinking_delta", "thinking", text);
            case TOOL_CALL -> delta("input_json_delta", "partial_json", text);
            case REDACTED_THOUGHT -> {}
        }
    }

    private void sign(Delta.Opened opened, String signature) {
        switch (opened.kind()) {
            case THOUGHT -> {
                signed = true;
                delta("signature_delta", "signature", sealed(signature, false));
            }
            case REDACTED_THOUGHT -> {
                if (!signed) {
                    signed = true;
                    start(
                            MessagesWriting.thought(
                                    new Piece.Thought("", null, signature, true, from)));
                    stop();
                }
            }
            case TOOL_CALL -> {
                if (!blockBegun) { // in a thought before the call
                    start(MessagesWriting.signed(signature));
                    stop();
                }
            }
            case TEXT, REFUSAL -> {}
        }
    }

    private String sealed(String signature, boolean redacted) {
        var thought = new Piece.Thought("", null, signature, redacted, from);
        return MessagesWriting.thought(thought).path("signature").asString("");
    }

    private void endBlock(Delta.Opened opened) {
        if (opened.kind() == Kind.REDACTED_THOUGHT) {
            return; // said whole, or there was nothing to say
        }
        beginBlock(opened);
        if (opened.kind() == Kind.THOUGHT && !signed && from != Dialect.ANTHROPIC) {
            delta("signature_delta", "signature", new Seal(from, false, "", "").text());
        }
        stop();
    }
}
