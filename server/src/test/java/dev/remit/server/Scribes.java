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
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Sessions that write lines with a tool that is not idempotent, and the witness that reads what
/// was written: files that share no code with the driver. What is in them happened.
final class Scribes {
    private static final int SESSIONS_A_ROUND = 6;
    private static final int LINES = 4;
    private static final long SECONDS = 120;
    private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(20);

    private Scribes() {}

    /// Writes four lines, one a turn, with a tool that is not idempotent.
    static Map<String, String> scribe() {
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

    static List<String> opened(ApiClient client) {
        var opened = new ArrayList<String>();
        for (int i = 0; i < SESSIONS_A_ROUND; i++) {
            opened.add(client.open("scribe", Json.object()).expect(201).text("/id"));
        }
        return opened;
    }

    static void allEnd(ApiClient client, List<Path> homes, List<String> accepted, long seed)
            throws IOException {
        settle(client, homes, accepted);
        for (var id : accepted) {
            var session = client.get("/v1/sessions/" + id).expect(200).body();
            assertThat(session.path("stop_reason").asString(""))
                    .as("accepted is stored, and ends: %s (seed %d)", id, seed)
                    .isEqualTo("completed");
            assertThat(session.at("/outcome/status").asString("")).isEqualTo("good");
        }
    }

    static void eachLineOnce(List<Path> homes, List<String> accepted, long seed)
            throws IOException {
        var times = new HashMap<String, Integer>();
        lines(homes)
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
    private static void settle(ApiClient client, List<Path> homes, List<String> sessions)
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
                            lines(homes).stream()
                                    .anyMatch(l ->
                                            l.path("idempotency_key")
                                                    .asString("")
                                                    .equals(id + ":" + action));
                    client.post(
                            "/v1/sessions/" + id + ":resolve",
                            Json.object().put("action", action).put("happened", happened));
                }
                LockSupport.parkNanos(BETWEEN_LOOKS);
            }
        }
    }

    /// How many lines of these sessions stand in the file of a node.
    static long written(Path home, List<String> sessions) throws IOException {
        return lines(List.of(home)).stream()
                .filter(l -> sessions.contains(l.path("session").asString("")))
                .count();
    }

    private static List<JsonNode> lines(List<Path> homes) throws IOException {
        var whole = new ArrayList<JsonNode>();
        for (var home : homes) {
            var ledger = home.resolve("journal/ledger.jsonl");
            if (!Files.exists(ledger)) {
                continue; // this node has written nothing yet
            }
            for (var line : Files.readAllLines(ledger)) {
                try {
                    whole.add(Json.parse(line));
                } catch (JacksonException halfALine) {
                    // written by a process that died; it did not happen
                }
            }
        }
        return whole;
    }
}
