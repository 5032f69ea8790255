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

/// Reads a request of Chat Completions. System and developer messages come first, wherever they
/// stood.
///
/// Left out, since no other vendor has it: logit bias, log probabilities, verbosity, predictions,
/// storing. Refused, since an answer without it would be a wrong one: custom tools, functions of
/// before 2023's tools, search in the web, sound as output, files that the vendor keeps.
final class ChatRequestReader {
    private final Given body;
    private final List<Turn> system = new ArrayList<>();
    private final List<Turn> turns = new ArrayList<>();

    /// Names of called tools, by the call's id.
    private final Map<String, String> called = new HashMap<>();

    private ChatRequestReader(Given body) {
        this.body = body;
    }

    static ChatRequest read(byte[] body) throws BadRequest {
        var node = Strict.request(body);
        if (!node.isObject()) {
            throw new BadRequest("The body must be a JSON object.");
        }
        return new ChatRequestReader(new Given(node, "")).read();
    }

    private ChatRequest read() throws BadRequest {
        refuse("functions", "give them as `tools`");
        refuse("function_call", "use `tool_choice`");
        refuse("web_search_options", "this model cannot search the web");
        refuse("audio", "this model cannot speak");
        for (var message : body.objects("messages")) {
            message(message);
        }
        if (turns.isEmpty() && system.isEmpty()) {
            throw new BadRequest("`messages` is missing: give a list of at least one message.");
        }
        system.addAll(turns);
        var offered = new ArrayList<ToolSpec>();
        for (var tool : body.objects("tools")) {
            offered.add(tool(tool));
        }
        var options = body.object("stream_options");
        var user = body.text("user");
        var answers = body.count("n");
        return new ChatRequest(
                body.needText("model"),
                system,
                allowed(offered),
                choice(),
                body.flag("parallel_tool_calls"),
                sampling(),
                cap(),
                output(),
                thinking(),
                answers == null ? 1 : answers,
                body.is("stream"),
                options != null && options.is("include_usage"),
                user == null ? body.text("safety_identifier") : user,
                body.words("metadata"));
    }

    private void refuse(String field, String instead) throws BadRequest {
        if (body.has(field)) {
            throw new BadRequest("`" + field + "` cannot be said to this model: " + instead + ".");
        }
    }

    private @Nullable Integer cap() throws BadRequest {
        return ChatFacts.larger(body.count("max_tokens"), body.count("max_completion_tokens"));
    }

    private Sampling sampling() throws BadRequest {
        var stop = body.get("stop");
        List<String> stops =
                stop == null
                        ? List.of()
                        : stop.isText() ? List.of(stop.asText()) : body.texts("stop");
        return new Sampling(
                body.number("temperature"),
                body.number("top_p"),
                body.count("top_k"),
                body.number("presence_penalty"),
                body.number("frequency_penalty"),
                body.whole("seed"),
                stops);
    }

    private Output output() throws BadRequest {
        var format = body.object("response_format");
        if (format == null) {
            return new Output.Text();
        }
        var type = format.needText("type");
        return switch (type) {
            case "text" -> new Output.Text();
            case "json_object" -> new Output.Json();
            case "json_schema" -> {
                var schema = format.needObject("json_schema");
                yield new Output.Schema(
                        schema.text("name", "answer"),
                        schema.text("description"),
                        schema.needObject("schema").node(),
                        schema.flag("strict"));
            }
            default -> throw format.refused("`" + type + "` is no type of format.");
        };
    }

    /// OpenAI's own word, or what OpenRouter (`reasoning`) and LiteLLM (`thinking`) add to it.
    private Thinking thinking() throws BadRequest {
        var effort = body.text("reasoning_effort");
        Integer tokens = null;
        Boolean shown = null;
        var reasoning = body.object("reasoning");
        if (reasoning != null) {
            effort = effort == null ? reasoning.text("effort") : effort;
            tokens = reasoning.count("max_tokens");
            shown = reasoning.has("exclude") ? (Boolean) !reasoning.is("exclude") : null;
            if (Boolean.FALSE.equals(reasoning.flag("enabled"))) {
                effort = "none";
            }
        }
        var thinking = body.object("thinking");
        if (thinking != null) {
            tokens = tokens == null ? thinking.count("budget_tokens") : tokens;
            if (thinking.text("type", "").equals("disabled")) {
                effort = "none";
            }
        }
        return new Thinking(effort, tokens, shown);
    }

    // ---- tools

    private static ToolSpec tool(Given tool) throws BadRequest {
        var type = tool.text("type", "function");
        if (!type.equals("function")) {
            throw tool.refused(
                    "a tool of type `"
                            + type
                            + "` cannot be offered to this model; give a"
                            + " function.");
        }
        var function = tool.needObject("function");
        var parameters = function.object("parameters");
        return new ToolSpec(
                function.needText("name"),
                function.text("description"),
                parameters == null ? Json.object().put("type", "object") : parameters.node(),
                function.flag("strict"),
                tool.has("cache_control") || function.has("cache_control"));
    }

    private ToolChoice choice() throws BadRequest {
        var choice = body.get("tool_choice");
        if (choice == null) {
            return new ToolChoice.Auto();
        }
        if (choice.isText()) {
            return mode(choice, choice.asText());
        }
        choice.mustBeObject();
        var type = choice.text("type", "function");
        return switch (type) {
            case "function" -> new ToolChoice.Named(choice.needObject("function").needText("name"));
            case "allowed_tools" -> {
                var allowed = choice.needObject("allowed_tools");
                yield mode(allowed, allowed.text("mode", "auto"));
            }
            default -> throw choice.refused("`" + type + "` is no choice for this model.");
        };
    }

    private static ToolChoice mode(Given at, String mode) throws BadRequest {
        return switch (mode) {
            case "auto" -> new ToolChoice.Auto();
            case "none" -> new ToolChoice.None();
            case "required" -> new ToolChoice.Required();
            default -> throw at.refused("must be auto, none, required or a function.");
        };
    }

    /// Those that the choice leaves.
    private List<ToolSpec> allowed(List<ToolSpec> offered) throws BadRequest {
        var choice = body.get("tool_choice");
        if (choice == null || !choice.isObject() || !choice.has("allowed_tools")) {
            return offered;
        }
        Set<String> names = new HashSet<>();
        for (var tool : choice.needObject("allowed_tools").objects("tools")) {
            names.add(tool.needObject("function").needText("name"));
        }
        return offered.stream().filter(tool -> names.contains(tool.name())).toList();
    }

    // ---- messages

    private void message(Given message) throws BadRequest {
        var role = message.needText("role");
        switch (role) {
            case "system", "developer" ->
                    system.add(new Turn(Role.SYSTEM, content(message, false)));
            case "user" -> turns.add(new Turn(Role.USER, content(message, true)));
            case "assistant" -> turns.add(new Turn(Role.ASSISTANT, assistant(message)));
            case "tool" -> {
                var id = message.needText("tool_call_id");
                var tool = called.getOrDefault(id, message.text("name", ""));
                var result = new Piece.ToolResult(id, tool, content(message, true), false);
                turns.add(new Turn(Role.USER, List.of(result)));
            }
            default -> throw message.refused("`" + Words.brief(role) + "` is no role.");
        }
    }

    private static List<Piece> content(Given message, boolean media) throws BadRequest {
        var content = message.get("content");
        if (content == null) {
            return List.of();
        }
        if (content.isText()) {
            return List.of(new Piece.Text(content.asText()));
        }
        var pieces = new ArrayList<Piece>();
        for (var part : message.objects("content")) {
            var piece = part(part);
            if (piece instanceof Piece.Media && !media) {
                throw part.refused("only text can stand here.");
            }
            pieces.add(piece);
        }
        return pieces;
    }

    private static Piece part(Given part) throws BadRequest {
        var type = part.needText("type");
        return switch (type) {
            case "text" -> new Piece.Text(part.needText("text"), part.has("cache_control"));
            case "refusal" -> new Piece.Refusal(part.needText("refusal"));
            case "image_url" -> image(part);
            case "input_audio" -> {
                var sound = part.needObject("input_audio");
                yield new Piece.Media(
                        "audio/" + sound.needText("format"),
                        sound.needText("data"),
                        null,
                        null,
                        null);
            }
            case "file" -> file(part.needObject("file"));
            default -> throw part.refused("`" + Words.brief(type) + "` is no type of content.");
        };
    }

    private static Piece image(Given part) throws BadRequest {
        var image = part.get("image_url");
        if (image != null && image.isText()) {
            return DataUrl.media(image.asText(), null, null);
        }
        var object = part.needObject("image_url");
        return DataUrl.media(object.needText("url"), object.text("detail"), null);
    }

    private static Piece file(Given file) throws BadRequest {
        if (file.has("file_id")) {
            throw file.refused("a file that OpenAI keeps cannot be given to this model: send it.");
        }
        var data = file.needText("file_data");
        var name = file.text("filename");
        return data.startsWith("data:")
                ? DataUrl.media(data, null, name)
                : new Piece.Media("application/pdf", data, null, null, name);
    }

    // ---- what the model said before

    private List<Piece> assistant(Given message) throws BadRequest {
        var pieces = new ArrayList<Piece>(ChatThoughts.read(message));
        for (var piece : content(message, false)) {
            if (!(piece instanceof Piece.Text(var text, var _) && text.isEmpty())) {
                pieces.add(piece);
            }
        }
        var refusal = message.text("refusal");
        if (refusal != null) {
            pieces.add(new Piece.Refusal(refusal));
        }
        if (message.has("function_call")) {
            throw message.refused("`function_call` cannot be said to this model: use tool calls.");
        }
        for (var call : message.objects("tool_calls")) {
            pieces.add(call(call));
        }
        return pieces;
    }

    private Piece call(Given call) throws BadRequest {
        var type = call.text("type", "function");
        if (!type.equals("function")) {
            throw call.refused("a call of type `" + type + "` cannot be given to this model.");
        }
        var id = call.needText("id");
        var function = call.needObject("function");
        var tool = function.needText("name");
        called.put(id, tool);
        var arguments = arguments(function);
        return new Piece.ToolCall(id, tool, arguments, ChatThoughts.signature(call));
    }

    private static JsonNode arguments(Given function) throws BadRequest {
        var text = function.text("arguments", "");
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
        throw function.refused("`arguments` must be a text that holds a JSON object.");
    }
}
