package dev.remit.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Logs as earlier versions wrote them, kept byte for byte: each of them folds for ever.
///
/// A new kind of event, or a new version of one, goes into a new file,
/// `log-v<version>-<what>.jsonl`; `-Dremit.golden=<what>` writes it. A file that has landed is
/// never written again.
class GoldenLogTest {
    private static final Path FOLDER = Path.of("src/test/resources/golden");
    private static final SessionId ID = SessionId.parse("01a1f8d3-ea00-7000-8000-000000000001");
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    @Test
    void every_log_that_was_ever_written_folds_to_the_same_state() throws IOException {
        var what = System.getProperty("remit.golden");
        if (what != null) {
            write(LogCodecTest.oneOfEach(), what);
        }
        for (var file : files()) {
            int version = Integer.parseInt(file.replaceAll("log-v([0-9]+).*", "$1"));
            var lines = new ArrayList<>(Files.readAllLines(FOLDER.resolve(file)));
            var blobs = blobs(Json.parse(lines.removeLast()));
            var folded = Json.parse(lines.removeLast());
            State state = null;
            for (var line : lines) {
                var event = LogCodec.event(version, Json.parse(line), blobs::get);
                state =
                        state == null
                                ? State.first(new Recorded(ID, 1, 0, NOON, event))
                                : state.apply(event, NOON);
            }
            assertThat(Json.write(facts(state))).as(file).isEqualTo(Json.write(folded));
        }
    }

    private static List<String> files() throws IOException {
        try (var files = Files.list(FOLDER)) {
            var names = files.map(f -> f.getFileName().toString()).sorted().toList();
            assertThat(names)
                    .contains("log-v1.jsonl", "log-v1-graph.jsonl", "log-v1-steering.jsonl");
            return names;
        }
    }

    /// What a log must still say, in a form that does not change with the code.
    private static JsonNode facts(State state) {
        var facts = Json.object();
        facts.put("seq", state.seq());
        facts.put("turns", state.totals().turns());
        facts.put("tokens", state.totals().usage().tokens());
        facts.put("cost", String.valueOf(state.totals().cost()));
        facts.put("prompt", String.valueOf(state.prompt().hash()));
        facts.put("closed", state.closed().reason().name());
        facts.put("output", state.closed().output().hash().hex());
        var actions = facts.putObject("actions");
        state.actions().forEach((id, a) -> actions.put(id.value(), a.getClass().getSimpleName()));
        return facts;
    }

    private static Map<Hash, byte[]> blobs(JsonNode line) {
        var blobs = new HashMap<Hash, byte[]>();
        line.properties()
                .forEach(blob ->
                        blobs.put(
                                new Hash(blob.getKey()),
                                blob.getValue().asString().getBytes(StandardCharsets.UTF_8)));
        return blobs;
    }

    private static void write(List<Event> events, String what) throws IOException {
        var lines = new ArrayList<String>();
        var blobs = Json.object();
        State state = null;
        for (var event : events) {
            var encoded = LogCodec.encode(event);
            lines.add(encoded.body());
            encoded.blobs()
                    .forEach((hash, bytes) ->
                            blobs.put(hash.hex(), new String(bytes, StandardCharsets.UTF_8)));
            state =
                    state == null
                            ? State.first(new Recorded(ID, 1, 0, NOON, event))
                            : state.apply(event, NOON);
        }
        lines.add(Json.write(facts(state)));
        lines.add(Json.write(blobs));
        Files.createDirectories(FOLDER);
        Files.write(FOLDER.resolve("log-v" + LogCodec.VERSION + "-" + what + ".jsonl"), lines);
    }
}
