package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.Delta.Kind;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Says an answer in the chunks of Chat Completions: the role first, then what comes, then the
/// reason, then usage if it was asked for, then `[DONE]`.
final class ChatStreamWriter implements Codec.StreamWriter {
    private static final byte[] NOTHING = {};

    /// A piece under way.
    private static final class Growing {
        final Kind kind;
        final int index;
        final StringBuilder thought = new StringBuilder();
        boolean grown;
        @Nullable String signature;

        /// @param index among the calls, or among the thoughts
        Growing(Kind kind, int index) {
            this.kind = kind;
            this.index = index;
        }
    }

    private final Facts asked;
    private final Dialect from;
    private final Instant now;
    private final Map<Integer, Growing> pieces = new HashMap<>();
    private final StringBuilder out = new StringBuilder();
    private String id = "remit";
    private String head = "";
    private String tail = "";
    private Usage usage = Usage.NONE;
    private int calls;
    private int thoughts;
    private boolean refusal;
    private boolean started;
    private boolean reasoned;
    private boolean over;

    ChatStreamWriter(Facts asked, Dialect from, Instant now) {
        this.asked = asked;
        this.from = from;
        this.now = now;
    }

    @Override
    public byte[] write(Delta delta) {
        if (over) {
            return NOTHING;
        }
        switch (delta) {
            case Delta.Started(var told, var model) -> {
                id = told;
                start(model.isEmpty() ? asked.model() : model);
            }
            case Delta.Opened opened -> open(opened);
            case Delta.Grown(var index, var text) -> grow(pieces.get(index), text);
            case Delta.Signed(var index, var signature) -> sign(pieces.get(index), signature);
            case Delta.Closed(var index) -> close(pieces.remove(index));
            case Delta.Used(var told) -> usage = told;
            case Delta.Ended(var stop, var _) -> reason(ChatWriting.reason(stop, refusal));
            case Delta.Broken(var error) -> {
                return error(GatewayError.of(GatewayError.Kind.UPSTREAM, error.message()));
            }
        }
        return taken();
    }

    @Override
    public byte[] end() {
        if (over) {
            return NOTHING;
        }
        reason("stop");
        over = true;
        if (asked.usageInStream()) {
            out.append(head, 0, head.indexOf("[{")).append("[],\"usage\":");
            out.append(Json.write(ChatWriting.usage(usage))).append("}\n\n");
        }
        out.append("data: [DONE]\n\n");
        return taken();
    }

    @Override
    public byte[] error(GatewayError error) {
        if (over) {
            return NOTHING;
        }
        over = true;
        var body = Json.object();
        body.set("error", ResponsesErrors.error(error));
        out.append(Sse.event(body));
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

    // ---- chunks

    private void start(String model) {
        if (started) {
            return;
        }
        started = true;
        head =
                "data: {\"id\":"
                        + Splice.quoted(ChatWriting.id(id))
                        + ",\"object\":\"chat.completion.chunk\",\"created\":"
                        + now.getEpochSecond()
                        + ",\"model\":"
                        + Splice.quoted(model)
                        + ",\"choices\":[{\"index\":0,\"delta\":";
        tail = asked.usageInStream() ? ",\"usage\":null}\n\n" : "}\n\n";
        chunk(Json.object().put("role", "assistant").put("content", "").putNull("refusal"), null);
    }

    private void chunk(JsonNode delta, @Nullable String reason) {
        start(asked.model());
        out.append(head).append(Json.write(delta)).append(",\"logprobs\":null,\"finish_reason\":");
        out.append(reason == null ? "null" : "\"" + reason + "\"").append("}]").append(tail);
    }

    private void say(String field, String text) {
        chunk(Json.object().put(field, text), null);
    }

    private void reason(String reason) {
        if (!reasoned) {
            reasoned = true;
            chunk(Json.object(), reason);
        }
    }

    // ---- pieces

    private void open(Delta.Opened opened) {
        var kind = opened.kind();
        var index =
                switch (kind) {
                    case TOOL_CALL -> calls++;
                    case THOUGHT, REDACTED_THOUGHT -> thoughts++;
                    case TEXT, REFUSAL -> 0;
                };
        pieces.put(opened.index(), new Growing(kind, index));
        refusal |= kind == Kind.REFUSAL;
        if (kind == Kind.TOOL_CALL) {
            var call = Json.object().put("index", index).put("id", opened.id());
            call.put("type", "function");
            call.putObject("function").put("name", opened.tool()).put("arguments", "");
            call(call);
        }
    }

    private void call(ObjectNode call) {
        var delta = Json.object();
        delta.putArray("tool_calls").add(call);
        chunk(delta, null);
    }

    private void grow(@Nullable Growing piece, String text) {
        if (piece == null || text.isEmpty()) {
            return;
        }
        piece.grown = true;
        switch (piece.kind) {
            case TEXT -> say("content", text);
            case REFUSAL -> say("refusal", text);
            case THOUGHT -> {
                piece.thought.append(text);
                say(ChatThoughts.PLAIN, text);
            }
            case REDACTED_THOUGHT -> {} // has no words
            case TOOL_CALL -> arguments(piece, text);
        }
    }

    private void arguments(Growing piece, String text) {
        var call = Json.object().put("index", piece.index);
        call.putObject("function").put("arguments", text);
        call(call);
    }

    private void sign(@Nullable Growing piece, String signature) {
        if (piece == null) {
            return;
        }
        if (piece.kind == Kind.TOOL_CALL) {
            var call = Json.object().put("index", piece.index);
            ChatThoughts.sign(call, signature);
            call(call);
        } else {
            piece.signature = piece.signature == null ? signature : piece.signature + signature;
        }
    }

    private void close(@Nullable Growing piece) {
        if (piece == null) {
            return;
        }
        switch (piece.kind) {
            case TEXT, REFUSAL -> {}
            case TOOL_CALL -> {
                if (!piece.grown) {
                    arguments(piece, "{}"); // clients parse it
                }
            }
            case THOUGHT, REDACTED_THOUGHT -> details(piece);
        }
    }

    /// What is to be handed back of a thought, once it is whole.
    private void details(Growing piece) {
        var redacted = piece.kind == Kind.REDACTED_THOUGHT;
        var thought =
                new Piece.Thought(piece.thought.toString(), null, piece.signature, redacted, from);
        if (ChatThoughts.isOwn(thought)) {
            return;
        }
        var delta = Json.object();
        delta.putArray("reasoning_details").add(ChatThoughts.detail(thought, piece.index));
        chunk(delta, null);
    }
}
