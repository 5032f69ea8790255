package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import dev.remit.gateway.wire.ChatRequest.Output;
import dev.remit.gateway.wire.ChatRequest.Role;
import dev.remit.gateway.wire.ChatRequest.ToolChoice;
import dev.remit.gateway.wire.ChatRequest.Turn;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes a request of Gemini's generateContent. Neighbouring turns of one side become one content;
/// every system turn goes into the system instruction. Left out, since the API has no place for
/// them: the user, metadata, cache hints (it caches by itself), `parallelTools`, the detail of
/// pictures, and thoughts of other vendors.
final class GeminiRequestWriter {
    /// Newer models demand a signature with the first call of a step; this one, which Google
    /// documents for calls that another model made, says that there is none.
    static final String NO_SIGNATURE = "skip_thought_signature_validator";

    private final ChatRequest request;
    private final GeminiModel model;
    private final ArrayNode contents = Json.array();
    private final ArrayNode system = Json.array();
    private final Map<String, String> toolByCall = new HashMap<>();

    private GeminiRequestWriter(ChatRequest request) {
        this.request = request;
        this.model = new GeminiModel(request.model());
    }

    static byte[] write(ChatRequest request) throws BadRequest {
        return Strict.bytes(body(request));
    }

    static ObjectNode body(ChatRequest request) throws BadRequest {
        if (request.answers() > 1) {
            throw new BadRequest(
                    "This model gives one answer, and "
                            + request.answers()
                            + " were asked for: ask several times.");
        }
        return new GeminiRequestWriter(request).body();
    }

    private ObjectNode body() {
        request.turns().forEach(this::turn);
        var body = Json.object();
        body.set("contents", contents);
        if (!system.isEmpty()) {
            body.putObject("systemInstruction").set("parts", system);
        }
        tools(body);
        var config = Json.object();
        config(config);
        if (!config.isEmpty()) {
            body.set("generationConfig", config);
        }
        return body;
    }

    // ---- configuration

    private void config(ObjectNode config) {
        var sampling = request.sampling();
        put(config, "temperature", sampling.temperature());
        put(config, "topP", sampling.topP());
        put(config, "topK", sampling.topK());
        put(config, "presencePenalty", sampling.presencePenalty());
        put(config, "frequencyPenalty", sampling.frequencyPenalty());
        var seed = sampling.seed();
        if (seed != null) {
            config.put("seed", (int) (seed & Integer.MAX_VALUE)); // the API takes 32 bits
        }
        if (!sampling.stop().isEmpty()) {
            var stop = config.putArray("stopSequences");
            sampling.stop().forEach(stop::add);
        }
        put(config, "maxOutputTokens", request.maxOutput());
        switch (request.output()) {
            case Output.Text() -> {}
            case Output.Json() -> config.put("responseMimeType", "application/json");
            case Output.Schema(var _, var _, var schema, var _) -> {
                config.put("responseMimeType", "application/json");
                put(config, schema, "responseSchema", "responseJsonSchema");
            }
        }
        model.thinking(request.thinking(), config);
    }

    private static void put(ObjectNode config, String name, @Nullable Number value) {
        if (value instanceof Integer whole) {
            config.put(name, whole);
        } else if (value != null) {
            config.put(name, value.doubleValue());
        }
    }

    /// In the subset if it can be said there, which every model takes; else as it is.
    private static void put(ObjectNode object, JsonNode schema, String subset, String whole) {
        var converted = GeminiSchema.of(schema);
        if (converted != null) {
            object.set(subset, converted);
        } else {
            object.set(whole, schema);
        }
    }

    private void tools(ObjectNode body) {
        if (request.tools().isEmpty()) {
            return;
        }
        var functions = body.putArray("tools").addObject().putArray("functionDeclarations");
        for (var tool : request.tools()) {
            var function = functions.addObject().put("name", tool.name());
            if (tool.description() != null) {
                function.put("description", tool.description());
            }
            if (!tool.parameters().path("properties").isEmpty()
                    || tool.parameters().has("$ref")
                    || tool.parameters().has("anyOf")) {
                put(function, tool.parameters(), "parameters", "parametersJsonSchema");
            } else if (tool.parameters().path("additionalProperties").isObject()) {
                function.set("parametersJsonSchema", tool.parameters());
            } // else it takes nothing, which is said by saying nothing
        }
        var mode =
                switch (request.toolChoice()) {
                    case ToolChoice.Auto() -> null;
                    case ToolChoice.None() -> "NONE";
                    case ToolChoice.Required(), ToolChoice.Named(_) -> "ANY";
                };
        if (mode == null) {
            return;
        }
        var calling = body.putObject("toolConfig").putObject("functionCallingConfig");
        calling.put("mode", mode);
        if (request.toolChoice() instanceof ToolChoice.Named(var tool)) {
            calling.putArray("allowedFunctionNames").add(tool);
        }
    }

    // ---- contents

    private void turn(Turn turn) {
        var pieces = turn.pieces();
        if (turn.role() == Role.SYSTEM) {
            for (var piece : pieces) {
                if (piece instanceof Piece.Text(var text, var _) && !text.isEmpty()) {
                    system.addObject().put("text", text);
                }
            }
            return;
        }
        var parts = parts(turn.role() == Role.USER ? "user" : "model");
        var before = parts.size();
        for (int i = 0; i < pieces.size(); i++) {
            piece(parts, pieces, i);
        }
        if (turn.role() == Role.ASSISTANT && model.demandsSignatures()) {
            signFirstCall(parts, before);
        }
        if (parts.isEmpty()) {
            parts.addObject().put("text", "");
        }
    }

    private ArrayNode parts(String role) {
        var last = contents.isEmpty() ? null : contents.path(contents.size() - 1);
        if (last != null && last.path("role").asString("").equals(role)) {
            return (ArrayNode) last.required("parts");
        }
        return contents.addObject().put("role", role).putArray("parts");
    }

    private void piece(ArrayNode parts, List<Piece> pieces, int index) {
        switch (pieces.get(index)) {
            case Piece.Text(var text, var _) -> {
                if (!text.isEmpty()) {
                    parts.addObject().put("text", text);
                }
            }
            case Piece.Refusal(var text) -> parts.addObject().put("text", text);
            case Piece.Media media -> parts.add(media(media));
            case Piece.ToolCall call -> call(parts, call, carried(pieces, index));
            case Piece.ToolResult result -> result(parts, result);
            case Piece.Thought thought -> thought(parts, pieces, index, thought);
        }
    }

    private void call(ArrayNode parts, Piece.ToolCall call, @Nullable String carried) {
        toolByCall.put(call.id(), call.tool());
        var part = parts.addObject();
        var function = part.putObject("functionCall");
        if (!call.id().isEmpty()) {
            function.put("id", call.id());
        }
        function.put("name", call.tool()).set("args", call.arguments());
        var signature = call.signature() == null ? carried : call.signature();
        if (signature != null) {
            part.put("thoughtSignature", signature);
        }
    }

    /// The signature of a call whose place is in a thought before it, since the client's dialect
    /// has none with the call.
    private static @Nullable String carried(List<Piece> pieces, int index) {
        var before = index == 0 ? null : pieces.get(index - 1);
        return before instanceof Piece.Thought thought && isCarrier(thought)
                ? thought.signature()
                : null;
    }

    private static boolean isCarrier(Piece.Thought thought) {
        return thought.origin() == Dialect.GEMINI
                && thought.text().isEmpty()
                && thought.signature() != null;
    }

    private static void thought(
            ArrayNode parts, List<Piece> pieces, int index, Piece.Thought thought) {
        if (thought.origin() != Dialect.GEMINI || thought.signature() == null) {
            return; // of no use to it
        }
        if (!isCarrier(thought)) {
            parts.addObject()
                    .put("text", thought.text())
                    .put("thought", true)
                    .put("thoughtSignature", thought.signature());
            return;
        }
        var next = index + 1 < pieces.size() ? pieces.get(index + 1) : null;
        if (next instanceof Piece.ToolCall call && call.signature() == null) {
            return; // goes with the call
        }
        var last = parts.isEmpty() ? null : parts.path(parts.size() - 1);
        if (last instanceof ObjectNode part && !part.has("thoughtSignature")) {
            part.put("thoughtSignature", thought.signature());
        } else {
            parts.addObject().put("text", "").put("thoughtSignature", thought.signature());
        }
    }

    private static void signFirstCall(ArrayNode parts, int from) {
        ObjectNode first = null;
        for (int i = from; i < parts.size(); i++) {
            if (parts.path(i) instanceof ObjectNode part && part.has("functionCall")) {
                if (part.has("thoughtSignature")) {
                    return;
                }
                first = first == null ? part : first;
            }
        }
        if (first != null) {
            first.put("thoughtSignature", NO_SIGNATURE);
        }
    }

    /// Pictures in a result follow it as parts of their own, which every model takes.
    private void result(ArrayNode parts, Piece.ToolResult result) {
        var text = new StringBuilder();
        for (var piece : result.content()) {
            if (piece instanceof Piece.Text(var words, var _)) {
                text.append(text.isEmpty() ? "" : "\n").append(words);
            }
        }
        var name =
                result.tool().isEmpty()
                        ? toolByCall.getOrDefault(result.id(), "unknown")
                        : result.tool();
        var response = parts.addObject().putObject("functionResponse");
        if (!result.id().isEmpty()) {
            response.put("id", result.id());
        }
        response.put("name", name).set("response", response(text.toString(), result.failed()));
        for (var piece : result.content()) {
            if (piece instanceof Piece.Media media) {
                parts.add(media(media));
            }
        }
    }

    private static ObjectNode response(String text, boolean failed) {
        if (failed) {
            return Json.object().put("error", text);
        }
        if (text.startsWith("{")) {
            try {
                if (Strict.parse(text) instanceof ObjectNode object && !object.isEmpty()) {
                    return object;
                }
            } catch (JacksonException e) {
                // it is words
            }
        }
        return Json.object().put("output", text);
    }

    private static ObjectNode media(Piece.Media media) {
        var part = Json.object();
        if (media.base64() != null) {
            var type = media.mediaType();
            part.putObject("inlineData")
                    .put("mimeType", type == null ? "application/octet-stream" : type)
                    .put("data", media.base64());
            return part;
        }
        var file = part.putObject("fileData");
        if (media.mediaType() != null) {
            file.put("mimeType", media.mediaType());
        }
        file.put("fileUri", media.url());
        return part;
    }
}
