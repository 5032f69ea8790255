package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.ChatAnswer.Stop;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Reads an answer of Messages. What Anthropic's own tools did in between is passed over.
final class MessagesReading {
    private MessagesReading() {}

    static ChatAnswer answer(byte[] body) throws Garbage {
        var told = Told.object(body);
        if (Told.text(told, "type").equals("error")) {
            throw new Garbage(
                    "The provider answered with an error and status 200: "
                            + Words.clean(Words.message(told), null));
        }
        if (!told.path("content").isArray()) {
            throw new Garbage("The answer has no `content`.");
        }
        var reason = Told.text(told, "stop_reason");
        if (reason.isEmpty()) {
            throw new Garbage("The answer has no `stop_reason`.");
        }
        var pieces = new ArrayList<Piece>();
        var answered = false;
        for (var block : told.path("content")) {
            answered |= isAnswer(block);
            block(block, pieces);
        }
        var sequence = Told.text(told, "stop_sequence");
        var usage = told.path("usage");
        var tier = tier(usage);
        return new ChatAnswer(
                Told.text(told, "id"),
                Told.text(told, "model"),
                pieces,
                stop(reason, answered),
                sequence.isEmpty() ? null : sequence,
                tier.isEmpty() ? null : tier,
                usage(usage, Usage.NONE));
    }

    private static void block(JsonNode block, List<Piece> pieces) throws Garbage {
        switch (Told.text(block, "type")) {
            case "text" -> pieces.add(new Piece.Text(Told.text(block, "text")));
            case "thinking" ->
                    pieces.add(
                            thought(
                                    Told.text(block, "thinking"),
                                    Told.text(block, "signature"),
                                    false));
            case "redacted_thinking" -> pieces.add(thought("", Told.text(block, "data"), true));
            case "tool_use" -> {
                var input = block.path("input");
                var name = Told.text(block, "name");
                if (!input.isObject() || name.isEmpty()) {
                    throw new Garbage("The answer calls a tool without a name or arguments.");
                }
                pieces.add(
                        isAnswer(block)
                                ? new Piece.Text(Json.write(input))
                                : new Piece.ToolCall(Told.text(block, "id"), name, input, null));
            }
            default -> {} // of Anthropic's own tools, and kinds that are yet to come
        }
    }

    private static Piece thought(String text, String signature, boolean redacted) {
        return signature.isEmpty()
                ? new Piece.Thought(text, null, null, redacted, null)
                : new Piece.Thought(text, null, signature, redacted, Dialect.ANTHROPIC);
    }

    /// Whether it calls the tool that stands for the answer.
    static boolean isAnswer(JsonNode block) {
        return Told.text(block, "name").equals(MessagesRequestWriter.ANSWER)
                && Told.text(block, "type").equals("tool_use");
    }

    /// @param answered whether the tool that stands for the answer was called
    static Stop stop(String reason, boolean answered) {
        return switch (reason) {
            case "tool_use" -> answered ? Stop.END : Stop.TOOL_USE;
            case "max_tokens", "model_context_window_exceeded" -> Stop.MAX_TOKENS;
            case "stop_sequence" -> Stop.STOP_SEQUENCE;
            case "refusal" -> Stop.REFUSED;
            case "pause_turn" -> Stop.PAUSED;
            default -> Stop.END; // `end_turn`, and kinds that are yet to come
        };
    }

    /// The tier that it was billed at; empty if none is told. What is dearer is told, too.
    static String tier(JsonNode usage) {
        var tier = Told.text(usage, "service_tier");
        if (Told.text(usage, "speed").equals("fast")) {
            tier = "fast";
        }
        var place = Told.text(usage, "inference_geo").equals("us") ? "us" : "";
        return place.isEmpty() ? tier : tier.equals("fast") ? tier + "+" + place : place;
    }

    /// What was used. Counts are totals up to here, not differences; what is not told is as it was.
    ///
    /// What is written to the cache for an hour costs 2 times an uncached token rather than 1.25
    /// times. There is one bucket for writing, so that each such token counts as 1.6, rounded up:
    /// the money is right, and never too little.
    static Usage usage(JsonNode told, Usage known) {
        var written = known.cacheWrite();
        if (told.path("cache_creation_input_tokens").isIntegralNumber()) {
            written = Told.count(told, "cache_creation_input_tokens");
            var hour = Told.count(told.path("cache_creation"), "ephemeral_1h_input_tokens");
            written = Math.max(written, hour);
            written += (hour * 3 + 4) / 5;
        }
        return new Usage(
                count(told, "input_tokens", known.input()),
                count(told, "cache_read_input_tokens", known.cacheRead()),
                written,
                count(told, "output_tokens", known.output()),
                known.reasoning());
    }

    private static long count(JsonNode told, String field, long known) {
        return told.path(field).isIntegralNumber() ? Told.count(told, field) : known;
    }
}
