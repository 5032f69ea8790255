package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.ChatAnswer.Stop;
import dev.remit.gateway.wire.Delta.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Says an answer in chunks of Gemini's streamGenerateContent: words as they come, a call when it
/// is whole, the reason of the end and the usage in the last one.
final class GeminiStreamWriter implements Codec.StreamWriter {
    private static final class Growing {
        private final Delta.Opened opened;
        private final StringBuilder arguments = new StringBuilder();
        private @Nullable String signature;

        private Growing(Delta.Opened opened) {
            this.opened = opened;
        }
    }

    private final @Nullable JsonListFraming list;
    private final Dialect from;
    private final Map<Integer, Growing> open = new LinkedHashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private String id = "";
    private String model = "";
    private Usage usage = Usage.NONE;
    private Stop stop = Stop.END;
    private @Nullable String broken;
    private boolean over;

    /// @param sse else as a JSON list
    GeminiStreamWriter(boolean sse, Dialect from) {
        this.list = sse ? null : new JsonListFraming();
        this.from = from;
    }

    @Override
    public byte[] write(Delta delta) {
        switch (delta) {
            case Delta.Started(var itsId, var itsModel) -> {
                id = itsId;
                model = itsModel;
            }
            case Delta.Opened opened -> open.put(opened.index(), new Growing(opened));
            case Delta.Grown(var index, var text) -> {
                var piece = open.get(index);
                if (piece != null) {
                    grow(piece, text);
                }
            }
            case Delta.Signed(var index, var signature) -> {
                var piece = open.get(index);
                if (piece != null) {
                    piece.signature = signature;
                }
            }
            case Delta.Closed(var index) -> {
                var piece = open.remove(index);
                if (piece != null) {
                    close(piece);
                }
            }
            case Delta.Used(var told) -> usage = told;
            case Delta.Ended(var why, var _) -> stop = why;
            case Delta.Broken(var error) -> broken = error.message();
        }
        return taken();
    }

    @Override
    public byte[] end() {
        if (over) {
            return new byte[0];
        }
        open.values().forEach(this::close);
        open.clear();
        if (broken != null) {
            return error(GatewayError.of(GatewayError.Kind.UPSTREAM, broken));
        }
        over = true;
        var body = Json.object();
        var candidate = GeminiWriting.candidate(body);
        GeminiWriting.parts(candidate).addObject().put("text", "");
        candidate.put("finishReason", GeminiWriting.reason(stop));
        emit(body, usage);
        finish();
        return taken();
    }

    @Override
    public byte[] error(GatewayError error) {
        if (over) {
            return new byte[0];
        }
        over = true;
        frame(GeminiErrors.body(error));
        finish();
        return taken();
    }

    private void finish() {
        if (list != null) {
            out.writeBytes(list.end());
        }
    }

    private void grow(Growing piece, String text) {
        if (text.isEmpty()) {
            return;
        }
        switch (piece.opened.kind()) {
            case TEXT, REFUSAL -> part(Json.object().put("text", text));
            case THOUGHT, REDACTED_THOUGHT ->
                    part(Json.object().put("text", text).put("thought", true));
            case TOOL_CALL -> piece.arguments.append(text);
        }
    }

    private void close(Growing piece) {
        var opened = piece.opened;
        if (opened.kind() == Kind.TOOL_CALL) {
            call(piece);
        } else if (piece.signature != null) {
            var redacted = opened.kind() == Kind.REDACTED_THOUGHT;
            var thought = new Piece.Thought("", opened.id(), piece.signature, redacted, from);
            var body = Json.object();
            var parts = GeminiWriting.parts(GeminiWriting.candidate(body));
            GeminiWriting.thought(parts, "", Seal.outward(thought, Dialect.GEMINI));
            emit(body, null);
        }
    }

    private void call(Growing piece) {
        var id = piece.opened.id();
        var tool = piece.opened.tool();
        var arguments = arguments(piece.arguments.toString());
        if (arguments == null) {
            broken = "The arguments of the call of `" + tool + "` are no JSON object.";
            return;
        }
        var signature = piece.signature;
        if (signature == null && from != Dialect.GEMINI) {
            signature = Seal.ofNobody(); // see GeminiSplice
        }
        part(
                GeminiWriting.call(
                        id == null ? "" : id, tool == null ? "" : tool, arguments, signature));
    }

    private static @Nullable JsonNode arguments(String text) {
        if (text.isBlank()) {
            return Json.object();
        }
        try {
            var arguments = Strict.parse(text);
            return arguments.isObject() ? arguments : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    private void part(ObjectNode part) {
        var body = Json.object();
        ArrayNode parts = GeminiWriting.parts(GeminiWriting.candidate(body));
        parts.add(part);
        emit(body, null);
    }

    private void emit(ObjectNode body, @Nullable Usage told) {
        GeminiWriting.end(body, id, model, told);
        frame(body);
    }

    private void frame(ObjectNode body) {
        var json = Json.write(body);
        out.writeBytes(
                list == null
                        ? ("data: " + json + "\r\n\r\n").getBytes(StandardCharsets.UTF_8)
                        : list.element(json));
    }

    private byte[] taken() {
        var bytes = out.toByteArray();
        out.reset();
        return bytes;
    }
}
