package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Steering, schedules and events over real HTTP, with a real PostgreSQL.
@Tag("slow")
class SteeringTest {
    @TempDir static Path home;

    private static TestServer server;
    private static ApiClient client;

    @BeforeAll
    static void start() throws Exception {
        server = new TestServer(home);
        client = server.client;
        client.apply(Folders.greeter()).expect(200);
        client.apply(Folders.patient("1h")).expect(200);
        client.apply(digest()).expect(200);
    }

    @AfterAll
    static void stop() {
        server.close();
        Leftovers.delete(home);
    }

    private static TreeMap<String, String> digest() throws Exception {
        var files = new TreeMap<String, String>();
        var folder = Path.of("..", "examples", "morning-digest");
        try (var all = Files.list(folder)) {
            for (var file : all.toList()) {
                files.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return files;
    }

    private static JsonNode named(String name) {
        return Json.object().put("name", name);
    }

    private static void within(BooleanSupplier condition, String what) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    @Test
    void a_fork_begins_as_the_other_did_and_both_say_so() {
        var id = client.open("greeter", named("Ada")).expect(201).text("/id");
        client.closed(id);
        var fork =
                client.post("/v1/sessions/" + id + ":fork", Json.object().put("turn", 1))
                        .expect(201);
        var closed = client.closed(fork.text("/id"));
        assertThat(closed.path("output").path("greeting").asString("")).isEqualTo("Hello Ada");
        assertThat(closed.path("forked_from").path("session").asString("")).isEqualTo(id);
        var original = client.get("/v1/sessions/" + id).expect(200);
        assertThat(original.text("/forks/0/session")).isEqualTo(fork.text("/id"));
        client.post("/v1/sessions/" + id + ":fork", Json.object().put("turn", 9)).expect(409);
        client.post("/v1/sessions/" + id + ":fork", Json.object().put("at", 999)).expect(409);
    }

    @Test
    void a_fork_from_every_event_ends_well_and_the_original_stays_as_it_was() {
        var id = client.open("greeter", named("Eve")).expect(201).text("/id");
        var closed = client.closed(id);
        long head = closed.path("head").asLong();
        assertThat(head).isGreaterThanOrEqualTo(4);
        for (long at = 1; at < head; at++) {
            var fork =
                    client.post("/v1/sessions/" + id + ":fork", Json.object().put("at", at))
                            .expect(201)
                            .text("/id");
            assertThat(client.closed(fork).path("output")).isEqualTo(closed.path("output"));
        }
        var now = client.get("/v1/sessions/" + id).expect(200).body();
        assertThat(now.path("forks").size()).isEqualTo(head - 1);
        assertThat(now.path("head").asLong()).isEqualTo(head);
        assertThat(now.path("output")).isEqualTo(closed.path("output"));
        var last = client.post("/v1/sessions/" + id + ":fork", Json.object().put("at", head));
        assertThat(last.expect(409).text("/detail")).contains("the last is " + (head - 1));
    }

    // ---- interrupt

    private static final String ONCE_TOLD =
            """
            remit: rehearsal/v1
            replies:
              - when: messages.exists(m, m.text.contains("never mind"))
                answer: { greeting: "Never mind, ${input.name}" }
              - %s
            """;

    private static void interrupt(String id, String words) {
        var body = words == null ? Json.object() : Json.object().put("message", words);
        client.post("/v1/sessions/" + id + ":interrupt", body).expect(202);
    }

    @Test
    void a_session_that_waits_for_its_model_takes_up_what_it_is_told() {
        var busy =
                """
                fault: { kind: rate_limited, times: 9, retry_after: 1h }
                    answer: { greeting: "Hello" }
                """;
        client.apply(Folders.agent("waits", "", ONCE_TOLD.formatted(busy))).expect(200);
        var id = client.open("waits", named("Ada")).expect(201).text("/id");
        client.idle(id, "timer");
        interrupt(id, "never mind");
        assertThat(client.closed(id).at("/output/greeting").asString(""))
                .isEqualTo("Never mind, Ada");

        var listens = client.open("waits", named("Bo")).expect(201).text("/id");
        client.idle(listens, "timer");
        interrupt(listens, null);
        client.idle(listens, "message");
        client.post(
                        "/v1/sessions/" + listens + "/events",
                        Json.object().put("type", "message").put("text", "never mind"))
                .expect(202);
        assertThat(client.closed(listens).at("/output/greeting").asString(""))
                .isEqualTo("Never mind, Bo");
    }

    @Test
    void a_call_is_cut_in_the_middle_and_the_session_goes_on_with_what_it_is_told() {
        var slow =
                """
                answer: { greeting: "%s ${input.name}" }
                    tokens_per_second: 1
                """
                        .formatted("a long story ".repeat(50));
        client.apply(Folders.agent("talks", "", ONCE_TOLD.formatted(slow))).expect(200);
        var id = client.open("talks", named("Ada")).expect(201).text("/id");
        client.follow(id, 0, sent -> sent.type().equals("model_called"));
        interrupt(id, "never mind");
        var closed = client.closed(id);
        assertThat(closed.at("/output/greeting").asString("")).isEqualTo("Never mind, Ada");
        var types = client.follow(id, 0, sent -> sent.type().equals("closed"));
        assertThat(types.stream().map(ApiClient.Sent::type))
                .containsSubsequence(
                        "model_called", "model_failed", "interrupted", "model_called", "closed");
        client.post("/v1/sessions/" + id + ":interrupt", Json.object()).expect(409);
    }

    // ---- budget

    @Test
    void one_who_works_for_a_workflow_is_raised_out_of_its_budget_alone() throws Exception {
        var files = new TreeMap<String, String>();
        files.put(
                "workflow.yaml",
                """
                remit: workflow/v1
                name: pair
                steps:
                  - parallel: [left, right]
                budget: { session: 1 USD }
                """);
        for (var name : new String[] {"left", "right"}) {
            Folders.patient("1h")
                    .forEach((file, text) ->
                            files.put(
                                    "agents/" + name + "/" + file,
                                    text.replace("name: patient", "name: " + name)
                                            .replace("{ greeting:", "{ " + name + ":")
                                            .replace("answer.greeting", "answer." + name)
                                            .replace("[greeting]", "[" + name + "]")
                                            .replace("  greeting:", "  " + name + ":")));
        }
        client.apply(files).expect(200);
        var parent = client.open("pair", named("Flo")).expect(201).text("/id");
        var child = client.idle(parent, "session").at("/children/0/session").asString("");
        client.idle(child, "timer");
        assertThat(budget(child)).isEqualTo(500_000);
        var refused = raise(child, "0.60 USD").expect(409);
        assertThat(refused.text("/detail"))
                .contains(parent, "has 0.00 USD left of 1.00", "\"1.10 USD\"");

        raise(parent, "2 USD").expect(202);
        within(() -> budget(parent) == 2_000_000, "the parent is raised");
        raise(child, "1.51 USD").expect(409);
        raise(child, "1.50 USD").expect(202);
        within(() -> budget(child) == 1_500_000, "and then the child");
        raise(child, "1.60 USD").expect(409);
        client.post("/v1/sessions/" + parent + ":cancel", Json.object()).expect(202);
        client.closed(parent);
        raise(child, "1.60 USD").expect(409);
    }

    private static long budget(String id) {
        return client.get("/v1/sessions/" + id).expect(200).body().path("budget_micros").asLong();
    }

    private static ApiClient.Answer raise(String id, String budget) {
        return client.post("/v1/sessions/" + id + ":raise", Json.object().put("budget", budget));
    }

    // ---- trouble

    @Test
    void who_is_in_trouble_is_listed_with_the_reason_and_tries_again_when_redriven() {
        client.apply(
                        Folders.agent(
                                "stuck",
                                "on_trouble: escalate\n",
                                ONCE_TOLD.formatted(
                                        """
                                        fault: { kind: server_error, times: 99, retry_after: 1ms }
                                            answer: { greeting: "Hello" }
                                        """)))
                .expect(200);
        var id = client.open("stuck", named("Gil")).expect(201).text("/id");
        client.idle(id, "trouble");
        var listed = client.get("/v1/trouble?agent=stuck").expect(200).body().at("/items/0");
        assertThat(listed.path("session").asString(listed.path("id").asString(""))).isEqualTo(id);
        assertThat(listed.path("why").asString("")).contains("a fault of the server");
        long before = client.get("/v1/sessions/" + id).expect(200).body().path("head").asLong();

        client.post("/v1/sessions/" + id + ":redrive", Json.object()).expect(202);
        client.follow(id, before, sent -> sent.type().equals("model_failed"));

        interrupt(id, "never mind");
        assertThat(client.closed(id).at("/output/greeting").asString(""))
                .isEqualTo("Never mind, Gil");
        assertThat(client.get("/v1/trouble?agent=stuck").expect(200).body().path("items"))
                .isEmpty();
        client.post("/v1/sessions/" + id + ":redrive", Json.object()).expect(409);
    }

    @Test
    void a_rewound_session_is_cancelled_and_another_takes_its_place() {
        var id = client.open("patient", named("Bo")).expect(201).text("/id");
        client.idle(id, "timer");
        var other =
                client.post("/v1/sessions/" + id + ":rewind", Json.object().put("at", 1))
                        .expect(201)
                        .text("/id");
        var closed = client.closed(id);
        assertThat(closed.path("stop_reason").asString("")).isEqualTo("cancelled");
        assertThat(closed.path("why").asString("")).contains(other);
        client.idle(other, "timer");
    }

    @Test
    void a_session_stays_with_its_version_until_it_is_moved() {
        var id = client.open("patient", named("Cy")).expect(201).text("/id");
        client.idle(id, "timer");
        client.apply(Folders.patient("50m")).expect(200);
        var shown = client.get("/v1/sessions/" + id).expect(200);
        assertThat(shown.text("/newest_version")).isNotEqualTo(shown.text("/version"));
        client.post("/v1/sessions/" + id + ":move", Json.object().put("to", "newest")).expect(202);
        within(
                () ->
                        client.get("/v1/sessions/" + id)
                                .expect(200)
                                .text("/version")
                                .equals(shown.text("/newest_version")),
                "it moves");
        client.post("/v1/sessions/" + id + ":move", Json.object().put("to", "newest")).expect(409);
        client.post("/v1/sessions/" + id + ":move", Json.object().put("to", "0123456789ab"))
                .expect(404);
    }

    @Test
    void schedules_of_a_folder_are_there_when_it_is_applied_and_start_when_triggered() {
        var list = client.get("/v1/schedules?agent=morning-digest").expect(200).body();
        assertThat(list.path("items").size()).isEqualTo(2);
        var name = "/v1/schedules/morning-digest.weekdays";
        var fire = client.post(name + ":trigger", Json.object()).expect(200);
        assertThat(fire.text("/state")).isEqualTo("started");
        var closed = client.closed(fire.text("/session"));
        assertThat(closed.path("output").path("headline").asString(""))
                .isEqualTo("Digest: what is on today");
        client.post(name + ":pause", Json.object().put("note", "away")).expect(200);
        assertThat(client.get(name).expect(200).text("/paused/note")).isEqualTo("away");
        client.post(name + ":resume", Json.object()).expect(200);
        assertThat(client.get(name + "/next?count=3").expect(200).body().path("times").size())
                .isEqualTo(3);
        client.post(name + ":nonsense", Json.object()).expect(404);
    }

    @Test
    void a_schedule_that_is_due_starts_by_itself() {
        client.put(
                        "/v1/schedules/each-second",
                        Json.object()
                                .put("agent", "greeter")
                                .put("every", "1s")
                                .set("input", named("clock")))
                .expect(200);
        within(
                () ->
                        client.get("/v1/schedules/each-second")
                                .expect(200)
                                .body()
                                .path("fires")
                                .valueStream()
                                .anyMatch(f -> f.path("state").asString("").equals("ended")),
                "it fires and ends");
        client.send(client.request("/v1/schedules/each-second").DELETE()).expect(204);
        client.get("/v1/schedules/each-second").expect(404);
    }

    @Test
    void a_backfill_starts_each_time_of_a_span_once_and_says_so() {
        client.put(
                        "/v1/schedules/nightly",
                        Json.object()
                                .put("agent", "greeter")
                                .put("cron", "30 2 * * *")
                                .put("zone", "Europe/Berlin")
                                .set("input", named("night")))
                .expect(200);
        var span =
                Json.object().put("from", "2026-03-27T00:00:00Z").put("to", "2026-03-30T00:00:00Z");
        var path = "/v1/schedules/nightly";
        var first = client.post(path + ":backfill", span).expect(200).body();
        assertThat(first.path("starts").size()).as("%s", first).isEqualTo(3);
        within(
                () ->
                        client.get(path)
                                        .expect(200)
                                        .body()
                                        .path("fires")
                                        .valueStream()
                                        .filter(f -> f.path("state").asString("").equals("ended"))
                                        .count()
                                == 3,
                "one after the other");
        var times =
                client.get(path)
                        .expect(200)
                        .body()
                        .path("fires")
                        .valueStream()
                        .map(f -> f.path("nominal").asString(""))
                        .toList();
        assertThat(times)
                .as("02:30 is not there on the 29th: clocks go from 02:00 to 03:00")
                .containsExactlyInAnyOrder(
                        "2026-03-27T01:30:00Z", "2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z");
        var again = client.post(path + ":backfill", span).expect(200).body();
        assertThat(again.path("starts").size()).as("%s", again).isZero();
        assertThat(again.path("started_before").size()).as("%s", again).isEqualTo(3);
        assertThat(
                        client.post(
                                        path + ":backfill",
                                        Json.object()
                                                .put("from", "2026-03-30T00:00:00Z")
                                                .put("to", "2026-03-27T00:00:00Z"))
                                .status())
                .isBetween(400, 499);
        client.send(client.request(path).DELETE()).expect(204);
    }

    @Test
    void a_bad_schedule_is_refused_with_its_place_and_what_would_be_right() {
        var refused =
                client.put(
                                "/v1/schedules/bad",
                                Json.object()
                                        .put("agent", "greeter")
                                        .put("cron", "0 25 * * *")
                                        .put("zone", "UTC"))
                        .expect(422);
        assertThat(refused.text("/faults/0/right")).contains("0 to 23");
    }

    @Test
    void an_event_starts_those_who_asked_for_it_once() {
        var event = Json.object().put("id", "T-7").put("customer", "acme").put("priority", "high");
        assertThat(
                        client.post("/v1/events/ticket.created", event)
                                .expect(202)
                                .body()
                                .path("triggers")
                                .asInt(0))
                .isEqualTo(1);
        assertThat(
                        client.post("/v1/events/nobody.cares", event)
                                .expect(202)
                                .body()
                                .path("triggers")
                                .asInt(1))
                .isZero();
        within(
                () ->
                        client.get("/v1/triggers/morning-digest.urgent")
                                .expect(200)
                                .body()
                                .path("starts")
                                .valueStream()
                                .anyMatch(s -> s.path("state").asString("").equals("ended")),
                "it starts and ends");
        var start =
                client.get("/v1/triggers/morning-digest.urgent")
                        .expect(200)
                        .text("/starts/0/session");
        assertThat(client.closed(start).path("output").path("headline").asString(""))
                .isEqualTo("Digest: ticket T-7 of acme");
    }

    @Test
    void what_is_not_in_the_file_any_more_is_gone_and_what_stays_keeps_its_pause()
            throws Exception {
        client.post("/v1/schedules/morning-digest.pulse:pause", Json.object()).expect(200);
        var files = digest();
        files.put(
                "agent.yaml",
                files.get("agent.yaml").replace("  weekdays:\n", "  working-days:\n"));
        client.apply(files).expect(200);
        client.get("/v1/schedules/morning-digest.weekdays").expect(404);
        client.get("/v1/schedules/morning-digest.working-days").expect(200);
        assertThat(
                        client.get("/v1/schedules/morning-digest.pulse")
                                .expect(200)
                                .body()
                                .has("paused"))
                .isTrue();
        client.apply(digest()).expect(200);
        client.post("/v1/schedules/morning-digest.pulse:resume", Json.object()).expect(200);
        client.send(client.request("/v1/schedules/morning-digest.pulse").DELETE()).expect(409);
    }
}
