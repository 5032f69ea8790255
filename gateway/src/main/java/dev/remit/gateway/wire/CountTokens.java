package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Counting the tokens of a request without making it: Anthropic's `/v1/messages/count_tokens` and
/// Gemini's `:countTokens`, each also for models of the other, and an estimate for models of
/// vendors that do not count.
public final class CountTokens {
    /// The header of an answer that is an estimate, with the value `true`.
    public static final String ESTIMATED = "x-remit-estimated";

    private static final Set<String> ANTHROPIC_FIELDS =
            Set.of(
                    "model",
                    "messages",
                    "system",
                    "tools",
                    "tool_choice",
                    "thinking",
                    "output_config",
                    "output_format");
    private static final int BYTES_A_TOKEN = 4;
    private static final int TOKENS_A_TURN = 4;
    private static final int TOKENS_A_TOOL = 12;
    private static final int TOKENS_A_PICTURE = 1_000;

    private CountTokens() {}

    /// Whether clients of the dialect can ask for it, and providers of it can be asked.
    public static boolean isCounted(Dialect dialect) {
        return dialect == Dialect.ANTHROPIC || dialect == Dialect.GEMINI;
    }

    public static Facts facts(Dialect client, byte[] body, Codec.InPath path) throws BadRequest {
        return client == Dialect.GEMINI
                ? GeminiFacts.ofCount(body, path)
                : Codec.of(client).facts(body, path);
    }

    /// @return the same request with another model, nothing else touched
    public static byte[] splice(Dialect client, byte[] body, String model) throws BadRequest {
        if (client != Dialect.GEMINI) {
            return Codec.of(client).splice(body, new Changes(model, null, false, false));
        }
        var splice = new Splice(body);
        Scan.over(
                body,
                (name, value) -> {
                    if (GeminiFacts.isWholeRequest(name)) {
                        value.members((field, inner) -> {
                            if (field.equals("model")) {
                                var json = Json.write(Json.text(path(model)));
                                splice.replace(inner.range(), json);
                            }
                        });
                    }
                });
        return splice.done();
    }

    private static String path(String model) {
        return model.startsWith("models/") ? model : "models/" + model;
    }

    /// The request to be counted.
    public static ChatRequest readRequest(Dialect client, byte[] body, Codec.InPath path)
            throws BadRequest {
        if (client != Dialect.GEMINI) {
            return Codec.of(client).readRequest(body, path);
        }
        var whole = Given.body(body).object("generateContentRequest");
        return Codec.of(client)
                .readRequest(whole == null ? body : Strict.bytes(whole.node()), path);
    }

    /// The question for a provider that counts.
    ///
    /// @param request names the model as the provider does
    public static byte[] ask(Dialect provider, ChatRequest request) throws BadRequest {
        var written = Codec.of(provider).writeRequest(request, false);
        var body = (ObjectNode) Strict.parse(written);
        return switch (provider) {
            case ANTHROPIC -> Strict.bytes(body.retain(ANTHROPIC_FIELDS));
            case GEMINI -> {
                var question = Json.object();
                question.putObject("generateContentRequest")
                        .put("model", path(request.model()))
                        .setAll(body);
                yield Strict.bytes(question);
            }
            case OPENAI_CHAT, OPENAI_RESPONSES, BEDROCK ->
                    throw new UnsupportedOperationException(
                            "a provider of " + provider + " does not count: estimate instead");
        };
    }

    /// @throws Garbage if the provider's answer has no number
    public static long read(Dialect provider, byte[] answer) throws Garbage {
        var told = Told.object(answer);
        var field = provider == Dialect.GEMINI ? "totalTokens" : "input_tokens";
        if (!told.has(field)) {
            throw new Garbage("The answer has no `" + field + "`.");
        }
        return Told.count(told, field);
    }

    public static byte[] write(Dialect client, long tokens) {
        return Strict.bytes(
                Json.object()
                        .put(client == Dialect.GEMINI ? "totalTokens" : "input_tokens", tokens));
    }

    /// About how many tokens a model without a counter reads: a quarter of the bytes of all words,
    /// and something for turns, tools and pictures. No bound, and no promise: tell so by
    /// [#ESTIMATED].
    public static long estimate(ChatRequest request) {
        long tokens = 0;
        long bytes = 0;
        for (var turn : request.turns()) {
            tokens += TOKENS_A_TURN;
            for (var piece : turn.pieces()) {
                tokens += pictures(piece) * TOKENS_A_PICTURE;
                bytes += bytes(piece);
            }
        }
        for (var tool : request.tools()) {
            var description = tool.description();
            tokens += TOKENS_A_TOOL;
            bytes += length(tool.name()) + length(Json.write(tool.parameters()));
            bytes += description == null ? 0 : length(description);
        }
        if (request.output() instanceof ChatRequest.Output.Schema schema) {
            bytes += length(Json.write(schema.schema()));
        }
        return tokens + (bytes + BYTES_A_TOKEN - 1) / BYTES_A_TOKEN;
    }

    private static long pictures(Piece piece) {
        return switch (piece) {
            case Piece.Media _ -> 1;
            case Piece.ToolResult result ->
                    result.content().stream().mapToLong(CountTokens::pictures).sum();
            case Piece.Text _, Piece.ToolCall _, Piece.Thought _, Piece.Refusal _ -> 0;
        };
    }

    private static long bytes(Piece piece) {
        return switch (piece) {
            case Piece.Text(var text, var _) -> length(text);
            case Piece.Refusal(var text) -> length(text);
            case Piece.Thought thought -> length(thought.text());
            case Piece.ToolCall call -> length(call.tool()) + length(Json.write(call.arguments()));
            case Piece.ToolResult result ->
                    result.content().stream().mapToLong(CountTokens::bytes).sum();
            case Piece.Media _ -> 0;
        };
    }

    private static long length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
