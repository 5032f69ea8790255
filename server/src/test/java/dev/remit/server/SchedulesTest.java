package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import dev.remit.store.database.Database;
import dev.remit.store.database.EmbeddedPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Schedules over real HTTP, in a real server that ticks: every overlap policy, and what people may
/// ask for. Under faults: see store's `ScheduleHistoriesTest`.
@Tag("slow")
class SchedulesTest {
    @TempDir static Path home;

    private static TestServer server;
    private static ApiClient client;
    private Scheduled schedule;

    @BeforeAll
    static void start() {
        server = new TestServer(home);
        client = server.client;
        apply(client);
    }

    private static void apply(ApiClient client) {
        client.apply(Folders.greeter()).expect(200);
        client.apply(Folders.patient("1h")).expect(200);
    }

    @AfterAll
    static void stop() {
        server.close();
        Leftovers.delete(home);
    }

    @AfterEach
    void remove() {
        schedule.remove();
    }

    /// @param agent a greeter is done at once; a patient one is open until it is cancelled
    private Scheduled put(String name, String agent, String spec) {
        schedule = Scheduled.put(client, name, agent, spec);
        return schedule;
    }

    private static String session(JsonNode fire) {
        return fire.path("session").asString();
    }

    private static boolean isOpen(JsonNode fire) {
        var shown = client.get("/v1/sessions/" + session(fire)).expect(200);
        return !shown.text("/status").equals("closed");
    }

    private static void cancel(JsonNode fire) {
        client.post("/v1/sessions/" + session(fire) + ":cancel", Json.object()).expect(202);
    }

    // ---- overlap

    @Test
    void skip_starts_nothing_beside_an_open_session_and_says_why() throws Exception {
        var fires = put("skips", "patient", "{\"every\":\"1s\"}").until(f -> f.size() >= 4);
        assertThat(fires.getFirst().path("state").asString()).isEqualTo("started");
        assertThat(fires.subList(1, 4))
                .allMatch(f -> f.path("state").asString().equals("skipped"))
                .allMatch(f -> f.path("why").asString().contains("still open"))
                .noneMatch(f -> f.has("session"));
        cancel(fires.getFirst());
        schedule.until(now ->
                now.stream()
                        .anyMatch(f ->
                                f.path("state").asString().equals("started")
                                        && !session(f).equals(session(fires.getFirst()))));
    }

    @Test
    void buffer_one_keeps_one_and_starts_it_when_the_earlier_session_has_closed() throws Exception {
        put("keeps-one", "patient", "{\"every\":\"1s\",\"overlap\":\"buffer_one\"}");
        var fires = schedule.until(f -> f.size() >= 4);
        assertThat(fires.stream().map(f -> f.path("state").asString()).limit(4))
                .containsExactly("started", "buffered", "skipped", "skipped");
        cancel(fires.getFirst());
        var waited = fires.get(1).path("nominal").asString();
        schedule.until(now ->
                now.stream()
                        .anyMatch(f ->
                                f.path("nominal").asString().equals(waited) && f.has("session")));
        assertThat(schedule.fires("buffered")).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void buffer_all_keeps_so_many_and_starts_them_in_order() throws Exception {
        put("keeps-two", "patient", "{\"every\":\"1s\",\"overlap\":\"buffer_all\",\"buffer\":2}");
        var fires = schedule.until(f -> f.size() >= 5);
        assertThat(fires.stream().map(f -> f.path("state").asString()).limit(5))
                .containsExactly("started", "buffered", "buffered", "skipped", "skipped");
        var open = fires.getFirst();
        for (int i = 0; i < 2; i++) {
            cancel(open);
            var next = fires.get(i + 1).path("nominal").asString();
            open =
                    ApiClient.until(
                                    () ->
                                            schedule.fires("started").stream()
                                                    .filter(f ->
                                                            f.path("nominal")
                                                                    .asString()
                                                                    .equals(next))
                                                    .findFirst(),
                                    Optional::isPresent)
                            .get();
        }
    }

    @Test
    void cancel_ends_the_earlier_session_and_there_are_never_two() throws Exception {
        put("cancels", "patient", "{\"every\":\"1s\",\"overlap\":\"cancel\"}");
        var seen = new HashSet<String>();
        ApiClient.until(
                () -> {
                    var open =
                            schedule.fires("started").stream()
                                    .filter(SchedulesTest::isOpen)
                                    .toList();
                    assertThat(open).hasSizeLessThanOrEqualTo(1);
                    open.forEach(f -> seen.add(session(f)));
                    return seen.size();
                },
                count -> count >= 3);
        var ended = schedule.fires("ended").getFirst();
        var shown = client.get("/v1/sessions/" + session(ended)).expect(200);
        assertThat(shown.text("/stop_reason")).isEqualTo("cancelled");
        assertThat(ended.path("why").asString()).contains("takes its place");
    }

    @Test
    void allow_starts_them_beside_each_other() throws Exception {
        put("allows", "patient", "{\"every\":\"1s\",\"overlap\":\"allow\"}");
        var fires = schedule.until("started", 3);
        assertThat(fires).allMatch(SchedulesTest::isOpen);
        assertThat(fires.stream().map(SchedulesTest::session).distinct()).hasSize(fires.size());
    }

    // ---- what people ask for

    @Test
    void a_paused_schedule_starts_nothing_and_says_afterwards_what_it_left_out() throws Exception {
        put("pauses", "greeter", "{\"every\":\"1s\",\"overlap\":\"allow\"}");
        schedule.until(f -> !f.isEmpty());
        var paused = schedule.post("pause", Json.object().put("note", "a party")).expect(200);
        assertThat(paused.text("/paused/note")).isEqualTo("a party");
        assertThat(paused.body().has("next_at")).isFalse();
        int before = schedule.fires().size();
        var other = Scheduled.put(client, "ticks", "greeter", "{\"every\":\"1s\"}");
        other.until(f -> f.size() >= 3);
        other.remove();
        assertThat(schedule.fires()).as("while it is paused").hasSize(before);
        schedule.post("resume", Json.object()).expect(200);
        var left = schedule.until("skipped", 1).getFirst();
        assertThat(left.path("times").asInt()).isGreaterThanOrEqualTo(2);
        assertThat(left.path("why").asString()).contains("paused");
        schedule.until(f -> f.size() >= before + 2);
        assertThat(schedule.fires())
                .filteredOn(f -> f.path("state").asString().equals("missed"))
                .isEmpty();
    }

    @Test
    void somebody_may_start_it_now_once_for_each_request() {
        put("triggers", "patient", "{\"every\":\"24h\"}");
        var first = schedule.trigger("one", Json.object());
        assertThat(first.path("state").asString()).isEqualTo("started");
        assertThat(session(schedule.trigger("one", Json.object()))).isEqualTo(session(first));
        var second = schedule.trigger("two", Json.object());
        assertThat(second.path("state").asString()).as("as its policy says").isEqualTo("skipped");
        var third = schedule.trigger("three", Json.object().put("overlap", "allow"));
        assertThat(third.path("state").asString()).isEqualTo("started");
        assertThat(third.path("by").asString()).isNotEmpty();
        assertThat(schedule.fires()).hasSize(3);
        schedule.post("trigger", Json.object().put("overlap", "perhaps")).expect(400);
    }

    @Test
    void a_backfill_starts_the_times_of_a_span_once_one_after_the_other() throws Exception {
        put("backfills", "greeter", "{\"every\":\"24h\"}");
        var today = Instant.now().truncatedTo(ChronoUnit.DAYS);
        var span =
                Json.object()
                        .put("from", today.minus(3, ChronoUnit.DAYS).toString())
                        .put("to", today.minus(1, ChronoUnit.DAYS).toString());
        var done = schedule.post("backfill", span).expect(200).body();
        assertThat(done.path("starts")).hasSize(3);
        var fires = schedule.until("ended", 3);
        assertThat(fires).allMatch(f -> f.path("kind").asString().equals("backfill"));
        assertThat(fires.stream().map(f -> f.path("nominal").asString()))
                .containsExactlyInAnyOrder(
                        today.minus(3, ChronoUnit.DAYS).toString(),
                        today.minus(2, ChronoUnit.DAYS).toString(),
                        today.minus(1, ChronoUnit.DAYS).toString());
        var again = schedule.post("backfill", span).expect(200).body();
        assertThat(again.path("starts")).isEmpty();
        assertThat(again.path("started_before")).hasSize(3);
        assertThat(schedule.fires()).hasSize(3);
        var future = span.deepCopy().put("to", today.plus(9, ChronoUnit.DAYS).toString());
        schedule.post("backfill", future).expect(400);
    }

    // ---- away

    @Test
    void what_came_while_the_server_was_down_is_caught_up_with_or_listed_as_missed(
            @TempDir Path own) {
        try {
            try (var before = new TestServer(own)) {
                apply(before.client);
                for (var catchUp : List.of("10m", "2h")) {
                    Scheduled.put(
                            before.client,
                            "away-" + catchUp,
                            "greeter",
                            "{\"every\":\"1m\",\"overlap\":\"allow\",\"catch_up\":\""
                                    + catchUp
                                    + "\"}");
                }
            }
            away(own, Duration.ofMinutes(15));
            try (var after = new TestServer(own)) {
                caughtUp(new Scheduled(after.client, "away-10m"), 10, 5);
                caughtUp(new Scheduled(after.client, "away-2h"), 15, 0);
                var listed = after.client.get("/v1/schedules").expect(200).body().path("items");
                assertThat(listed.get(0).path("missed_lately").asInt()).isBetween(4, 7);
                assertThat(listed.get(1).path("missed_lately").asInt()).isZero();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        } finally {
            schedule = put("none", "greeter", "{\"every\":\"24h\"}");
            Leftovers.delete(own);
        }
    }

    private static void caughtUp(Scheduled schedule, int started, int missed) throws Exception {
        schedule.until(f -> f.stream().filter(x -> x.has("session")).count() >= started);
        var sessions =
                schedule.fires().stream()
                        .filter(f -> f.has("session"))
                        .map(SchedulesTest::session)
                        .toList();
        assertThat(sessions).doesNotHaveDuplicates().hasSizeBetween(started, started + 2);
        var listed = schedule.fires("missed");
        assertThat(listed.stream().mapToInt(f -> f.path("times").asInt()).sum())
                .isBetween(Math.max(0, missed - 1), missed == 0 ? 0 : missed + 2);
        assertThat(listed).allMatch(f -> f.path("why").asString().contains("no node was there"));
    }

    /// As if the server had been down for so long: its times stand as they stood then.
    private static void away(Path home, Duration time) {
        try (var postgres = EmbeddedPostgres.start(home.resolve("postgres"));
                var database = Database.open(postgres.address())) {
            int moved =
                    database.with(connection -> {
                        try (var move =
                                connection.prepareStatement(
                                        """
                                        UPDATE schedule
                                        SET next_at = next_at - make_interval(secs => ?),
                                            due = due - make_interval(secs => ?)
                                        """)) {
                            move.setDouble(1, time.toSeconds());
                            move.setDouble(2, time.toSeconds());
                            return move.executeUpdate();
                        }
                    });
            assertThat(moved).isEqualTo(2);
        }
    }
}
