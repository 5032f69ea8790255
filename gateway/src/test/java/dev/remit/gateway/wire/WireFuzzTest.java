package dev.remit.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import dev.remit.gateway.wire.Codec.InPath;
import dev.remit.http.client.SseEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Whatever comes, nothing but BadRequest and Garbage comes of it.
class WireFuzzTest {
    private static final int ROUNDS = 100;
    private static final InPath PATH = new InPath("m", true);
    private static final Changes CHANGES = new Changes("other", 77, true, true);

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BEDROCK")
    void requests_are_read_or_refused(Dialect dialect) throws Exception {
        var random = new SplittableRandom(7);
        for (int round = 0; round < ROUNDS; round++) {
            var request = new RandomChat(random).request();
            var body = Codec.of(dialect).writeRequest(request, false);
            tryRequest(dialect, body);
            tryRequest(dialect, Arrays.copyOf(body, random.nextInt(body.length)));
            tryRequest(dialect, mutated(body, random));
            tryRequest(dialect, Strict.bytes(bent(Json.parse(body), random)));
        }
    }

    private static void tryRequest(Dialect dialect, byte[] body) {
        var codec = Codec.of(dialect);
        try {
            codec.facts(body, PATH);
            var spliced = codec.splice(body, CHANGES);
            var facts = codec.facts(spliced, PATH);
            assertThat(facts.maxOutput()).isEqualTo(77);
            assertThat(facts.model()).isEqualTo(dialect == Dialect.GEMINI ? "m" : "other");
        } catch (BadRequest e) {
            assertThat(e.why()).isNotBlank();
        }
        try {
            var read = codec.readRequest(body, PATH);
            for (var provider : Dialect.values()) {
                writeOrRefuse(provider, read);
            }
            CountTokens.estimate(read);
        } catch (BadRequest e) {
            assertThat(e.why()).isNotBlank();
        }
    }

    private static void writeOrRefuse(Dialect provider, ChatRequest request) {
        try {
            Json.parse(Codec.of(provider).writeRequest(request, true));
        } catch (BadRequest e) {
            assertThat(e.why()).isNotBlank();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BEDROCK")
    void answers_are_read_or_garbage(Dialect dialect) throws Exception {
        var random = new SplittableRandom(8);
        var asked = asked(dialect);
        for (int round = 0; round < ROUNDS; round++) {
            var answer = new RandomChat(random).answer(dialect);
            var body = Codec.of(dialect).writeAnswer(answer, asked);
            tryAnswer(dialect, body);
            tryAnswer(dialect, Arrays.copyOf(body, random.nextInt(body.length)));
            tryAnswer(dialect, mutated(body, random));
            tryAnswer(dialect, Strict.bytes(bent(Json.parse(body), random)));
        }
    }

    private static void tryAnswer(Dialect dialect, byte[] body) {
        try {
            Codec.of(dialect).readAnswer(body);
        } catch (Garbage e) {
            assertThat(e.why()).isNotBlank();
        }
        var error = Codec.of(dialect).readError(500, body, name -> null);
        assertThat(error.kind()).isNotNull();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BEDROCK")
    void streams_are_read_or_garbage(Dialect dialect) throws Exception {
        var random = new SplittableRandom(9);
        var asked = asked(dialect);
        for (int round = 0; round < ROUNDS; round++) {
            var answer = new RandomChat(random).answer(dialect);
            var bytes =
                    Streams.written(
                            Codec.of(dialect).streamWriter(asked), Streams.apart(answer, random));
            var events = new ArrayList<>(Streams.events(bytes));
            var at = random.nextInt(events.size());
            var event = events.get(at);
            switch (random.nextInt(4)) {
                case 0 -> events.remove(at);
                case 1 -> events.add(random.nextInt(events.size()), event);
                case 2 ->
                        events.set(at, with(event, mutated(event.data().getBytes(UTF_8), random)));
                default -> {
                    if (event.data().startsWith("{")) {
                        var tree = bent(Json.parse(event.data()), random);
                        events.set(at, with(event, Strict.bytes(tree)));
                    }
                }
            }
            tryStream(dialect, events);
        }
    }

    private static SseEvent with(SseEvent event, byte[] data) {
        return new SseEvent(event.type(), new String(data, UTF_8), event.id());
    }

    /// What is understood of it can be said in every dialect.
    private static void tryStream(Dialect dialect, List<SseEvent> events) {
        var deltas = new ArrayList<Delta>();
        try {
            deltas.addAll(Streams.read(Codec.of(dialect).streamReader(), events));
        } catch (Garbage e) {
            assertThat(e.why()).isNotBlank();
            return;
        }
        for (var client : Dialect.values()) {
            if (client != Dialect.BEDROCK) {
                var writer = Codec.of(client).streamWriter(asked(client), PATH, dialect);
                assertThat(Streams.written(writer, deltas)).isNotEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BEDROCK"})
    void bedrocks_answers_are_read_or_garbage(Dialect dialect) {
        var whole =
                """
                {"output":{"message":{"role":"assistant","content":[
                   {"reasoningContent":{"reasoningText":{"text":"Hm.","signature":"s"}}},{"text":"A"},
                   {"toolUse":{"toolUseId":"t1","name":"look","input":{"at":1}}}]}},
                 "stopReason":"tool_use","usage":{"inputTokens":10,"outputTokens":5}}\
                """
                        .getBytes(UTF_8);
        var deltas =
                List.of(
                        "{\"contentBlockIndex\":0,\"delta\":{\"reasoningContent\":{\"text\":\"Hm.\"}}}",
                        "{\"contentBlockIndex\":1,\"delta\":{\"toolUse\":{\"input\":\"1}\"}}}",
                        "{\"contentBlockIndex\":2,\"start\":{\"toolUse\":{\"toolUseId\":\"t\",\"name\":\"look\"}}}",
                        "{\"stopReason\":\"tool_use\",\"usage\":{\"inputTokens\":3}}");
        var types =
                List.of(
                        "contentBlockDelta",
                        "contentBlockStart",
                        "contentBlockStop",
                        "messageStop",
                        "metadata",
                        "validationException");
        var random = new SplittableRandom(10);
        for (int round = 0; round < ROUNDS; round++) {
            tryAnswer(dialect, mutated(whole, random));
            tryAnswer(dialect, Strict.bytes(bent(Json.parse(whole), random)));
            var events = new ArrayList<SseEvent>();
            for (int i = random.nextInt(8); i > 0; i--) {
                var data = Json.parse(deltas.get(random.nextInt(deltas.size())));
                events.add(
                        new SseEvent(
                                types.get(random.nextInt(types.size())),
                                Json.write(bent(data, random)),
                                ""));
            }
            tryStream(dialect, events);
        }
    }

    // ---- damage

    private static byte[] mutated(byte[] body, RandomGenerator random) {
        var copy = body.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            copy[random.nextInt(copy.length)] =
                    (byte) "{}[]\",:0e-\\ntf\u0000\u00ff".charAt(random.nextInt(16));
        }
        return copy;
    }

    /// The same tree with one value of another type.
    private static JsonNode bent(JsonNode tree, RandomGenerator random) {
        var copy = tree.deepCopy();
        var places = new ArrayList<Runnable>();
        collect(copy, places, random);
        if (!places.isEmpty()) {
            places.get(random.nextInt(places.size())).run();
        }
        return copy;
    }

    private static void collect(JsonNode node, List<Runnable> places, RandomGenerator random) {
        if (node instanceof ObjectNode object) {
            for (var name : List.copyOf(object.propertyNames())) {
                places.add(() -> object.set(name, other(random)));
                places.add(() -> object.remove(name));
                collect(object.get(name), places, random);
            }
        } else if (node instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                var at = i;
                places.add(() -> list.set(at, other(random)));
                places.add(() -> list.add(other(random)));
                collect(list.get(i), places, random);
            }
        }
    }

    private static JsonNode other(RandomGenerator random) {
        var values =
                List.of(
                        "null",
                        "true",
                        "-1",
                        "1.5",
                        "1e400",
                        "99999999999999999999",
                        "\"\"",
                        "\"x\"",
                        "\"\\ud800\"",
                        "[]",
                        "[[]]",
                        "[null]",
                        "{}",
                        "{\"type\":\"text\"}",
                        "{\"type\":7}");
        return Json.parse(values.get(random.nextInt(values.size())));
    }

    private static Facts asked(Dialect dialect) {
        try {
            var body =
                    switch (dialect) {
                        case GEMINI -> "{\"contents\":[]}";
                        case OPENAI_RESPONSES -> "{\"model\":\"m\",\"input\":\"x\"}";
                        default ->
                                "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
                    };
            return Codec.of(dialect).facts(body.getBytes(UTF_8), PATH);
        } catch (BadRequest e) {
            throw new AssertionError(e);
        }
    }
}
