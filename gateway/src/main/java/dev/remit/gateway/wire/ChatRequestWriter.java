package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import dev.remit.gateway.wire.ChatRequest.Output;
import dev.remit.gateway.wire.ChatRequest.Role;
import dev.remit.gateway.wire.ChatRequest.ToolChoice;
import dev.remit.gateway.wire.ChatRequest.ToolSpec;
import dev.remit.gateway.wire.ChatRequest.Turn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes a request of Chat Completions, plain enough for the many servers that speak it.
///
/// In other words: system texts become one message; a failed tool's result begins with `Failed:`;
/// pictures in a tool's result come in a message of the user behind the results; a document of
/// plain text becomes text; a budget of thinking becomes an effort, for models known to take one.
/// Left out: top-k, cache hints, metadata (OpenAI takes it only with what it stores), other
/// vendors' thoughts, and temperature and the like for OpenAI's reasoning models, which refuse
/// them.
final class ChatRequestWriter {
    private final ChatRequest request;
    private final OpenAiModel model;
    private final boolean newCap;
    private final ArrayNode messages = Json.array();

    /// Pictures of results, until the results are all said.
    private final ArrayNode held = Json.array();

    private ChatRequestWriter(ChatRequest request, boolean newCap) {
        this.request = request;
        this.model = new OpenAiModel(request.model());
        this.newCap = newCap;
    }

    static byte[] write(ChatRequest request, boolean newCap) throws BadRequest {
        return Strict.bytes(new ChatRequestWriter(request, newCap).body());
    }

    private ObjectNode body() throws BadRequest {
        var body = Json.object().put("model", request.model());
        system();
        for (var turn : request.turns()) {
            switch (turn.role()) {
                case SYSTEM -> {} // said above
                case USER -> user(turn);
                case ASSISTANT -> assistant(turn);
            }
        }
        flushHeld();
        body.set("messages", messages);
        var cap = request.maxOutput();
        if (cap != null) {
            body.put(newCap ? "max_completion_tokens" : "max_tokens", cap);
        }
        sampling(body);
        reasoning(body);
        tools(body);
        format(body, request.output());
        if (request.answers() != 1) {
            body.put("n", request.answers());
        }
        if (request.stream()) {
            body.put("stream", true);
            if (request.usageInStream()) {
                body.putObject("stream_options").put("include_usage", true);
            }
        }
        if (request.user() != null) {
            body.put("user", request.user());
        }
        return body;
    }

    private void sampling(ObjectNode body) {
        var sampling = request.sampling();
        if (model.samples()) {
            put(body, "temperature", sampling.temperature());
            put(body, "top_p", sampling.topP());
            put(body, "presence_penalty", sampling.presencePenalty());
            put(body, "frequency_penalty", sampling.frequencyPenalty());
        }
        var seed = sampling.seed();
        if (seed != null) {
            body.put("seed", seed.longValue());
        }
        if (!sampling.stop().isEmpty()) {
            sampling.stop().forEach(body.putArray("stop")::add);
        }
    }

    private static void put(ObjectNode body, String field, @Nullable Double value) {
        if (value != null) {
            body.put(field, value.doubleValue());
        }
    }

    private void reasoning(ObjectNode body) {
        var effort = Efforts.openAi(request.thinking());
        if (effort != null
                && (effort.equals("none") ? model.mayReasonNotAtAll() : model.reasons())) {
            body.put("reasoning_effort", effort);
        }
    }

    private void tools(ObjectNode body) {
        if (request.tools().isEmpty()) {
            return;
        }
        var tools = body.putArray("tools");
        request.tools().forEach(tool -> tool(tools, tool));
        switch (request.toolChoice()) {
            case ToolChoice.Auto() -> {}
            case ToolChoice.None() -> body.put("tool_choice", "none");
            case ToolChoice.Required() -> body.put("tool_choice", "required");
            case ToolChoice.Named(var tool) ->
                    body.putObject("tool_choice")
                            .put("type", "function")
                            .putObject("function")
                            .put("name", tool);
        }
        if (request.parallelTools() != null) {
            body.put("parallel_tool_calls", request.parallelTools());
        }
    }

    private static void tool(ArrayNode tools, ToolSpec tool) {
        var function = tools.addObject().put("type", "function").putObject("function");
        function.put("name", tool.name());
        if (tool.description() != null) {
            function.put("description", tool.description());
        }
        function.set("parameters", tool.parameters());
        if (tool.strict() != null) {
            function.put("strict", tool.strict() && ClosedSchema.isOpenAi(tool.parameters()));
        }
    }

    private static void format(ObjectNode body, Output output) {
        switch (output) {
            case Output.Text() -> {}
            case Output.Json() -> body.putObject("response_format").put("type", "json_object");
            case Output.Schema(var name, var description, var schema, var strict) -> {
                var said =
                        body.putObject("response_format")
                                .put("type", "json_schema")
                                .putObject("json_schema");
                said.put("name", name);
                if (description != null) {
                    said.put("description", description);
                }
                said.set("schema", schema);
                if (strict != null) {
                    said.put("strict", strict && ClosedSchema.isOpenAi(schema));
                }
            }
        }
    }

    // ---- messages

    private void system() {
        var texts = new ArrayList<String>();
        for (var turn : request.turns()) {
            if (turn.role() == Role.SYSTEM && !text(turn.pieces()).isEmpty()) {
                texts.add(text(turn.pieces()));
            }
        }
        if (!texts.isEmpty()) {
            messages.addObject().put("role", "system").put("content", String.join("\n\n", texts));
        }
    }

    private static String text(List<Piece> pieces) {
        var text = new StringBuilder();
        for (var piece : pieces) {
            if (piece instanceof Piece.Text(var words, var _) && !words.isEmpty()) {
                text.append(text.isEmpty() ? "" : "\n\n").append(words);
            }
        }
        return text.toString();
    }

    private void user(Turn turn) throws BadRequest {
        var said = new ArrayList<Piece>();
        for (var piece : turn.pieces()) {
            if (piece instanceof Piece.ToolResult result) {
                result(result); // results must be right behind the calls
            } else {
                said.add(piece);
            }
        }
        if (said.isEmpty() && !turn.pieces().isEmpty()) {
            return;
        }
        var content = content(said);
        content.forEach(held::add);
        flushHeld();
    }

    private void flushHeld() {
        if (held.isEmpty()) {
            return;
        }
        var message = messages.addObject().put("role", "user");
        if (held.size() == 1 && held.get(0).path("type").asString("").equals("text")) {
            message.put("content", held.get(0).path("text").asString(""));
        } else {
            message.set("content", held.deepCopy());
        }
        held.removeAll();
    }

    private static ArrayNode content(List<Piece> pieces) throws BadRequest {
        var content = Json.array();
        if (pieces.isEmpty()) {
            addText(content, "");
        }
        for (var piece : pieces) {
            switch (piece) {
                case Piece.Text(var text, var _) -> addText(content, text);
                case Piece.Refusal(var text) -> addText(content, text);
                case Piece.Media media -> media(content, media);
                case Piece.Thought _, Piece.ToolCall _, Piece.ToolResult _ -> {} // not the user's
            }
        }
        return content;
    }

    private static void addText(ArrayNode content, String text) {
        content.addObject().put("type", "text").put("text", text);
    }

    private static void media(ArrayNode content, Piece.Media media) throws BadRequest {
        var type = media.mediaType() == null ? "image/*" : media.mediaType();
        if (type.startsWith("text/")) {
            var name = media.name();
            addText(content, (name == null ? "" : name + ":\n") + DataUrl.text(media));
        } else if (type.startsWith("image/")) {
            var image = content.addObject().put("type", "image_url").putObject("image_url");
            image.put("url", DataUrl.of(media));
            if (media.detail() != null) {
                image.put("detail", media.detail());
            }
        } else if (media.url() != null) {
            throw new BadRequest(
                    "This model takes no URL of a document or a sound: send its bytes.");
        } else if (type.startsWith("audio/")) {
            content.addObject()
                    .put("type", "input_audio")
                    .putObject("input_audio")
                    .put("data", media.base64())
                    .put("format", sound(type));
        } else {
            content.addObject()
                    .put("type", "file")
                    .putObject("file")
                    .put("filename", media.name() == null ? "document.pdf" : media.name())
                    .put("file_data", DataUrl.of(media));
        }
    }

    private static String sound(String type) {
        return switch (type) {
            case "audio/mpeg" -> "mp3";
            case "audio/x-wav", "audio/wave" -> "wav";
            default -> type.substring("audio/".length());
        };
    }

    private void result(Piece.ToolResult result) throws BadRequest {
        var text = text(result.content());
        messages.addObject()
                .put("role", "tool")
                .put("tool_call_id", result.id())
                .put("content", result.failed() ? "Failed: " + text : text);
        var media = result.content().stream().filter(Piece.Media.class::isInstance).toList();
        if (!media.isEmpty()) {
            addText(held, "From the result of tool call " + result.id() + ":");
            content(media).forEach(held::add);
        }
    }

    private void assistant(Turn turn) {
        flushHeld();
        var said = messages.addObject().put("role", "assistant");
        var text = new StringBuilder();
        var refusal = new StringBuilder();
        var calls = Json.array();
        for (var piece : turn.pieces()) {
            switch (piece) {
                case Piece.Text(var words, var _) -> text.append(words);
                case Piece.Refusal(var words) -> refusal.append(words);
                case Piece.ToolCall call -> call(calls, call);
                case Piece.Thought thought -> {
                    if (ChatThoughts.isOwn(thought)) {
                        var field = String.valueOf(thought.signature());
                        said.put(field, said.path(field).asString("") + thought.text());
                    }
                }
                case Piece.Media _, Piece.ToolResult _ -> {} // not the model's
            }
        }
        if (text.isEmpty() && !(calls.isEmpty() && refusal.isEmpty())) {
            said.putNull("content");
        } else {
            said.put("content", text.toString());
        }
        if (!refusal.isEmpty()) {
            said.put("refusal", refusal.toString());
        }
        if (!calls.isEmpty()) {
            said.set("tool_calls", calls);
        }
    }

    private static void call(ArrayNode calls, Piece.ToolCall call) {
        calls.addObject()
                .put("id", call.id())
                .put("type", "function")
                .putObject("function")
                .put("name", call.tool())
                .put("arguments", Json.write(call.arguments()));
    }
}
