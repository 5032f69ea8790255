package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.ChatAnswer.Stop;
import dev.remit.gateway.wire.ChatRequest.Output;
import dev.remit.gateway.wire.ChatRequest.Role;
import dev.remit.gateway.wire.ChatRequest.Sampling;
import dev.remit.gateway.wire.ChatRequest.Thinking;
import dev.remit.gateway.wire.ChatRequest.ToolChoice;
import dev.remit.gateway.wire.ChatRequest.ToolSpec;
import dev.remit.gateway.wire.ChatRequest.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;

/// Requests and answers by chance, of what all four dialects can say.
final class RandomChat {
    private static final List<String> WORDS =
            List.of(
                    "cat",
                    "näh",
                    "🐈 purrs",
                    "\"quoted\"",
                    "line\nbreak",
                    "{\"a\":1}",
                    "\u0007",
                    "</x>");

    private final RandomGenerator random;
    private int ids;

    RandomChat(RandomGenerator random) {
        this.random = random;
    }

    /// A conversation that ends with the user, and whose calls all have results.
    ChatRequest request() {
        var turns = new ArrayList<Turn>();
        if (random.nextBoolean()) {
            turns.add(new Turn(Role.SYSTEM, List.of(new Piece.Text(words()))));
        }
        turns.add(user());
        for (int i = random.nextInt(3); i > 0; i--) {
            turns.add(new Turn(Role.ASSISTANT, List.of(new Piece.Text(words()))));
            turns.add(user());
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            called(turns);
        }
        turns.add(new Turn(Role.ASSISTANT, List.of(new Piece.Text(words()))));
        turns.add(user());
        return new ChatRequest(
                "claude-sonnet-4-5",
                turns,
                tools(),
                choice(),
                null,
                new Sampling(
                        random.nextBoolean() ? null : 0.5, null, null, null, null, null, List.of()),
                1_000 + random.nextInt(1_000),
                new Output.Text(),
                Thinking.DEFAULT,
                1,
                false,
                false,
                null,
                Map.of());
    }

    private Turn user() {
        var pieces = new ArrayList<Piece>();
        pieces.add(new Piece.Text(words()));
        if (random.nextInt(3) == 0) {
            pieces.add(new Piece.Media("image/png", "iVBORw0KGgo=", null, null, null));
        }
        return new Turn(Role.USER, pieces);
    }

    private void called(List<Turn> turns) {
        var calls = new ArrayList<Piece>();
        var results = new ArrayList<Piece>();
        if (random.nextBoolean()) {
            calls.add(new Piece.Text(words()));
        }
        for (int i = random.nextInt(2); i >= 0; i--) {
            var id = "call_" + ids++;
            var tool = "tool" + random.nextInt(2);
            calls.add(new Piece.ToolCall(id, tool, arguments(), null));
            results.add(new Piece.ToolResult(id, tool, List.of(new Piece.Text(words())), false));
        }
        turns.add(new Turn(Role.ASSISTANT, calls));
        turns.add(new Turn(Role.USER, results));
    }

    private List<ToolSpec> tools() {
        var tools = new ArrayList<ToolSpec>();
        for (int i = 0; i < 2; i++) {
            var schema =
                    Json.parse(
                            "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"]}");
            tools.add(new ToolSpec("tool" + i, "Does " + i, schema, null, false));
        }
        return tools;
    }

    private ToolChoice choice() {
        return switch (random.nextInt(4)) {
            case 0 -> new ToolChoice.Required();
            case 1 -> new ToolChoice.Named("tool1");
            case 2 -> new ToolChoice.None();
            default -> new ToolChoice.Auto();
        };
    }

    JsonNode arguments() {
        var arguments = Json.object();
        for (int i = random.nextInt(3); i > 0; i--) {
            arguments.put("f" + i, words());
        }
        if (random.nextBoolean()) {
            arguments.putObject("deep").putArray("list").add(random.nextInt()).add(true).addNull();
        }
        return arguments;
    }

    /// Nothing that is blank, which some vendors refuse.
    String words() {
        var words = new StringBuilder("w");
        for (int i = random.nextInt(4); i >= 0; i--) {
            words.append(' ').append(WORDS.get(random.nextInt(WORDS.size())));
        }
        return words.toString();
    }

    /// @param origin of signatures; there are none if it is absent
    ChatAnswer answer(Dialect origin) {
        var pieces = new ArrayList<Piece>();
        if (random.nextBoolean()) {
            var signed = origin != null && random.nextBoolean();
            pieces.add(
                    new Piece.Thought(
                            words(),
                            null,
                            signed ? "c2ln" + random.nextInt(1000) : null,
                            false,
                            signed ? origin : null));
        }
        if (random.nextInt(4) != 0) {
            pieces.add(new Piece.Text(words()));
        }
        var stop = random.nextInt(4) == 0 ? Stop.MAX_TOKENS : Stop.END;
        if (random.nextBoolean() || pieces.isEmpty()) {
            stop = Stop.TOOL_USE;
            for (int i = random.nextInt(2); i >= 0; i--) {
                pieces.add(
                        new Piece.ToolCall(
                                "call_" + ids++, "tool" + random.nextInt(2), arguments(), null));
            }
        }
        var reasoning = random.nextInt(50);
        return new ChatAnswer(
                "id" + random.nextInt(1000),
                "model-1",
                pieces,
                stop,
                null,
                null,
                new Usage(
                        1 + random.nextInt(500),
                        random.nextInt(100),
                        0,
                        reasoning + random.nextInt(100),
                        reasoning));
    }
}
