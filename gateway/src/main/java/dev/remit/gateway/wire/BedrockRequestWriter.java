package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import dev.remit.gateway.wire.ChatRequest.Output;
import dev.remit.gateway.wire.ChatRequest.Role;
import dev.remit.gateway.wire.ChatRequest.ToolChoice;
import dev.remit.gateway.wire.ChatRequest.Turn;
import java.util.Locale;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes a request of Amazon Bedrock's Converse. Neighbouring turns of one side become one
/// message, since the API demands that they alternate. Left out, since it has no place for them:
/// penalties, seed, the user, the detail of pictures, `parallelTools`, and thoughts of other
/// vendors. A picture by its URL is refused.
///
/// Source: the Converse API reference at docs.aws.amazon.com, as of 2026-11. Untried against the
/// real service.
final class BedrockRequestWriter {
    private static final Set<String> PICTURES = Set.of("png", "jpeg", "gif", "webp");

    private static final int LEAST_BUDGET = 1_024;

    private final ChatRequest request;
    private final ArrayNode messages = Json.array();
    private final ArrayNode system = Json.array();
    private boolean usesTools;
    private int documents;

    private BedrockRequestWriter(ChatRequest request) {
        this.request = request;
    }

    static byte[] write(ChatRequest request) throws BadRequest {
        if (request.answers() > 1) {
            throw new BadRequest(
                    "This model gives one answer, and "
                            + request.answers()
                            + " were asked for: ask several times.");
        }
        return Strict.bytes(new BedrockRequestWriter(request).body());
    }

    private ObjectNode body() throws BadRequest {
        for (var turn : request.turns()) {
            turn(turn);
        }
        var body = Json.object();
        body.set("messages", messages);
        format(body);
        tools(body);
        if (!system.isEmpty()) {
            body.set("system", system);
        }
        inference(body);
        more(body);
        if (!request.metadata().isEmpty()) {
            var metadata = body.putObject("requestMetadata");
            request.metadata().forEach(metadata::put);
        }
        return body;
    }

    private void inference(ObjectNode body) {
        var sampling = request.sampling();
        var inference = Json.object();
        if (request.maxOutput() != null) {
            inference.put("maxTokens", request.maxOutput());
        }
        if (sampling.temperature() != null) {
            inference.put("temperature", sampling.temperature());
        }
        if (sampling.topP() != null) {
            inference.put("topP", sampling.topP());
        }
        if (!sampling.stop().isEmpty()) {
            var stop = inference.putArray("stopSequences");
            sampling.stop().forEach(stop::add);
        }
        if (!inference.isEmpty()) {
            body.set("inferenceConfig", inference);
        }
    }

    /// What each vendor's models take beside the common fields.
    private void more(ObjectNode body) {
        var fields = Json.object();
        var topK = request.sampling().topK();
        if (request.model().contains("anthropic")) {
            if (topK != null) {
                fields.put("top_k", topK);
            }
            claude(fields);
        } else if (request.model().contains("openai")) {
            var effort = Efforts.openAi(request.thinking());
            if (effort != null && !effort.equals("none")) {
                fields.put("reasoning_effort", effort.equals("xhigh") ? "high" : effort);
            }
        }
        if (!fields.isEmpty()) {
            body.set("additionalModelRequestFields", fields);
        }
    }

    /// As [MessagesRequestWriter] asks Claude to think: by an effort or a budget, by the model; the
    /// least budget is 1,024, and the cap must be above it.
    private void claude(ObjectNode fields) {
        var model = ClaudeModel.of(request.model());
        var effort = Efforts.anthropic(request.thinking());
        var budget = Efforts.budget(request.thinking());
        if (effort == null
                || budget == null
                || !model.thinks()
                || "none".equals(request.thinking().effort())
                || request.toolChoice() instanceof ToolChoice.Required
                || request.toolChoice() instanceof ToolChoice.Named) {
            return;
        }
        if (model.adapts()) {
            fields.putObject("thinking").put("type", "adaptive");
            fields.putObject("output_config").put("effort", effort);
            return;
        }
        var cap = request.maxOutput();
        var fitting = cap == null ? budget : Math.min(budget, cap - 1);
        if (fitting >= LEAST_BUDGET) {
            fields.putObject("thinking").put("type", "enabled").put("budget_tokens", fitting);
        }
    }

    /// The API has no word for any JSON: it is asked for in words.
    private void format(ObjectNode body) {
        switch (request.output()) {
            case Output.Text() -> {}
            case Output.Json() ->
                    system.addObject()
                            .put(
                                    "text",
                                    "Answer with one JSON object and nothing else: no words"
                                            + " around it, no Markdown.");
            case Output.Schema(var name, var description, var schema, var _) -> {
                var format =
                        body.putObject("outputConfig")
                                .putObject("textFormat")
                                .put("type", "json_schema")
                                .putObject("structure")
                                .putObject("jsonSchema")
                                .put("schema", Json.write(schema))
                                .put("name", name);
                if (description != null) {
                    format.put("description", description);
                }
            }
        }
    }

    /// The API knows no "none", and demands the tools once they were used: then it is said in
    /// words.
    private void tools(ObjectNode body) {
        var none = request.toolChoice() instanceof ToolChoice.None;
        if (request.tools().isEmpty() || (none && !usesTools)) {
            return;
        }
        var config = body.putObject("toolConfig");
        var tools = config.putArray("tools");
        for (var tool : request.tools()) {
            var spec = tools.addObject().putObject("toolSpec").put("name", tool.name());
            if (tool.description() != null && !tool.description().isEmpty()) {
                spec.put("description", tool.description());
            }
            if (Boolean.TRUE.equals(tool.strict())) {
                spec.put("strict", true);
            }
            spec.putObject("inputSchema").set("json", tool.parameters());
            if (tool.cacheHint()) {
                cachePoint(tools);
            }
        }
        switch (request.toolChoice()) {
            case ToolChoice.Auto() -> {}
            case ToolChoice.None() ->
                    system.addObject().put("text", "Do not call any tool in this answer.");
            case ToolChoice.Required() -> config.putObject("toolChoice").putObject("any");
            case ToolChoice.Named(var tool) ->
                    config.putObject("toolChoice").putObject("tool").put("name", tool);
        }
    }

    private static void cachePoint(ArrayNode into) {
        into.addObject().putObject("cachePoint").put("type", "default");
    }

    // ---- messages

    private void turn(Turn turn) throws BadRequest {
        if (turn.role() == Role.SYSTEM) {
            for (var piece : turn.pieces()) {
                if (piece instanceof Piece.Text(var text, var cacheHint) && !text.isEmpty()) {
                    system.addObject().put("text", text);
                    if (cacheHint) {
                        cachePoint(system);
                    }
                }
            }
            return;
        }
        var content = content(turn.role() == Role.USER ? "user" : "assistant");
        for (var piece : turn.pieces()) {
            piece(content, piece);
        }
        if (content.isEmpty()) {
            messages.remove(messages.size() - 1); // the API takes no empty message
        }
    }

    private ArrayNode content(String role) {
        var last = messages.isEmpty() ? null : messages.path(messages.size() - 1);
        if (last != null && last.path("role").asString("").equals(role)) {
            return (ArrayNode) last.required("content");
        }
        return messages.addObject().put("role", role).putArray("content");
    }

    private void piece(ArrayNode content, Piece piece) throws BadRequest {
        switch (piece) {
            case Piece.Text(var text, var cacheHint) -> {
                if (!text.isEmpty()) {
                    content.addObject().put("text", text);
                    if (cacheHint) {
                        cachePoint(content);
                    }
                }
            }
            case Piece.Refusal(var text) -> content.addObject().put("text", text);
            case Piece.Media media -> content.add(media(media));
            case Piece.ToolCall(var id, var tool, var arguments, var _) -> {
                usesTools = true;
                content.addObject()
                        .putObject("toolUse")
                        .put("toolUseId", id)
                        .put("name", tool)
                        .set("input", arguments);
            }
            case Piece.ToolResult result -> {
                usesTools = true;
                result(content, result);
            }
            case Piece.Thought thought -> thought(content, thought);
        }
    }

    private static void thought(ArrayNode content, Piece.Thought thought) {
        var signature = thought.signature();
        if (thought.origin() != Dialect.BEDROCK || signature == null) {
            return;
        }
        var reasoning = content.addObject().putObject("reasoningContent");
        if (thought.redacted()) {
            reasoning.put("redactedContent", signature);
        } else {
            reasoning
                    .putObject("reasoningText")
                    .put("text", thought.text())
                    .put("signature", signature);
        }
    }

    private void result(ArrayNode content, Piece.ToolResult result) throws BadRequest {
        var written = content.addObject().putObject("toolResult").put("toolUseId", result.id());
        var parts = written.putArray("content");
        for (var piece : result.content()) {
            switch (piece) {
                case Piece.Text(var text, var _) -> parts.add(words(text));
                case Piece.Media media -> parts.add(media(media));
                default -> {} // a result says nothing else
            }
        }
        if (parts.isEmpty()) {
            parts.addObject().put("text", "");
        }
        if (result.failed()) {
            written.put("status", "error");
        }
    }

    private static ObjectNode words(String text) {
        if (text.startsWith("{")) {
            try {
                JsonNode parsed = Strict.parse(text);
                var part = Json.object();
                part.set("json", parsed);
                return part;
            } catch (JacksonException e) {
                // it is words
            }
        }
        return Json.object().put("text", text);
    }

    private ObjectNode media(Piece.Media media) throws BadRequest {
        if (media.base64() == null) {
            throw new BadRequest(
                    "This model fetches nothing from a URL: send the content itself, in base64.");
        }
        var type = media.mediaType() == null ? "" : media.mediaType().toLowerCase(Locale.ROOT);
        var format = format(type);
        var part = Json.object();
        if (PICTURES.contains(format)) {
            part.putObject("image")
                    .put("format", format)
                    .putObject("source")
                    .put("bytes", media.base64());
        } else if (type.startsWith("audio/") || type.startsWith("video/")) {
            throw new BadRequest("This model takes no " + type + ": send text or pictures.");
        } else {
            part.putObject("document")
                    .put("format", format)
                    .put("name", "document " + ++documents)
                    .putObject("source")
                    .put("bytes", media.base64());
        }
        return part;
    }

    private static String format(String type) {
        return switch (type) {
            case "image/jpg" -> "jpeg";
            case "text/plain" -> "txt";
            case "text/markdown" -> "md";
            case "application/msword" -> "doc";
            case "application/vnd.openxmlformats-officedocument.wordprocessingml.document" ->
                    "docx";
            case "application/vnd.ms-excel" -> "xls";
            case "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" -> "xlsx";
            case "" -> "pdf";
            default -> type.substring(type.indexOf('/') + 1);
        };
    }
}
