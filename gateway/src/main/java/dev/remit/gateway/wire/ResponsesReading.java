package dev.remit.gateway.wire;

import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.ChatAnswer.Stop;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads an answer of the Responses API. Items of tools that OpenAI runs itself are passed over.
final class ResponsesReading {
    private ResponsesReading() {}

    static ChatAnswer answer(byte[] body) throws Garbage {
        var response = Told.object(body);
        if (!response.path("output").isArray()) {
            throw new Garbage("The answer is no response: it has no `output`.");
        }
        var status = Told.text(response, "status");
        switch (status) {
            case "completed", "incomplete" -> {}
            case "failed" ->
                    throw new Garbage("The response failed: " + Told.text(error(response), "code"));
            default ->
                    throw new Garbage("The response is not whole: its status is `" + status + "`.");
        }
        var pieces = pieces(response.path("output"));
        return new ChatAnswer(
                Told.text(response, "id"),
                Told.text(response, "model"),
                pieces,
                stop(response, holdsCall(response), refuses(pieces)),
                null,
                tier(response),
                usage(response.path("usage")));
    }

    private static JsonNode error(JsonNode response) {
        return response.path("error");
    }

    static @Nullable String tier(JsonNode response) {
        var tier = Told.text(response, "service_tier");
        return tier.isEmpty() ? null : tier;
    }

    private static boolean refuses(List<Piece> pieces) {
        return pieces.stream().anyMatch(Piece.Refusal.class::isInstance);
    }

    static boolean holdsCall(JsonNode response) {
        return response.path("output").values().stream()
                .anyMatch(item -> isCall(Told.text(item, "type")));
    }

    /// Whether the client must act on it.
    static boolean isCall(String type) {
        return type.equals("function_call") || type.equals("custom_tool_call");
    }

    static Stop stop(JsonNode response, boolean calls, boolean refuses) {
        if (Told.text(response, "status").equals("incomplete")) {
            var reason = Told.text(response.path("incomplete_details"), "reason");
            return reason.equals("content_filter") ? Stop.REFUSED : Stop.MAX_TOKENS;
        }
        if (calls) {
            return Stop.TOOL_USE;
        }
        return refuses ? Stop.REFUSED : Stop.END;
    }

    /// Its `input_tokens` include the cached ones, its `output_tokens` the reasoning.
    static Usage usage(JsonNode told) {
        var input = Told.count(told, "input_tokens");
        var details = told.path("input_tokens_details");
        var read = Math.min(Told.count(details, "cached_tokens"), input);
        var written = Math.min(Told.count(details, "cache_write_tokens"), input - read);
        var output =
                Math.max(
                        Told.count(told, "output_tokens"),
                        Told.count(told, "total_tokens") - input);
        var reasoning = Told.count(told.path("output_tokens_details"), "reasoning_tokens");
        var uncached = input - read - written;
        var audio = Math.min(Told.count(details, "audio_tokens"), uncached);
        return new Usage(uncached, read, written, output, Math.min(reasoning, output), audio);
    }

    private static List<Piece> pieces(JsonNode output) throws Garbage {
        var pieces = new ArrayList<Piece>();
        for (var item : output) {
            switch (Told.text(item, "type")) {
                case "message" -> message(item, pieces);
                case "reasoning" -> pieces.add(thought(item));
                case "function_call" -> {
                    var name = Told.text(item, "name");
                    pieces.add(
                            new Piece.ToolCall(
                                    Told.text(item, "call_id"),
                                    name,
                                    Told.arguments(name, Told.text(item, "arguments")),
                                    null));
                }
                default -> {} // a tool that OpenAI ran, or a kind that is yet to come
            }
        }
        return pieces;
    }

    private static void message(JsonNode item, List<Piece> pieces) {
        for (var part : item.path("content")) {
            switch (Told.text(part, "type")) {
                case "output_text" -> pieces.add(new Piece.Text(Told.text(part, "text")));
                case "refusal" -> pieces.add(new Piece.Refusal(Told.text(part, "refusal")));
                default -> {}
            }
        }
    }

    private static Piece.Thought thought(JsonNode item) {
        var text = new StringBuilder();
        for (var list : new String[] {"summary", "content"}) {
            for (var part : item.path(list)) {
                text.append(text.isEmpty() ? "" : "\n\n").append(Told.text(part, "text"));
            }
        }
        var encrypted = Told.text(item, "encrypted_content");
        var id = Told.text(item, "id");
        var seal = Seal.read(encrypted);
        if (seal != null) { // told by another gateway of this kind
            return Seal.inward(text.toString(), null, encrypted, false, seal.origin());
        }
        return new Piece.Thought(
                text.toString(),
                id.isEmpty() ? null : id,
                encrypted.isEmpty() ? null : encrypted,
                false,
                encrypted.isEmpty() ? null : Dialect.OPENAI_RESPONSES);
    }
}
