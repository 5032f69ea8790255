package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The plug is pulled, again and again, at random moments: promises 2, 3 and 4 with a real server,
/// a real PostgreSQL and real `kill -9`. The witness is a file of lines that shares no code with
/// the driver: what is in it happened.
@Tag("slow")
class PlugTest {
    private static final int KILLS = 10;
    private static final int SESSIONS_A_ROUND = 6;
    private static final int LINES = 4;
    private static final long SECONDS = 120;

    @TempDir Path folder;

    /// Writes four lines, one a turn, with a tool that is not idempotent.
    private static Map<String, String> scribe() {
        var files = new TreeMap<String, String>();
        files.put(
                "agent.yaml",
                """
                remit: agent/v1
                name: scribe
                description: Writes down what it is told, line by line.
                answer: answer.schema.yaml
                may: [ledger.append]
                limits: { same_call: 100, turns: 50 }
                """);
        files.put("instructions.md", "Write each line once.\n");
        files.put(
                "answer.schema.yaml",
                "type: object\nrequired: [lines]\nproperties: { lines: { type: integer } }\n");
        files.put(
                "tools/ledger.append.yaml",
                """
                remit: tool/v1
                description: Appends one line to the ledger.
                tier: 2
                idempotent: false
                timeout: 2s
                function: journal.append
                """);
        files.put(
                "rehearsal.yaml",
                """
                remit: rehearsal/v1
                replies:
                  - when: turn <= %d
                    calls:
                      - tool: ledger.append
                        arguments: { journal: ledger, line: "line ${turn}", evidence: scripted }
                  - answer: { lines: "${size(results)}" }
                """
                        .formatted(LINES));
        return files;
    }

    @Test
    void nothing_is_lost_and_nothing_is_done_twice_however_often_the_plug_is_pulled()
            throws Exception {
        long seed = Long.getLong("remit.seed", 20261120L);
        var random = new Random(seed);
        var accepted = new ArrayList<String>();
        var home = folder.resolve("home");
        try (var server = new ServerProcess(home, folder.resolve("output"))) {
            for (int kill = 0; kill < KILLS; kill++) {
                server.start();
                try (var client = server.client()) {
                    client.apply(scribe()).expect(200);
                    for (int i = 0; i < SESSIONS_A_ROUND; i++) {
                        accepted.add(client.open("scribe", Json.object()).expect(201).text("/id"));
                    }
                    server.waitOrEnd(random.nextInt(700));
                }
                server.kill();
            }
            server.start();
            try (var client = server.client()) {
                settle(client, home, accepted);
                for (var id : accepted) {
                    var session = client.get("/v1/sessions/" + id).expect(200).body();
                    assertThat(session.path("stop_reason").asString(""))
                            .as("accepted is stored, and ends: %s (seed %d)", id, seed)
                            .isEqualTo("completed");
                    assertThat(session.at("/outcome/status").asString("")).isEqualTo("good");
                }
            }
        }
        var times = new HashMap<String, Integer>();
        lines(home)
                .forEach(l -> times.merge(l.path("idempotency_key").asString(""), 1, Integer::sum));
        for (var id : accepted) {
            for (int turn = 1; turn <= LINES; turn++) {
                assertThat(times.getOrDefault(id + ":" + turn + ".0", 0))
                        .as("times that line %d of %s was written (seed %d)", turn, id, seed)
                        .isEqualTo(1);
            }
        }
        assertThat(times).hasSize(accepted.size() * LINES);
    }

    /// A person answers for what is in doubt, truthfully, by looking into the ledger.
    private static void settle(ApiClient client, Path home, List<String> sessions)
            throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        for (var id : sessions) {
            while (true) {
                var session = client.get("/v1/sessions/" + id).expect(200).body();
                if (session.path("status").asString("").equals("closed")) {
                    break;
                }
                assertThat(System.nanoTime()).as("stuck: %s", session).isLessThan(end);
                var action = session.at("/waiting/in_doubt/0").asString("");
                if (!action.isEmpty()) {
                    boolean happened =
                            lines(home).stream()
                                    .anyMatch(l ->
                                            l.path("idempotency_key")
                                                    .asString("")
                                                    .equals(id + ":" + action));
                    client.post(
                            "/v1/sessions/" + id + ":resolve",
                            Json.object().put("action", action).put("happened", happened));
                }
                Thread.onSpinWait();
            }
        }
    }

    private static List<JsonNode> lines(Path home) throws IOException {
        var whole = new ArrayList<JsonNode>();
        for (var line : Files.readAllLines(home.resolve("journal/ledger.jsonl"))) {
            try {
                whole.add(Json.parse(line));
            } catch (JacksonException halfALine) {
                // written by a process that died; it did not happen
            }
        }
        return whole;
    }
}
