package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import dev.remit.gateway.wire.ChatRequest.Output;
import dev.remit.gateway.wire.ChatRequest.Role;
import dev.remit.gateway.wire.ChatRequest.Sampling;
import dev.remit.gateway.wire.ChatRequest.Thinking;
import dev.remit.gateway.wire.ChatRequest.ToolChoice;
import dev.remit.gateway.wire.ChatRequest.ToolSpec;
import dev.remit.gateway.wire.ChatRequest.Turn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Reads a request of the Responses API, to be said in another vendor's words. What only OpenAI can
/// do, because it keeps state or runs the tool, is refused with what to do instead.
///
/// Source: the API reference at platform.openai.com, as of 2026-11.
final class ResponsesRequestReader {
    private static final Map<String, String> STATE =
            Map.of(
                    "previous_response_id",
                    "send the whole conversation in `input` instead",
                    "conversation",
                    "send the whole conversation in `input` instead",
                    "prompt",
                    "send the prompt's text in `instructions` instead");

    private final Given body;
    private final List<Turn> turns = new ArrayList<>();
    private final Map<String, String> toolByCall = new HashMap<>();
    private @Nullable Set<String> allowed;

    private ResponsesRequestReader(Given body) {
        this.body = body;
    }

    static ChatRequest read(byte[] body) throws BadRequest {
        return new ResponsesRequestReader(Given.body(body)).request();
    }

    private ChatRequest request() throws BadRequest {
        refuseState();
        var instructions = body.text("instructions");
        if (instructions != null) {
            turns.add(new Turn(Role.SYSTEM, List.of(new Piece.Text(instructions))));
        }
        input();
        var choice = toolChoice();
        var user = body.text("user");
        var reasoning = body.object("reasoning");
        return new ChatRequest(
                body.needText("model"),
                turns,
                tools(),
                choice,
                body.flag("parallel_tool_calls"),
                new Sampling(
                        body.number("temperature"),
                        body.number("top_p"),
                        null,
                        null,
                        null,
                        null,
                        List.of()),
                body.count("max_output_tokens"),
                output(),
                reasoning == null ? Thinking.DEFAULT : thinking(reasoning),
                1,
                body.is("stream"),
                true,
                user == null ? body.text("safety_identifier") : user,
                body.words("metadata"));
    }

    private void refuseState() throws BadRequest {
        for (var field : STATE.entrySet()) {
            if (body.has(field.getKey())) {
                throw new BadRequest(
                        "`"
                                + field.getKey()
                                + "` names what OpenAI keeps, and this model is another vendor's: "
                                + field.getValue()
                                + ".");
            }
        }
        if (body.is("background")) {
            throw new BadRequest(
                    "`background` works with OpenAI alone, and this model is another vendor's:"
                            + " leave it out and stream the answer.");
        }
        if (body.is("store")) {
            throw new BadRequest(
                    "`store` asks OpenAI to keep the answer, and this model is another vendor's:"
                            + " leave it out or set it to false.");
        }
    }

    private static Thinking thinking(Given reasoning) throws BadRequest {
        var summary = reasoning.text("summary");
        if (summary == null) {
            summary = reasoning.text("generate_summary");
        }
        return new Thinking(reasoning.text("effort"), null, summary == null ? null : true);
    }

    private Output output() throws BadRequest {
        var text = body.object("text");
        var format = text == null ? null : text.object("format");
        if (format == null) {
            return new Output.Text();
        }
        return switch (format.text("type", "text")) {
            case "text" -> new Output.Text();
            case "json_object" -> new Output.Json();
            case "json_schema" ->
                    new Output.Schema(
                            format.text("name", "answer"),
                            format.text("description"),
                            format.needObject("schema").node(),
                            format.flag("strict"));
            default ->
                    throw format.refused(
                            "the type must be `text`, `json_object` or `json_schema`.");
        };
    }

    // ---- tools

    private List<ToolSpec> tools() throws BadRequest {
        var tools = new ArrayList<ToolSpec>();
        for (var tool : body.objects("tools")) {
            var type = tool.needText("type");
            if (!type.equals("function")) {
                throw tool.refused(
                        "the tool `"
                                + type
                                + "` runs at OpenAI alone, and this model is another vendor's:"
                                + " offer a tool of type `function`, or name a model of OpenAI.");
            }
            var name = tool.needText("name");
            if (allowed != null && !allowed.contains(name)) {
                continue;
            }
            var parameters = tool.object("parameters");
            tools.add(
                    new ToolSpec(
                            name,
                            tool.text("description"),
                            parameters == null ? anything() : parameters.node(),
                            tool.flag("strict"),
                            false));
        }
        return tools;
    }

    private static JsonNode anything() {
        var schema = Json.object().put("type", "object");
        schema.putObject("properties");
        return schema;
    }

    private ToolChoice toolChoice() throws BadRequest {
        var choice = body.get("tool_choice");
        if (choice == null) {
            return new ToolChoice.Auto();
        }
        if (choice.isText()) {
            return mode(choice, choice.asText());
        }
        choice.mustBeObject();
        var type = choice.needText("type");
        return switch (type) {
            case "function" -> new ToolChoice.Named(choice.needText("name"));
            case "allowed_tools" -> {
                var names = new HashSet<String>();
                for (var tool : choice.objects("tools")) {
                    names.add(tool.text("name", ""));
                }
                allowed = names;
                yield mode(choice, choice.text("mode", "auto"));
            }
            default ->
                    throw choice.refused(
                            "`" + type + "` runs at OpenAI alone: name a tool of type `function`.");
        };
    }

    private static ToolChoice mode(Given choice, String mode) throws BadRequest {
        return switch (mode) {
            case "auto" -> new ToolChoice.Auto();
            case "none" -> new ToolChoice.None();
            case "required" -> new ToolChoice.Required();
            default -> throw choice.refused("must be `auto`, `none`, `required` or an object.");
        };
    }

    // ---- input

    private void input() throws BadRequest {
        var input = body.get("input");
        if (input == null) {
            throw new BadRequest("`input` is missing: give a text or a list of items.");
        }
        if (input.isText()) {
            turns.add(new Turn(Role.USER, List.of(new Piece.Text(input.asText()))));
            return;
        }
        if (!input.isList()) {
            throw input.refused("must be a text or a list of items.");
        }
        for (var item : input.elements()) {
            item.mustBeObject();
            item(item);
        }
    }

    private void item(Given item) throws BadRequest {
        var type = item.text("type", "message");
        switch (type) {
            case "message" -> message(item);
            case "reasoning" -> add(Role.ASSISTANT, thought(item));
            case "function_call" -> {
                var id = item.needText("call_id");
                var name = item.needText("name");
                toolByCall.put(id, name);
                add(Role.ASSISTANT, new Piece.ToolCall(id, name, arguments(item), null));
            }
            case "function_call_output" -> {
                var id = item.needText("call_id");
                var name = toolByCall.getOrDefault(id, "");
                add(Role.USER, new Piece.ToolResult(id, name, result(item), false));
            }
            case "item_reference" ->
                    throw item.refused(
                            "an `item_reference` names what OpenAI keeps, and this model is"
                                    + " another vendor's: send the item itself.");
            default ->
                    throw item.refused(
                            "an item of type `"
                                    + type
                                    + "` means something to OpenAI alone, and this model is another"
                                    + " vendor's: leave it out, or name a model of OpenAI.");
        }
    }

    /// Neighbouring items of the assistant make one turn: thoughts, words and calls belong
    /// together.
    private void add(Role role, Piece piece) {
        var last = turns.isEmpty() ? null : turns.getLast();
        if (last != null && last.role() == role && (role == Role.ASSISTANT || isResults(last))) {
            var pieces = new ArrayList<>(last.pieces());
            pieces.add(piece);
            turns.set(turns.size() - 1, new Turn(role, pieces));
        } else {
            turns.add(new Turn(role, List.of(piece)));
        }
    }

    private static boolean isResults(Turn turn) {
        return turn.pieces().stream().allMatch(Piece.ToolResult.class::isInstance);
    }

    private static JsonNode arguments(Given call) throws BadRequest {
        var text = call.text("arguments", "");
        if (text.isBlank()) {
            return Json.object();
        }
        try {
            var arguments = Strict.parse(text);
            if (arguments.isObject()) {
                return arguments;
            }
        } catch (JacksonException e) {
            // said below
        }
        throw call.refused("`arguments` must be the text of a JSON object.");
    }

    private static Piece.Thought thought(Given item) throws BadRequest {
        var text = new StringBuilder();
        for (var list : List.of("summary", "content")) {
            for (var part : item.objects(list)) {
                text.append(text.isEmpty() ? "" : "\n\n").append(part.text("text", ""));
            }
        }
        return Seal.inward(
                text.toString(),
                item.text("id"),
                item.text("encrypted_content"),
                false,
                Dialect.OPENAI_RESPONSES);
    }

    private static List<Piece> result(Given item) throws BadRequest {
        var output = item.get("output");
        if (output == null) {
            return List.of();
        }
        return content(output);
    }

    private void message(Given item) throws BadRequest {
        var role = item.text("role", "user");
        var content = item.get("content");
        var pieces = content == null ? List.<Piece>of() : content(content);
        switch (role) {
            case "assistant" -> pieces.forEach(piece -> add(Role.ASSISTANT, piece));
            case "system", "developer" -> turns.add(new Turn(Role.SYSTEM, pieces));
            case "user" -> turns.add(new Turn(Role.USER, pieces));
            default ->
                    throw item.refused(
                            "the role must be `user`, `assistant`, `system` or `developer`.");
        }
    }

    private static List<Piece> content(Given content) throws BadRequest {
        if (content.isText()) {
            return List.of(new Piece.Text(content.asText()));
        }
        if (!content.isList()) {
            throw content.refused("must be a text or a list.");
        }
        var pieces = new ArrayList<Piece>();
        for (var part : content.elements()) {
            part.mustBeObject();
            pieces.add(piece(part));
        }
        return pieces;
    }

    private static Piece piece(Given part) throws BadRequest {
        var type = part.text("type", "");
        return switch (type) {
            case "input_text", "output_text", "text", "summary_text" ->
                    new Piece.Text(part.needText("text"));
            case "refusal" -> new Piece.Refusal(part.needText("refusal"));
            case "input_image" -> {
                refuseFile(part);
                yield media(part.needText("image_url"), null, part.text("detail"), null);
            }
            case "input_file" -> {
                refuseFile(part);
                var url = part.text("file_url");
                yield url == null
                        ? media(part.needText("file_data"), null, null, part.text("filename"))
                        : media(url, null, null, part.text("filename"));
            }
            case "input_audio" -> {
                var audio = part.needObject("input_audio");
                yield new Piece.Media(
                        "audio/" + audio.text("format", "wav"),
                        audio.needText("data"),
                        null,
                        null,
                        null);
            }
            default -> throw part.refused("no other vendor knows content of type `" + type + "`.");
        };
    }

    private static void refuseFile(Given part) throws BadRequest {
        if (part.has("file_id")) {
            throw part.refused(
                    "`file_id` names what OpenAI keeps, and this model is another vendor's: send"
                            + " the content itself.");
        }
    }

    /// @param source a URL, a `data:` URL, or base64 alone
    static Piece.Media media(
            String source, @Nullable String type, @Nullable String detail, @Nullable String name) {
        if (source.startsWith("data:")) {
            var comma = source.indexOf(',');
            var head = comma < 0 ? "" : source.substring(5, comma);
            var semicolon = head.indexOf(';');
            var mediaType = semicolon < 0 ? head : head.substring(0, semicolon);
            return new Piece.Media(
                    mediaType.isEmpty() ? type : mediaType,
                    source.substring(comma + 1),
                    null,
                    detail,
                    name);
        }
        return source.contains("://")
                ? new Piece.Media(type, null, source, detail, name)
                : new Piece.Media(type, source, null, detail, name);
    }
}
