package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import dev.remit.store.database.Database;
import dev.remit.store.database.EmbeddedPostgres;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Sessions that events start, over real HTTP. Under faults: see store's `TriggerHistoriesTest`.
@Tag("slow")
class TriggersTest {
    @TempDir static Path home;

    private static TestServer server;
    private static ApiClient client;

    @BeforeAll
    static void start() {
        server = new TestServer(home);
        client = server.client;
        client.apply(Folders.greeter()).expect(200);
        client.apply(Folders.patient("1h")).expect(200);
    }

    @AfterAll
    static void stop() {
        server.close();
        Leftovers.delete(home);
    }

    /// Is started by events of its own name.
    private static void put(String name, String agent, String spec) {
        var body = (ObjectNode) Json.parse(spec);
        body.put("agent", agent).put("event", name);
        client.put("/v1/triggers/" + name, body).expect(200);
    }

    private static ApiClient.Answer send(String event, String id, String name) {
        return client.send(
                client.request("/v1/events/" + event)
                        .header("Idempotency-Key", id)
                        .POST(
                                BodyPublishers.ofByteArray(
                                        Json.canonical(Json.object().put("name", name)))));
    }

    private static List<JsonNode> starts(String trigger) {
        return client.get("/v1/triggers/" + trigger)
                .expect(200)
                .body()
                .path("starts")
                .valueStream()
                .toList()
                .reversed();
    }

    private static List<JsonNode> starts(String trigger, int count) throws Exception {
        return ApiClient.until(() -> starts(trigger), s -> s.size() >= count);
    }

    /// Every name in the first event of its session; one of them is that of its input.
    private static List<String> names(JsonNode start) {
        return client.follow(start.path("session").asString(), 0, s -> s.type().equals("opened"))
                .getLast()
                .data()
                .findValuesAsString("name");
    }

    @Test
    void a_debounce_starts_one_session_with_the_last_event_however_often_each_is_sent()
            throws Exception {
        put("settles", "greeter", "{\"debounce\":\"2s\"}");
        for (int i = 0; i < 5; i++) {
            send("settles", "e" + i, "n" + i).expect(202);
            send("settles", "e" + i, "n" + i).expect(200);
        }
        var start = starts("settles", 1);
        assertThat(start).hasSize(1);
        assertThat(start.getFirst().path("events").asInt()).isEqualTo(5);
        assertThat(names(start.getFirst())).contains("n4");
    }

    @Test
    void of_a_key_there_is_one_session_at_a_time_and_those_that_wait_come_in_order()
            throws Exception {
        put("queues", "patient", "{\"one_at_a_time\":\"queue\"}");
        for (int i = 0; i < 3; i++) {
            send("queues", "e" + i, "n" + i).expect(202);
        }
        for (int i = 0; i < 3; i++) {
            var start = starts("queues", i + 1);
            assertThat(start).hasSize(i + 1);
            assertThat(names(start.getLast())).contains("n" + i);
            client.post(
                            "/v1/sessions/"
                                    + start.getLast().path("session").asString()
                                    + ":cancel",
                            Json.object())
                    .expect(202);
        }
    }

    /// As one that a newer version of the program has written.
    @Test
    void a_trigger_that_cannot_be_understood_here_keeps_no_other_one_from_starting()
            throws Exception {
        put("strange", "greeter", "{\"debounce\":\"1s\"}");
        put("plain", "greeter", "{}");
        send("strange", "e", "x").expect(202);
        var address = EmbeddedPostgres.running(home.resolve("postgres"));
        try (var database = Database.open(address)) {
            database.with(connection -> {
                try (var change =
                        connection.prepareStatement(
                                """
                                UPDATE event_trigger SET spec = '{"event":"strange","new_key":1}'
                                WHERE name = 'strange'
                                """)) {
                    return change.executeUpdate();
                }
            });
            database.with(connection -> {
                try (var due =
                        connection.prepareStatement(
                                "UPDATE event_group SET due = now() - interval '1 day'")) {
                    return due.executeUpdate();
                }
            });
        }
        send("plain", "e", "x").expect(202);
        assertThat(starts("plain", 1).getFirst().path("state").asString()).isIn("started", "ended");
        assertThat(starts("strange")).isEmpty();
        assertThat(client.get("/v1/triggers/strange").expect(200).body().path("waiting").asInt())
                .as("and is not lost")
                .isEqualTo(1);
    }
}
