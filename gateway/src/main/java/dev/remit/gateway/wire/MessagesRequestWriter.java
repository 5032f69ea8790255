package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import dev.remit.gateway.wire.ChatRequest.Output;
import dev.remit.gateway.wire.ChatRequest.Role;
import dev.remit.gateway.wire.ChatRequest.ToolChoice;
import dev.remit.gateway.wire.ChatRequest.Turn;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes a request of Messages.
///
/// What Anthropic demands is kept: the user first, roles that alternate, results right behind the
/// calls, no blank texts, a cap. In other words: a temperature beyond 1 is 1; an effort is a budget
/// for models that take one; JSON of no given schema is asked for in words; a schema is enforced by
/// the vendor, or by a tool that must be called ([#ANSWER]) for models without that and for schemas
/// that it does not take. Left out: seed, penalties, `detail` of pictures, thoughts of others.
/// Refused: several answers, sound.
final class MessagesRequestWriter {
    /// The tool whose call is the answer. Readers make a text of it again.
    static final String ANSWER = "remit_answer";

    private static final int LEAST_BUDGET = 1_024;
    private static final int DEFAULT_CAP = 4_096;

    private final ChatRequest request;
    private final ClaudeModel model;
    private final ArrayNode system = Json.array();
    private final ArrayNode messages = Json.array();
    private final @Nullable ObjectNode closed;

    private MessagesRequestWriter(ChatRequest request) {
        this.request = request;
        this.model = ClaudeModel.of(request.model());
        this.closed =
                request.output() instanceof Output.Schema schema && model.enforces()
                        ? ClosedSchema.anthropic(schema.schema())
                        : null;
    }

    static byte[] write(ChatRequest request) throws BadRequest {
        if (request.answers() != 1) {
            throw new BadRequest(
                    "`n` must be 1: this model gives one answer a request, not "
                            + request.answers()
                            + ".");
        }
        return Strict.bytes(new MessagesRequestWriter(request).body());
    }

    private ObjectNode body() throws BadRequest {
        for (var turn : request.turns()) {
            if (turn.role() == Role.SYSTEM) {
                system(turn);
            } else {
                say(turn);
            }
        }
        var cap = request.maxOutput() == null ? DEFAULT_CAP : request.maxOutput();
        var body = Json.object().put("model", request.model()).put("max_tokens", cap);
        if (request.stream()) {
            body.put("stream", true);
        }
        var thinks = thinking(body, cap);
        sampling(body, thinks);
        tools(body);
        format(body);
        if (!system.isEmpty()) {
            body.set("system", system);
        }
        startWithUser();
        for (var message : messages) {
            if (message instanceof ObjectNode said) {
                said.set("content", ordered((ArrayNode) said.required("content")));
            }
        }
        body.set("messages", messages);
        if (request.user() != null) {
            body.putObject("metadata").put("user_id", request.user());
        }
        return body;
    }

    // ---- thinking and sampling

    /// @return whether it thinks
    private boolean thinking(ObjectNode body, int cap) {
        var effort = Efforts.anthropic(request.thinking());
        var budget = Efforts.budget(request.thinking());
        if (effort == null || budget == null || !model.thinks() || isForced()) {
            return false; // a model that must call a tool does not think first
        }
        if ("none".equals(request.thinking().effort())) {
            return false;
        }
        if (model.adapts()) {
            var thinking = body.putObject("thinking").put("type", "adaptive");
            if (request.thinking().shown() != null) {
                thinking.put("display", request.thinking().shown() ? "summarized" : "omitted");
            }
            body.putObject("output_config").put("effort", effort);
            return true;
        }
        var fitting = Math.min(budget, cap - 1); // it is part of the cap
        if (fitting < LEAST_BUDGET) {
            return false;
        }
        body.putObject("thinking").put("type", "enabled").put("budget_tokens", fitting);
        return true;
    }

    private boolean isForced() {
        var choice = request.toolChoice();
        return answersByTool()
                || (!request.tools().isEmpty()
                        && (choice instanceof ToolChoice.Required
                                || choice instanceof ToolChoice.Named));
    }

    private void sampling(ObjectNode body, boolean thinks) {
        var sampling = request.sampling();
        if (!sampling.stop().isEmpty()) {
            var stops = sampling.stop().stream().filter(stop -> !stop.isBlank()).toList();
            if (!stops.isEmpty()) { // the vendor refuses blank ones
                stops.forEach(body.putArray("stop_sequences")::add);
            }
        }
        if (thinks || !model.samples()) {
            return;
        }
        var temperature = sampling.temperature();
        if (temperature != null) {
            body.put("temperature", Math.clamp(temperature, 0.0, 1.0));
        }
        var topP = sampling.topP();
        if (topP != null && (temperature == null || model.samplesTwice())) {
            body.put("top_p", topP.doubleValue());
        }
        if (sampling.topK() != null) {
            body.put("top_k", sampling.topK());
        }
    }

    // ---- tools and the form of the answer

    private boolean answersByTool() {
        return request.output() instanceof Output.Schema && closed == null;
    }

    private void tools(ObjectNode body) {
        var tools = Json.array();
        for (var tool : request.tools()) {
            var said = tools.addObject().put("name", tool.name());
            if (tool.description() != null) {
                said.put("description", tool.description());
            }
            said.set("input_schema", objects(tool.parameters()));
            if (tool.strict() != null && tool.strict() && model.enforces()) {
                strict(said, tool.parameters());
            }
            if (tool.cacheHint()) {
                cache(said);
            }
        }
        if (request.output() instanceof Output.Schema schema && closed == null) {
            var description = schema.description();
            tools.addObject()
                    .put("name", ANSWER)
                    .put(
                            "description",
                            "Gives the final answer. Call it once, when the work is done."
                                    + (description == null ? "" : " " + description))
                    .set("input_schema", objects(schema.schema()));
        }
        if (!tools.isEmpty()) {
            body.set("tools", tools);
            choice(body);
        }
    }

    private static void strict(ObjectNode said, JsonNode parameters) {
        var enforced = ClosedSchema.anthropic(parameters);
        if (enforced != null) {
            said.set("input_schema", enforced);
            said.put("strict", true);
        }
    }

    private static ObjectNode objects(JsonNode schema) {
        var said = schema instanceof ObjectNode object ? object.deepCopy() : Json.object();
        if (!said.path("type").asString("").equals("object")) {
            said.put("type", "object");
        }
        return said;
    }

    private void choice(ObjectNode body) {
        var choice = Json.object();
        if (answersByTool()) {
            if (request.tools().isEmpty() || request.toolChoice() instanceof ToolChoice.None) {
                choice.put("type", "tool").put("name", ANSWER);
            } else {
                choice.put("type", "any");
            }
        } else {
            switch (request.toolChoice()) {
                case ToolChoice.Auto() -> choice.put("type", "auto");
                case ToolChoice.None() -> choice.put("type", "none");
                case ToolChoice.Required() -> choice.put("type", "any");
                case ToolChoice.Named(var tool) -> choice.put("type", "tool").put("name", tool);
            }
        }
        var parallel = request.parallelTools();
        if (parallel != null && !choice.path("type").asString("").equals("none")) {
            choice.put("disable_parallel_tool_use", !parallel);
        }
        if (choice.size() > 1 || !choice.path("type").asString("").equals("auto")) {
            body.set("tool_choice", choice);
        }
    }

    private void format(ObjectNode body) {
        if (closed != null) {
            var config =
                    body.path("output_config") instanceof ObjectNode there
                            ? there
                            : body.putObject("output_config");
            config.putObject("format").put("type", "json_schema").set("schema", closed);
        } else if (answersByTool()) {
            system.add(text("Give your final answer by calling the tool `" + ANSWER + "`."));
        } else if (request.output() instanceof Output.Json) {
            system.add(
                    text(
                            "Answer with one JSON object and nothing else: no words around it, no"
                                    + " Markdown."));
        }
    }

    // ---- messages

    private void system(Turn turn) {
        for (var piece : turn.pieces()) {
            if (piece instanceof Piece.Text(var words, var hint) && !words.isBlank()) {
                var block = text(words);
                if (hint) {
                    cache(block);
                }
                system.add(block);
            }
        }
    }

    private void say(Turn turn) throws BadRequest {
        var role = turn.role() == Role.USER ? "user" : "assistant";
        var blocks = Json.array();
        for (var piece : turn.pieces()) {
            block(blocks, piece);
        }
        if (blocks.isEmpty()) {
            return;
        }
        var last = messages.isEmpty() ? null : messages.get(messages.size() - 1);
        if (last != null && last.path("role").asString("").equals(role)) {
            var content = (ArrayNode) last.required("content");
            blocks.forEach(content::add);
        } else {
            messages.addObject().put("role", role).set("content", blocks);
        }
    }

    /// Results come first: the vendor wants them right behind the calls.
    private static ArrayNode ordered(ArrayNode blocks) {
        var ordered = Json.array();
        for (var first : new boolean[] {true, false}) {
            for (var block : blocks) {
                if (block.path("type").asString("").equals("tool_result") == first) {
                    ordered.add(block);
                }
            }
        }
        return ordered;
    }

    private void block(ArrayNode blocks, Piece piece) throws BadRequest {
        switch (piece) {
            case Piece.Text(var words, var hint) -> {
                if (!words.isBlank()) {
                    var block = text(words);
                    if (hint) {
                        cache(block);
                    }
                    blocks.add(block);
                }
            }
            case Piece.Refusal(var words) -> {
                if (!words.isBlank()) {
                    blocks.add(text(words));
                }
            }
            case Piece.Media media -> blocks.add(media(media));
            case Piece.ToolCall(var id, var tool, var arguments, var _) ->
                    blocks.addObject()
                            .put("type", "tool_use")
                            .put("id", id(id))
                            .put("name", tool)
                            .set("input", arguments);
            case Piece.ToolResult(var id, var _, var content, var failed) -> {
                var result = blocks.addObject().put("type", "tool_result");
                result.put("tool_use_id", id(id));
                var inner = Json.array();
                for (var part : content) {
                    block(inner, part);
                }
                // the vendor takes the mark on the result, and not on what is in it
                var marked = false;
                for (var part : inner) {
                    marked |= ((ObjectNode) part).remove("cache_control") != null;
                }
                result.set("content", inner);
                if (failed) {
                    result.put("is_error", true);
                }
                if (marked) {
                    cache(result);
                }
            }
            case Piece.Thought thought -> thought(blocks, thought);
        }
    }

    /// Handed back only with the vendor's signature: without it, it came from somewhere else.
    private static void thought(ArrayNode blocks, Piece.Thought thought) {
        if (thought.origin() != Dialect.ANTHROPIC || thought.signature() == null) {
            return;
        }
        if (thought.redacted()) {
            blocks.addObject().put("type", "redacted_thinking").put("data", thought.signature());
        } else {
            blocks.addObject()
                    .put("type", "thinking")
                    .put("thinking", thought.text())
                    .put("signature", thought.signature());
        }
    }

    private static ObjectNode media(Piece.Media media) throws BadRequest {
        var type = media.mediaType() == null ? "image/*" : media.mediaType();
        if (type.startsWith("audio/") || type.startsWith("video/")) {
            throw new BadRequest("This model takes no sound and no film, but `" + type + "` came.");
        }
        var image = type.startsWith("image/");
        var block = Json.object().put("type", image ? "image" : "document");
        var source = block.putObject("source");
        if (media.url() != null) {
            source.put("type", "url").put("url", media.url());
        } else if (type.startsWith("text/")) {
            source.put("type", "text").put("media_type", "text/plain");
            source.put("data", DataUrl.text(media));
        } else {
            source.put("type", "base64").put("media_type", type).put("data", media.base64());
        }
        if (!image && media.name() != null) {
            block.put("title", media.name());
        }
        return block;
    }

    /// The vendor takes letters, digits, `_` and `-`; a result's id becomes what its call's does.
    private static String id(String id) {
        var clean = id.replaceAll("[^a-zA-Z0-9_-]", "_");
        return clean.isEmpty() ? "_" : clean;
    }

    private void startWithUser() {
        if (messages.isEmpty() || !messages.get(0).path("role").asString("").equals("user")) {
            var begin = Json.object().put("role", "user");
            begin.putArray("content").add(text("Begin."));
            messages.insert(0, begin);
        }
    }

    private static ObjectNode text(String text) {
        return Json.object().put("type", "text").put("text", text);
    }

    private static void cache(ObjectNode block) {
        block.putObject("cache_control").put("type", "ephemeral");
    }
}
