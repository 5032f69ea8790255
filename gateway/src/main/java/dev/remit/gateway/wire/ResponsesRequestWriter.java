package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import dev.remit.gateway.wire.ChatRequest.Output;
import dev.remit.gateway.wire.ChatRequest.Role;
import dev.remit.gateway.wire.ChatRequest.ToolChoice;
import dev.remit.gateway.wire.ChatRequest.Turn;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes a request of the Responses API. Nothing is to be kept there (`store` is false), so
/// thoughts come back encrypted. Left out, since the API has no place for them: stop sequences,
/// penalties, seed, top-k, a bound on thoughts, cache hints, and thoughts of other vendors.
final class ResponsesRequestWriter {
    private final ChatRequest request;
    private final OpenAiModel model;
    private final ArrayNode input = Json.array();
    private boolean thinks;

    private ResponsesRequestWriter(ChatRequest request) {
        this.request = request;
        this.model = new OpenAiModel(request.model());
    }

    static byte[] write(ChatRequest request) throws BadRequest {
        if (request.answers() > 1) {
            throw new BadRequest(
                    "This model gives one answer, and "
                            + request.answers()
                            + " were asked for: ask several times.");
        }
        return Strict.bytes(new ResponsesRequestWriter(request).body());
    }

    private ObjectNode body() {
        request.turns().forEach(this::turn);
        var body = Json.object().put("model", request.model());
        body.set("input", input);
        if (request.maxOutput() != null) {
            body.put("max_output_tokens", request.maxOutput());
        }
        sampling(body);
        reasoning(body);
        tools(body);
        format(body);
        body.put("store", false);
        if (request.stream()) {
            body.put("stream", true);
        }
        if (request.user() != null) {
            body.put("user", request.user());
        }
        if (!request.metadata().isEmpty()) {
            var metadata = body.putObject("metadata");
            request.metadata().forEach(metadata::put);
        }
        return body;
    }

    private void sampling(ObjectNode body) {
        var sampling = request.sampling();
        if (!model.samples()) {
            return;
        }
        if (sampling.temperature() != null) {
            body.put("temperature", sampling.temperature());
        }
        if (sampling.topP() != null) {
            body.put("top_p", sampling.topP());
        }
    }

    /// Models that do not think refuse to be asked for thoughts.
    private void reasoning(ObjectNode body) {
        var thinking = request.thinking();
        var effort = Efforts.openAi(thinking);
        var shown = Boolean.TRUE.equals(thinking.shown());
        if (!model.reasons()) {
            return;
        }
        if ("none".equals(effort) && !model.mayReasonNotAtAll()) {
            effort = null;
        }
        if (effort != null || shown) {
            var reasoning = body.putObject("reasoning");
            if (effort != null) {
                reasoning.put("effort", effort);
            }
            if (shown) {
                reasoning.put("summary", "auto");
            }
        }
        if (thinks || shown || thinking.kept() || (effort != null && !effort.equals("none"))) {
            body.putArray("include").add("reasoning.encrypted_content");
        }
    }

    private void tools(ObjectNode body) {
        if (!request.tools().isEmpty()) {
            var tools = body.putArray("tools");
            for (var tool : request.tools()) {
                var written =
                        tools.addObject()
                                .put("type", "function")
                                .put("name", tool.name())
                                // absent would mean true here
                                .put("strict", isStrict(tool.strict(), tool.parameters()));
                if (tool.description() != null) {
                    written.put("description", tool.description());
                }
                written.set("parameters", tool.parameters());
            }
        }
        switch (request.toolChoice()) {
            case ToolChoice.Auto() -> {}
            case ToolChoice.None() -> body.put("tool_choice", "none");
            case ToolChoice.Required() -> body.put("tool_choice", "required");
            case ToolChoice.Named(var tool) ->
                    body.putObject("tool_choice").put("type", "function").put("name", tool);
        }
        if (request.parallelTools() != null) {
            body.put("parallel_tool_calls", request.parallelTools());
        }
    }

    private void format(ObjectNode body) {
        switch (request.output()) {
            case Output.Text() -> {}
            case Output.Json() ->
                    body.putObject("text").putObject("format").put("type", "json_object");
            case Output.Schema(var name, var description, var schema, var strict) -> {
                var format =
                        body.putObject("text")
                                .putObject("format")
                                .put("type", "json_schema")
                                .put("name", name)
                                .put("strict", isStrict(strict, schema));
                if (description != null) {
                    format.put("description", description);
                }
                format.set("schema", schema);
            }
        }
    }

    /// OpenAI refuses to be strict about schemas with open objects or optional fields.
    private static boolean isStrict(@Nullable Boolean wanted, JsonNode schema) {
        return Boolean.TRUE.equals(wanted) && ClosedSchema.isOpenAi(schema);
    }

    // ---- input

    private void turn(Turn turn) {
        ArrayNode content = null; // of the message that is being written
        for (var piece : turn.pieces()) {
            if (piece instanceof Piece.ToolCall || piece instanceof Piece.ToolResult) {
                content = null;
            }
            switch (piece) {
                case Piece.Text(var text, var _) -> {
                    content = content == null ? message(turn.role()) : content;
                    content.addObject().put("type", words(turn.role())).put("text", text);
                }
                case Piece.Refusal(var text) -> {
                    content = content == null ? message(turn.role()) : content;
                    refusal(content, turn.role(), text);
                }
                case Piece.Media media -> {
                    if (turn.role() != Role.ASSISTANT) { // the API takes none from it
                        content = content == null ? message(turn.role()) : content;
                        content.add(media(media));
                    }
                }
                case Piece.ToolCall(var id, var tool, var arguments, var _) ->
                        input.addObject()
                                .put("type", "function_call")
                                .put("call_id", id)
                                .put("name", tool)
                                .put("arguments", Json.write(arguments));
                case Piece.ToolResult result -> result(result);
                case Piece.Thought thought -> {
                    if (thought(thought)) {
                        content = null;
                    }
                }
            }
        }
    }

    private static void refusal(ArrayNode content, Role role, String text) {
        if (role == Role.ASSISTANT) {
            content.addObject().put("type", "refusal").put("refusal", text);
        } else {
            content.addObject().put("type", words(role)).put("text", text);
        }
    }

    private ArrayNode message(Role role) {
        var word =
                switch (role) {
                    case SYSTEM -> "developer";
                    case USER -> "user";
                    case ASSISTANT -> "assistant";
                };
        return input.addObject().put("type", "message").put("role", word).putArray("content");
    }

    private static String words(Role role) {
        return role == Role.ASSISTANT ? "output_text" : "input_text";
    }

    /// @return whether it is OpenAI's own, and so was written
    private boolean thought(Piece.Thought thought) {
        var signature = thought.signature();
        if (thought.origin() != Dialect.OPENAI_RESPONSES || signature == null) {
            return false;
        }
        thinks = true;
        var item = input.addObject().put("type", "reasoning");
        if (thought.id() != null) {
            item.put("id", thought.id());
        }
        var summary = item.putArray("summary");
        if (!thought.text().isEmpty()) {
            summary.addObject().put("type", "summary_text").put("text", thought.text());
        }
        item.put("encrypted_content", signature);
        return true;
    }

    private void result(Piece.ToolResult result) {
        var item =
                input.addObject().put("type", "function_call_output").put("call_id", result.id());
        var text = plain(result.content());
        if (text != null) {
            item.put("output", result.failed() ? "Failed: " + text : text);
            return;
        }
        var output = item.putArray("output");
        if (result.failed()) {
            output.addObject().put("type", "input_text").put("text", "Failed:");
        }
        for (var piece : result.content()) {
            switch (piece) {
                case Piece.Text(var words, var _) ->
                        output.addObject().put("type", "input_text").put("text", words);
                case Piece.Media media -> output.add(media(media));
                default -> {} // a result says nothing else
            }
        }
    }

    /// The words, if there is nothing else.
    static @Nullable String plain(List<Piece> content) {
        var text = new StringBuilder();
        for (var piece : content) {
            if (!(piece instanceof Piece.Text(var words, var _))) {
                return null;
            }
            text.append(text.isEmpty() ? "" : "\n").append(words);
        }
        return text.toString();
    }

    private static ObjectNode media(Piece.Media media) {
        var type = media.mediaType() == null ? "" : media.mediaType();
        var part = Json.object();
        if (type.startsWith("audio/") && media.base64() != null) {
            var format = type.substring(type.indexOf('/') + 1);
            part.put("type", "input_audio")
                    .putObject("input_audio")
                    .put("data", media.base64())
                    .put("format", format.equals("mpeg") ? "mp3" : format.replace("x-", ""));
            return part;
        }
        var isImage = type.startsWith("image/") || (type.isEmpty() && media.name() == null);
        if (isImage) {
            part.put("type", "input_image").put("image_url", url(media));
            if (media.detail() != null) {
                part.put("detail", media.detail());
            }
            return part;
        }
        part.put("type", "input_file");
        if (media.base64() == null) {
            return part.put("file_url", url(media));
        }
        // the API asks for a name with the content
        var name = media.name() == null ? "file" + extension(type) : media.name();
        return part.put("filename", name).put("file_data", url(media));
    }

    private static String extension(String type) {
        return switch (type) {
            case "application/pdf" -> ".pdf";
            case "application/json" -> ".json";
            case "text/plain" -> ".txt";
            default -> "";
        };
    }

    /// Its URL, or one that holds its content.
    static String url(Piece.Media media) {
        if (media.url() != null) {
            return media.url();
        }
        var type = media.mediaType() == null ? "application/octet-stream" : media.mediaType();
        return "data:" + type + ";base64," + media.base64();
    }
}
