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
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads a request of Gemini's generateContent, to be said in another vendor's words. What only
/// Google can do, because it keeps content or runs the tool, is refused with what to do instead.
/// Left out: safety settings, which no other vendor has.
///
/// Gemini's calls may have no ids: they get some by their order, and results without an id belong
/// to the first call of that name that has none yet.
///
/// Source: the API reference at ai.google.dev, as of 2026-11.
final class GeminiRequestReader {
    private static final Set<String> RESULT_FIELDS = Set.of("output", "result", "error");

    private final Given body;
    private final Codec.InPath path;
    private final List<Turn> turns = new ArrayList<>();
    private final List<Piece.ToolCall> unanswered = new ArrayList<>();
    private @Nullable Set<String> allowed;
    private int calls;

    private GeminiRequestReader(Given body, Codec.InPath path) {
        this.body = body;
        this.path = path;
    }

    static ChatRequest read(byte[] body, Codec.InPath path) throws BadRequest {
        return new GeminiRequestReader(Given.body(body), path).request();
    }

    private ChatRequest request() throws BadRequest {
        if (body.has("cachedContent")) {
            throw new BadRequest(
                    "`cachedContent` names what Google keeps, and this model is another vendor's:"
                            + " send the content itself.");
        }
        system();
        for (var content : body.objects("contents")) {
            content(content);
        }
        if (turns.isEmpty()) {
            throw new BadRequest("`contents` is missing: give at least one content.");
        }
        var config = body.object("generationConfig");
        if (config == null) {
            config = new Given(Json.object(), "generationConfig");
        }
        var choice = toolChoice();
        var answers = config.count("candidateCount");
        return new ChatRequest(
                path.model() == null ? body.text("model", "") : path.model(),
                turns,
                tools(),
                choice,
                null,
                sampling(config),
                config.count("maxOutputTokens"),
                output(config),
                thinking(config),
                answers == null ? 1 : Math.max(1, answers),
                path.stream(),
                true,
                null,
                body.words("labels"));
    }

    // ---- configuration

    private static Sampling sampling(Given config) throws BadRequest {
        return new Sampling(
                config.number("temperature"),
                config.number("topP"),
                topK(config.number("topK")),
                config.number("presencePenalty"),
                config.number("frequencyPenalty"),
                config.whole("seed"),
                config.texts("stopSequences"));
    }

    private static @Nullable Integer topK(@Nullable Double given) {
        return given == null ? null : (int) Math.round(given);
    }

    private static Output output(Given config) throws BadRequest {
        for (var modality : config.texts("responseModalities")) {
            if (!modality.equalsIgnoreCase("TEXT")) {
                throw config.refused(
                        "`responseModalities` asks for "
                                + modality
                                + ", and this model answers in text: leave it out.");
            }
        }
        var type = config.text("responseMimeType", "text/plain");
        var json = config.object("responseJsonSchema");
        if (json == null) {
            json = config.object("_responseJsonSchema");
        }
        var schema = config.object("responseSchema");
        if (json != null || schema != null) {
            var wanted =
                    json != null
                            ? json.node()
                            : GeminiSchema.toJsonSchema(Objects.requireNonNull(schema).node());
            return new Output.Schema("answer", null, wanted, null);
        }
        return type.equals("application/json") ? new Output.Json() : new Output.Text();
    }

    private static Thinking thinking(Given config) throws BadRequest {
        var thinking = config.object("thinkingConfig");
        if (thinking == null) {
            return Thinking.DEFAULT;
        }
        var level = thinking.text("thinkingLevel");
        var budget = thinking.whole("thinkingBudget");
        var effort = level == null ? null : level.toLowerCase(Locale.ROOT);
        if (effort != null && effort.endsWith("unspecified")) {
            effort = null;
        }
        if (effort == null && budget != null && budget == 0) {
            effort = "none";
        }
        var tokens = budget == null || budget <= 0 ? null : (int) Math.min(budget, 1 << 30);
        return new Thinking(effort, tokens, thinking.flag("includeThoughts"));
    }

    // ---- tools

    private List<ToolSpec> tools() throws BadRequest {
        var tools = new ArrayList<ToolSpec>();
        for (var tool : body.objects("tools")) {
            for (var name : tool.node().propertyNames()) {
                if (!Given.snake(name).equals("function_declarations")) {
                    throw tool.refused(
                            "the tool `"
                                    + name
                                    + "` runs at Google alone, and this model is another vendor's:"
                                    + " declare functions, or name a model of Google.");
                }
            }
            for (var function : tool.objects("functionDeclarations")) {
                var name = function.needText("name");
                if (allowed == null || allowed.contains(name)) {
                    tools.add(
                            new ToolSpec(
                                    name,
                                    function.text("description"),
                                    parameters(function),
                                    null,
                                    false));
                }
            }
        }
        return tools;
    }

    private static JsonNode parameters(Given function) throws BadRequest {
        var json = function.object("parametersJsonSchema");
        if (json != null) {
            return json.node();
        }
        var schema = function.object("parameters");
        if (schema != null) {
            return GeminiSchema.toJsonSchema(schema.node());
        }
        var none = Json.object().put("type", "object");
        none.putObject("properties");
        return none;
    }

    private ToolChoice toolChoice() throws BadRequest {
        var toolConfig = body.object("toolConfig");
        var calling = toolConfig == null ? null : toolConfig.object("functionCallingConfig");
        if (calling == null) {
            return new ToolChoice.Auto();
        }
        var names = calling.texts("allowedFunctionNames");
        var mode = calling.text("mode", "AUTO").toUpperCase(Locale.ROOT);
        var isNamed = mode.equals("ANY") && names.size() == 1;
        if (!names.isEmpty() && !mode.equals("NONE") && !isNamed) {
            allowed = Set.copyOf(names); // other vendors can be told so by offering no others
        }
        return switch (mode) {
            case "NONE" -> new ToolChoice.None();
            case "ANY" ->
                    isNamed ? new ToolChoice.Named(names.getFirst()) : new ToolChoice.Required();
            case "AUTO", "VALIDATED", "MODE_UNSPECIFIED" -> new ToolChoice.Auto();
            default -> throw calling.refused("`mode` must be AUTO, ANY, NONE or VALIDATED.");
        };
    }

    // ---- contents

    private void system() throws BadRequest {
        var system = body.get("systemInstruction");
        if (system == null) {
            return;
        }
        var pieces =
                system.isText()
                        ? List.<Piece>of(new Piece.Text(system.asText()))
                        : pieces(system, Role.SYSTEM);
        if (!pieces.isEmpty()) {
            turns.add(new Turn(Role.SYSTEM, pieces));
        }
    }

    private void content(Given content) throws BadRequest {
        var role =
                switch (content.text("role", "user")) {
                    case "user", "function", "" -> Role.USER;
                    case "model" -> Role.ASSISTANT;
                    case "system" -> Role.SYSTEM;
                    default -> throw content.refused("the role must be `user` or `model`.");
                };
        turns.add(new Turn(role, pieces(content, role)));
    }

    private List<Piece> pieces(Given content, Role role) throws BadRequest {
        var pieces = new ArrayList<Piece>();
        var parts = content.get("parts");
        if (parts != null && parts.isObject()) {
            part(parts, role, pieces); // a single one is taken, too
            return pieces;
        }
        for (var part : content.objects("parts")) {
            part(part, role, pieces);
        }
        return pieces;
    }

    private void part(Given part, Role role, List<Piece> pieces) throws BadRequest {
        var signature = part.text("thoughtSignature");
        if (part.has("functionCall")) {
            call(part.needObject("functionCall"), signature, pieces);
        } else if (part.has("functionResponse")) {
            pieces.add(result(part.needObject("functionResponse")));
        } else if (part.has("inlineData")) {
            pieces.add(inline(part.needObject("inlineData")));
        } else if (part.has("fileData")) {
            pieces.add(file(part.needObject("fileData")));
        } else if (part.is("thought")) {
            var text = part.text("text", "");
            pieces.add(Seal.inward(text, null, signature, false, Dialect.GEMINI));
        } else if (part.has("text")) {
            var text = part.needText("text");
            if (!text.isEmpty() || signature == null) {
                pieces.add(new Piece.Text(text));
            }
            if (isSigned(signature) && role == Role.ASSISTANT) {
                pieces.add(Seal.inward("", null, signature, false, Dialect.GEMINI));
            }
        } else if (isSigned(signature)) {
            pieces.add(Seal.inward("", null, signature, false, Dialect.GEMINI));
        } else if (!part.node().isEmpty()) {
            var kind = part.node().propertyNames().iterator().next();
            throw part.refused("no other vendor knows a part with `" + kind + "`: leave it out.");
        }
    }

    private static boolean isSigned(@Nullable String signature) {
        return signature != null && !Seal.isOfNobody(signature);
    }

    private void call(Given call, @Nullable String signature, List<Piece> pieces)
            throws BadRequest {
        var id = call.text("id");
        var arguments = call.object("args");
        var seal = signature == null ? null : Seal.read(signature);
        if (seal != null && !seal.signature().isEmpty()) {
            // of another vendor, whose calls carry none: it goes before
            pieces.add(Seal.inward("", null, signature, false, Dialect.GEMINI));
        }
        var made =
                new Piece.ToolCall(
                        id == null || id.isEmpty() ? "call_" + calls : id,
                        call.needText("name"),
                        arguments == null ? Json.object() : arguments.node(),
                        seal == null ? signature : null);
        calls++;
        unanswered.add(made);
        pieces.add(made);
    }

    private Piece.ToolResult result(Given response) throws BadRequest {
        var name = response.needText("name");
        var id = response.text("id");
        var known = id != null && !id.isEmpty();
        var call =
                unanswered.stream()
                        .filter(c -> known ? c.id().equals(id) : c.tool().equals(name))
                        .findFirst();
        if (call.isEmpty() && !known) {
            throw response.refused("no earlier functionCall of `" + name + "` waits for it.");
        }
        call.ifPresent(unanswered::remove);
        var content = new ArrayList<Piece>();
        var given = response.object("response");
        var failed = given != null && given.node().size() == 1 && given.has("error");
        content.add(new Piece.Text(given == null ? "" : words(given)));
        for (var part : response.objects("parts")) {
            if (part.has("inlineData")) {
                content.add(inline(part.needObject("inlineData")));
            }
        }
        var itsId = call.map(Piece.ToolCall::id).orElse(known ? id : "");
        return new Piece.ToolResult(itsId == null ? "" : itsId, name, content, failed);
    }

    /// The words alone, if they were only wrapped since Gemini takes nothing but objects.
    private static String words(Given response) {
        var node = response.node();
        if (node.size() == 1) {
            var only = node.properties().iterator().next();
            if (RESULT_FIELDS.contains(only.getKey())) {
                var value = only.getValue();
                return value.isString() ? value.stringValue() : Json.write(value);
            }
        }
        return Json.write(node);
    }

    private static Piece.Media inline(Given data) throws BadRequest {
        return new Piece.Media(
                data.needText("mimeType"),
                data.needText("data"),
                null,
                null,
                data.text("displayName"));
    }

    private static Piece.Media file(Given data) throws BadRequest {
        var uri = data.needText("fileUri");
        var host = uri.toLowerCase(Locale.ROOT);
        if (!host.startsWith("http") || host.contains("generativelanguage.googleapis.com/")) {
            throw data.refused(
                    "`fileUri` names what Google keeps, and this model is another vendor's: send"
                            + " the content itself as `inlineData`.");
        }
        return new Piece.Media(data.text("mimeType"), null, uri, null, data.text("displayName"));
    }
}
