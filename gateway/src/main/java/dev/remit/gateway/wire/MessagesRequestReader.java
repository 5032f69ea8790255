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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads a request of Messages.
///
/// Left out: how long a part is kept in the cache, citations, context management, `service_tier`.
/// Refused, since an answer without it would be a wrong one: tools that Anthropic runs or defines,
/// MCP servers, containers, files that it keeps.
final class MessagesRequestReader {
    private final Given body;

    /// Names of called tools, by the call's id.
    private final Map<String, String> called = new HashMap<>();

    private MessagesRequestReader(Given body) {
        this.body = body;
    }

    static ChatRequest read(byte[] body) throws BadRequest {
        var node = Strict.request(body);
        if (!node.isObject()) {
            throw new BadRequest("The body must be a JSON object.");
        }
        return new MessagesRequestReader(new Given(node, "")).read();
    }

    private ChatRequest read() throws BadRequest {
        for (var field : List.of("container", "mcp_servers")) {
            var given = body.get(field);
            if (given != null && !given.node().isEmpty()) {
                throw new BadRequest("`" + field + "` cannot be given to this model.");
            }
        }
        var turns = new ArrayList<Turn>();
        var system = content("system", body, true);
        if (!system.isEmpty()) {
            turns.add(new Turn(Role.SYSTEM, system));
        }
        var said = new ArrayList<Turn>();
        for (var message : body.objects("messages")) {
            var role = role(message);
            (role == Role.SYSTEM ? turns : said)
                    .add(new Turn(role, content("content", message, role == Role.SYSTEM)));
        }
        if (said.isEmpty()) {
            throw new BadRequest("`messages` is missing: give a list of at least one message.");
        }
        turns.addAll(said);
        var tools = new ArrayList<ToolSpec>();
        for (var tool : body.objects("tools")) {
            tools.add(tool(tool));
        }
        var metadata = body.words("metadata");
        return new ChatRequest(
                body.needText("model"),
                turns,
                tools,
                choice(),
                parallel(),
                sampling(),
                body.count("max_tokens"),
                output(),
                thinking(),
                1,
                body.is("stream"),
                true,
                metadata.get("user_id"),
                metadata);
    }

    private static Role role(Given message) throws BadRequest {
        var role = message.needText("role");
        return switch (role) {
            case "user" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            case "system" -> Role.SYSTEM;
            default -> throw message.refused("`" + Words.brief(role) + "` is no role.");
        };
    }

    private Sampling sampling() throws BadRequest {
        return new Sampling(
                body.number("temperature"),
                body.number("top_p"),
                body.count("top_k"),
                null,
                null,
                null,
                body.texts("stop_sequences"));
    }

    private Output output() throws BadRequest {
        var config = body.object("output_config");
        var format = config == null ? null : config.object("format");
        format = format == null ? body.object("output_format") : format;
        if (format == null) {
            return new Output.Text();
        }
        if (!format.needText("type").equals("json_schema")) {
            throw format.refused("`type` must be `json_schema`.");
        }
        return new Output.Schema(
                format.text("name", "answer"), null, format.needObject("schema").node(), true);
    }

    private Thinking thinking() throws BadRequest {
        var config = body.object("output_config");
        var effort = config == null ? null : config.text("effort");
        var thinking = body.object("thinking");
        if (thinking == null) {
            return new Thinking(effort, null, null);
        }
        var type = thinking.needText("type");
        return switch (type) {
            case "disabled" -> new Thinking("none", null, null);
            case "enabled" -> new Thinking(effort, thinking.count("budget_tokens"), true);
            // how much is up to the model; what it does unasked is a high effort
            case "adaptive" ->
                    new Thinking(
                            effort == null ? "high" : effort,
                            null,
                            !thinking.text("display", "").equals("omitted"));
            default -> throw thinking.refused("`" + Words.brief(type) + "` is no way of thinking.");
        };
    }

    // ---- tools

    private static ToolSpec tool(Given tool) throws BadRequest {
        var type = tool.text("type", "custom");
        if (!type.equals("custom")) {
            throw tool.refused(
                    "a tool of type `"
                            + Words.brief(type)
                            + "` is Anthropic's own, and cannot be"
                            + " offered to this model; give one with an `input_schema`.");
        }
        return new ToolSpec(
                tool.needText("name"),
                tool.text("description"),
                tool.needObject("input_schema").node(),
                tool.flag("strict"),
                tool.has("cache_control"));
    }

    private ToolChoice choice() throws BadRequest {
        var choice = body.object("tool_choice");
        if (choice == null) {
            return new ToolChoice.Auto();
        }
        var type = choice.needText("type");
        return switch (type) {
            case "auto" -> new ToolChoice.Auto();
            case "any" -> new ToolChoice.Required();
            case "none" -> new ToolChoice.None();
            case "tool" -> new ToolChoice.Named(choice.needText("name"));
            default -> throw choice.refused("`type` must be auto, any, tool or none.");
        };
    }

    private @Nullable Boolean parallel() throws BadRequest {
        var choice = body.object("tool_choice");
        var disabled = choice == null ? null : choice.flag("disable_parallel_tool_use");
        return disabled == null ? null : (Boolean) !disabled;
    }

    // ---- content

    private List<Piece> content(String field, Given of, boolean textOnly) throws BadRequest {
        var content = of.get(field);
        if (content == null) {
            return List.of();
        }
        if (content.isText()) {
            return List.of(new Piece.Text(content.asText()));
        }
        var pieces = new ArrayList<Piece>();
        for (var block : of.objects(field)) {
            if (textOnly && !block.text("type", "").equals("text")) {
                throw block.refused("only text can stand here.");
            }
            block(block, pieces);
        }
        return pieces;
    }

    private void block(Given block, List<Piece> pieces) throws BadRequest {
        var type = block.needText("type");
        switch (type) {
            case "text" ->
                    pieces.add(new Piece.Text(block.needText("text"), block.has("cache_control")));
            case "image" -> pieces.add(image(block.needObject("source")));
            case "document" -> document(block, pieces);
            case "search_result" -> {
                pieces.add(
                        new Piece.Text(block.text("title", "") + "\n" + block.text("source", "")));
                pieces.addAll(content("content", block, true));
            }
            case "tool_use" -> pieces.add(call(block));
            case "tool_result" -> {
                var id = block.needText("tool_use_id");
                pieces.add(
                        new Piece.ToolResult(
                                id,
                                called.getOrDefault(id, ""),
                                content("content", block, false),
                                block.is("is_error")));
            }
            case "thinking" -> pieces.add(thought(block, false));
            case "redacted_thinking" -> pieces.add(thought(block, true));
            default ->
                    throw block.refused(
                            "content of type `"
                                    + Words.brief(type)
                                    + "` is Anthropic's own, and"
                                    + " cannot be given to this model.");
        }
    }

    private static Piece thought(Given block, boolean redacted) throws BadRequest {
        var signature = block.text(redacted ? "data" : "signature");
        if (signature != null && signature.isEmpty()) {
            signature = null;
        }
        return ChatThoughts.plain(
                Seal.inward(
                        block.text("thinking", ""), null, signature, redacted, Dialect.ANTHROPIC));
    }

    private Piece call(Given block) throws BadRequest {
        var id = block.needText("id");
        var tool = block.needText("name");
        called.put(id, tool);
        var input = block.object("input");
        return new Piece.ToolCall(id, tool, input == null ? Json.object() : input.node(), null);
    }

    private static Piece image(Given source) throws BadRequest {
        var type = source.needText("type");
        return switch (type) {
            case "base64" ->
                    new Piece.Media(
                            source.needText("media_type"),
                            source.needText("data"),
                            null,
                            null,
                            null);
            case "url" -> new Piece.Media(null, null, source.needText("url"), null, null);
            default -> throw kept(source, type);
        };
    }

    private void document(Given block, List<Piece> pieces) throws BadRequest {
        var source = block.needObject("source");
        var title = block.text("title");
        var type = source.needText("type");
        switch (type) {
            case "base64" ->
                    pieces.add(
                            new Piece.Media(
                                    source.text("media_type", "application/pdf"),
                                    source.needText("data"),
                                    null,
                                    null,
                                    title));
            case "text" ->
                    pieces.add(
                            new Piece.Media(
                                    "text/plain",
                                    DataUrl.base64(source.needText("data")),
                                    null,
                                    null,
                                    title));
            case "url" ->
                    pieces.add(
                            new Piece.Media(
                                    "application/pdf", null, source.needText("url"), null, title));
            case "content" -> pieces.addAll(content("content", source, false));
            default -> throw kept(source, type);
        }
        var context = block.text("context");
        if (context != null) {
            pieces.add(new Piece.Text(context));
        }
    }

    private static BadRequest kept(Given source, String type) {
        return source.refused(
                type.equals("file")
                        ? "a file that Anthropic keeps cannot be given to this model: send it."
                        : "`" + Words.brief(type) + "` is no source.");
    }
}
