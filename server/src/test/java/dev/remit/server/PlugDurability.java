package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import dev.remit.store.database.EmbeddedPostgres;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The plug is pulled, again and again, at random moments: promises 2, 3 and 4 with real servers, a
/// real PostgreSQL and real `kill -9`, whoever dispatches. The witnesses are files of lines that
/// share no code with the driver: what is in them happened.
public abstract class PlugDurability {
    private static final int SESSIONS_A_ROUND = 6;
    private static final int LINES = 4;
    private static final long SECONDS = 120;

    @TempDir Path folder;

    /// What servers are started with, beside their home.
    protected abstract String[] arguments();

    /// How often the plug is pulled.
    protected abstract int kills();

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
            for (int kill = 0; kill < kills(); kill++) {
                server.start(arguments());
                try (var client = server.client()) {
                    client.apply(scribe()).expect(200);
                    accepted.addAll(opened(client));
                    server.waitOrEnd(random.nextInt(700));
                }
                server.kill();
            }
            server.start(arguments());
            try (var client = server.client()) {
                allEnd(client, List.of(home), accepted, seed);
            }
        }
        eachLineOnce(List.of(home), accepted, seed);
    }

    @Test
    void of_two_nodes_the_other_goes_on_when_one_is_killed() throws Exception {
        long seed = Long.getLong("remit.seed", 20261121L);
        var random = new Random(seed);
        var accepted = new ArrayList<String>();
        var homes = List.of(folder.resolve("a"), folder.resolve("b"));
        try (var postgres = EmbeddedPostgres.start(folder.resolve("db/postgres"));
                var stays = node(homes.getFirst(), postgres);
                var dies = node(homes.getLast(), postgres)) {
            stays.start(arguments());
            try (var client = stays.client()) {
                client.apply(scribe()).expect(200);
                for (int kill = 0; kill < 2; kill++) {
                    dies.start(arguments());
                    accepted.addAll(opened(client));
                    try (var other = dies.client()) {
                        accepted.addAll(opened(other));
                    }
                    dies.waitOrEnd(random.nextInt(700));
                    dies.kill();
                }
                allEnd(client, homes, accepted, seed);
            }
        } finally {
            Leftovers.delete(folder.resolve("db"));
        }
        eachLineOnce(homes, accepted, seed);
    }

    private ServerProcess node(Path home, EmbeddedPostgres postgres) {
        return new ServerProcess(
                home,
                folder.resolve(home.getFileName() + ".output"),
                Map.of("REMIT_DATABASE_URL", postgres.address().toUrl()));
    }

    private static List<String> opened(ApiClient client) {
        var opened = new ArrayList<String>();
        for (int i = 0; i < SESSIONS_A_ROUND; i++) {
            opened.add(client.open("scribe", Json.object()).expect(201).text("/id"));
        }
        return opened;
    }

    private static void allEnd(ApiClient client, List<Path> homes, List<String> accepted, long seed)
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

    private static void eachLineOnce(List<Path> homes, List<String> accepted, long seed)
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
                Thread.onSpinWait();
            }
        }
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
