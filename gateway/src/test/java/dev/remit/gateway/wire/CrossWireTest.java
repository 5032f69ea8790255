package dev.remit.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.ChatRequest.Turn;
import dev.remit.gateway.wire.Codec.InPath;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Every client before every provider: what was said arrives, in whole and in streams.
class CrossWireTest {
    private static final InPath PATH = new InPath("claude-sonnet-4-5", false);
    private static final int ROUNDS = 30;

    static Stream<Arguments> pairs() {
        return clients().flatMap(c -> clients().map(p -> Arguments.of(c, p)));
    }

    private static Stream<Dialect> clients() {
        return Stream.of(Dialect.values()).filter(d -> d != Dialect.BEDROCK);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void what_a_client_asks_arrives_at_the_provider(Dialect client, Dialect provider)
            throws Exception {
        for (int seed = 0; seed < ROUNDS; seed++) {
            var request = new RandomChat(new SplittableRandom(seed)).request();
            var body = Codec.of(client).writeRequest(request, true);
            var read = Codec.of(client).readRequest(body, PATH);
            assertThat(essence(read)).as(client + " reads itself").isEqualTo(essence(request));

            var upstream = Codec.of(provider).writeRequest(read, true);
            var arrived = Codec.of(provider).readRequest(upstream, PATH);
            assertThat(essence(arrived)).isEqualTo(essence(request));
            assertThat(arrived.maxOutput()).isEqualTo(request.maxOutput());
            assertThat(arrived.toolChoice()).isEqualTo(request.toolChoice());
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void what_a_provider_answers_arrives_at_the_client(Dialect client, Dialect provider)
            throws Exception {
        for (int seed = 0; seed < ROUNDS; seed++) {
            var answer = new RandomChat(new SplittableRandom(seed)).answer(null);
            var read =
                    Codec.of(provider)
                            .readAnswer(Codec.of(provider).writeAnswer(answer, asked(provider)));
            var arrived =
                    Codec.of(client).readAnswer(Codec.of(client).writeAnswer(read, asked(client)));

            assertThat(essence(arrived)).isEqualTo(essence(answer));
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void a_stream_says_the_same_as_the_whole(Dialect client, Dialect provider) throws Exception {
        for (int seed = 0; seed < ROUNDS; seed++) {
            var random = new SplittableRandom(seed);
            var answer = new RandomChat(random).answer(null);
            var upstream =
                    Streams.written(
                            Codec.of(provider).streamWriter(streaming(provider)),
                            Streams.apart(answer, random));
            var deltas = Streams.read(Codec.of(provider).streamReader(), Streams.events(upstream));
            var writer =
                    Codec.of(client)
                            .streamWriter(streaming(client), new InPath("m", true, true), provider);
            var arrived =
                    Streams.together(
                            Streams.read(
                                    Codec.of(client).streamReader(),
                                    Streams.events(Streams.written(writer, deltas))),
                            client);

            assertThat(essence(arrived)).isEqualTo(essence(answer));
        }
    }

    /// The client hands the answer back as the assistant's turn, as its own SDK does.
    @ParameterizedTest
    @MethodSource("pairs")
    void a_signed_thought_comes_back_through_a_client_of_any_dialect(
            Dialect client, Dialect provider) throws Exception {
        if (provider == Dialect.OPENAI_CHAT) {
            return; // signs nothing
        }
        var thought = new Piece.Thought("Hm.", null, "c2lnbmVk", false, provider);
        var call = new Piece.ToolCall("call_1", "look", Json.object(), null);
        var answer =
                new ChatAnswer(
                        "id",
                        "m",
                        List.of(thought, call),
                        ChatAnswer.Stop.TOOL_USE,
                        null,
                        null,
                        Usage.NONE);
        var whole = Json.parse(Codec.of(client).writeAnswer(answer, asked(client)));
        var back = Codec.of(client).readRequest(history(client, whole), PATH);
        var request = new String(Codec.of(provider).writeRequest(back, true), UTF_8);

        assertThat(request).contains("\"c2lnbmVk\"");
        for (var other : (Iterable<Dialect>) clients()::iterator) {
            if (other != provider) {
                var foreign = new String(Codec.of(other).writeRequest(back, true), UTF_8);
                assertThat(foreign).as("only its maker takes it").doesNotContain("c2lnbmVk");
            }
        }
    }

    @Test
    void a_signature_of_geminis_call_comes_back_through_a_responses_client() throws Exception {
        var call = new Piece.ToolCall("call_1", "look", Json.object(), "Y2FsbA==");
        var answer =
                new ChatAnswer(
                        "id", "m", List.of(call), ChatAnswer.Stop.TOOL_USE, null, null, Usage.NONE);
        var client = Dialect.OPENAI_RESPONSES;
        var whole = Json.parse(Codec.of(client).writeAnswer(answer, asked(client)));
        var back = Codec.of(client).readRequest(history(client, whole), PATH);
        var request = Json.parse(Codec.of(Dialect.GEMINI).writeRequest(back, true));

        assertThat(request.at("/contents/1/parts/0/thoughtSignature").asString(""))
                .isEqualTo("Y2FsbA==");
        assertThat(request.at("/contents/1/parts").size()).isEqualTo(1);
    }

    /// After a fallback, the history holds what another vendor said; then the first one is back.
    @ParameterizedTest
    @MethodSource("pairs")
    void what_another_vendor_signed_is_taken_out_when_a_request_passes_through(
            Dialect client, Dialect provider) throws Exception {
        if (provider == client || provider == Dialect.OPENAI_CHAT) {
            return;
        }
        var thought = new Piece.Thought("Hm.", null, "c2lnbmVk", false, provider);
        var answer =
                new ChatAnswer(
                        "id",
                        "m",
                        List.of(
                                thought,
                                new Piece.Text("Yes."),
                                new Piece.ToolCall("call_1", "look", Json.object(), null)),
                        ChatAnswer.Stop.TOOL_USE,
                        null,
                        null,
                        Usage.NONE);
        var whole = Json.parse(Codec.of(client).writeAnswer(answer, asked(client)));
        var history = history(client, whole);
        var passed =
                Codec.of(client)
                        .splice(history, new Changes("claude-sonnet-4-5", null, true, false));

        assertThat(Seal.isIn(history)).isTrue();
        assertThat(Seal.isIn(passed)).isFalse();
        var read = Codec.of(client).readRequest(passed, PATH);
        assertThat(essence(read)).contains("ASSISTANT text Yes.").contains("look {}");
    }

    /// A request in which the client hands back an answer, and the result of its call.
    private static byte[] history(Dialect client, JsonNode answer) {
        var body = Json.object();
        switch (client) {
            case OPENAI_RESPONSES -> {
                body.put("model", "claude-sonnet-4-5");
                var input = body.putArray("input");
                input.addObject().put("role", "user").put("content", "Look");
                input.addAll(answer.required("output").values());
                input.addObject()
                        .put("type", "function_call_output")
                        .put("call_id", "call_1")
                        .put("output", "cat");
            }
            case ANTHROPIC -> {
                body.put("model", "claude-sonnet-4-5").put("max_tokens", 100);
                var messages = body.putArray("messages");
                messages.addObject().put("role", "user").put("content", "Look");
                messages.addObject()
                        .put("role", "assistant")
                        .set("content", answer.required("content"));
                messages.addObject()
                        .put("role", "user")
                        .putArray("content")
                        .addObject()
                        .put("type", "tool_result")
                        .put("tool_use_id", "call_1")
                        .put("content", "cat");
            }
            case GEMINI -> {
                var contents = body.putArray("contents");
                contents.addObject()
                        .put("role", "user")
                        .putArray("parts")
                        .addObject()
                        .put("text", "Look");
                contents.add(answer.at("/candidates/0/content"));
                contents.addObject()
                        .put("role", "user")
                        .putArray("parts")
                        .addObject()
                        .putObject("functionResponse")
                        .put("name", "look")
                        .putObject("response")
                        .put("output", "cat");
            }
            case OPENAI_CHAT -> {
                body.put("model", "claude-sonnet-4-5");
                var messages = body.putArray("messages");
                messages.addObject().put("role", "user").put("content", "Look");
                messages.add(answer.at("/choices/0/message"));
                messages.addObject()
                        .put("role", "tool")
                        .put("tool_call_id", "call_1")
                        .put("content", "cat");
            }
            case BEDROCK -> throw new IllegalArgumentException("no client");
        }
        return Strict.bytes(body);
    }

    // ---- what must stay the same

    private static String essence(ChatRequest request) {
        var lines = new ArrayList<String>();
        for (var turn : request.turns()) {
            for (var piece : turn.pieces()) {
                lines.add(line(turn, piece));
            }
        }
        for (var tool : request.tools()) {
            lines.add(tool.name() + " " + tool.description() + " " + canonical(tool.parameters()));
        }
        lines.add("temperature " + request.sampling().temperature());
        return String.join("\n", lines);
    }

    private static String line(Turn turn, Piece piece) {
        return turn.role()
                + " "
                + switch (piece) {
                    case Piece.Text(var text, var _) -> "text " + text;
                    case Piece.Refusal(var text) -> "refusal " + text;
                    case Piece.Media media -> media.mediaType() + " " + media.base64();
                    case Piece.ToolCall call -> call(call);
                    case Piece.ToolResult result ->
                            "result " + result.id() + " " + canonical(result.content());
                    case Piece.Thought thought -> "thought " + thought.text();
                };
    }

    private static String call(Piece.ToolCall call) {
        return call.id() + " " + call.tool() + " " + canonical(call.arguments());
    }

    /// A JSON object as a text may come back with other blanks.
    private static String canonical(List<Piece> content) {
        return ((Piece.Text) content.getFirst()).text();
    }

    private static String canonical(JsonNode node) {
        var sorted = new String(Json.canonical(node), UTF_8);
        if (node instanceof ObjectNode object && object.path("properties").isObject()) {
            var cut = object.deepCopy();
            cut.remove("additionalProperties"); // some writers close what is open
            return new String(Json.canonical(cut), UTF_8);
        }
        return sorted;
    }

    private static String essence(ChatAnswer answer) {
        var lines = new ArrayList<String>();
        for (var piece : answer.pieces()) {
            switch (piece) {
                case Piece.Text(var text, var _) -> lines.add("text " + text);
                case Piece.ToolCall call -> lines.add(call(call));
                case Piece.Thought thought -> lines.add("thought " + thought.text());
                case Piece.Refusal(var text) -> lines.add("refusal " + text);
                default -> lines.add(piece.toString());
            }
        }
        lines.add(answer.stop() + " " + answer.model());
        var usage = answer.usage();
        lines.add(usage.input() + " " + usage.cacheRead() + " " + usage.output());
        return String.join("\n", lines);
    }

    private static Facts asked(Dialect client) {
        return facts(client, false);
    }

    private static Facts streaming(Dialect client) {
        return facts(client, true);
    }

    private static Facts facts(Dialect client, boolean stream) {
        var answer =
                client == Dialect.GEMINI
                        ? "{\"contents\":[]}"
                        : client == Dialect.OPENAI_RESPONSES
                                ? "{\"model\":\"m\",\"input\":\"x\"}"
                                : "{\"model\":\"m\",\"max_tokens\":9,\"stream\":"
                                        + stream
                                        + (client == Dialect.OPENAI_CHAT && stream
                                                ? ",\"stream_options\":{\"include_usage\":true}"
                                                : "")
                                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        try {
            return Codec.of(client).facts(answer.getBytes(UTF_8), PATH);
        } catch (BadRequest e) {
            throw new AssertionError(e);
        }
    }
}
