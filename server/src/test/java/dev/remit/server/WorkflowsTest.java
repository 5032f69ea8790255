package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Workflows over real HTTP, with a real PostgreSQL: questions to people, events, time-outs, lists
/// with items that fail, and what is taken back. What was done stands in journals, files that no
/// driver reads.
@Tag("slow")
class WorkflowsTest {
    private static final String HEAD = "remit: workflow/v1\nname: %s\nsteps:\n";

    @TempDir static Path home;

    private static TestServer server;
    private static ApiClient client;

    @BeforeAll
    static void start() {
        server = new TestServer(home);
        client = server.client;
    }

    @AfterAll
    static void stop() {
        server.close();
        Leftovers.delete(home);
    }

    // ---- what is played

    /// Writes a line, and another one to take it back.
    private static String line(String journal, String name) {
        return """
          - do: journal.append
            with: { journal: %1$s, line: %2$s done }
            as: %2$s
            undo: { do: journal.append, with: { journal: %1$s, line: %2$s taken back } }
        """
                .formatted(journal, name);
    }

    private static String apply(String name, String steps) {
        return apply(name, steps, Map.of());
    }

    private static String apply(String name, String steps, Map<String, String> more) {
        var files = new TreeMap<String, String>(more);
        files.put("workflow.yaml", HEAD.formatted(name) + steps);
        client.apply(files).expect(200);
        return name;
    }

    private static String open(String workflow) {
        return client.open(workflow, Json.object()).expect(201).text("/id");
    }

    private static List<String> journal(String name) throws Exception {
        var file = home.resolve("journal").resolve(name + ".jsonl");
        return Files.exists(file)
                ? Files.readAllLines(file).stream()
                        .map(line -> Json.parse(line).path("line").asString(""))
                        .toList()
                : List.of();
    }

    private static JsonNode question(String session) {
        client.idle(session, "approval");
        var items = client.get("/v1/approvals?session=" + session).expect(200).body().path("items");
        assertThat(items.size()).isEqualTo(1);
        return items.get(0);
    }

    private static ApiClient.Answer answer(JsonNode question, String verb, JsonNode body) {
        return client.post("/v1/approvals/" + question.path("id").asString() + ":" + verb, body);
    }

    private static ApiClient.Answer event(String session, String name, JsonNode body) {
        return client.post(
                "/v1/sessions/" + session + "/events",
                Json.object().put("type", "event").put("name", name).set("body", body));
    }

    // ---- people

    @Test
    void a_question_shows_all_that_is_decided_about_and_is_answered_once() throws Exception {
        var workflow =
                apply(
                        "asks",
                        line("asks", "first")
                                + "  - approve: { show: { what: steps.first, sum: \"${1 + 1}\" }, ask: \"go?\", by: sre, within: 1h }\n"
                                + "    as: go\n"
                                + line("asks", "second")
                                + "output: { go: go }\n");
        var id = open(workflow);
        var question = question(id);
        assertThat(question.path("question").asString()).isEqualTo("go?");
        assertThat(question.path("by").asString()).isEqualTo("sre");
        assertThat(question.path("step").asString()).isEqualTo("go");
        assertThat(question.at("/shown/what/written").asBoolean()).isTrue();
        assertThat(question.at("/shown/sum").asInt()).isEqualTo(2);
        assertThat(question.path("expires_at").asString()).isNotEmpty();
        assertThat(client.get("/v1/approvals").expect(200).body().path("items").values())
                .as("in the list of all")
                .anyMatch(q -> q.path("id").equals(question.path("id")));

        answer(question, "approve", Json.object().put("digest", "00")).expect(409);
        var said =
                answer(
                                question,
                                "approve",
                                Json.object()
                                        .put("note", "looked at it")
                                        .set("digest", question.path("digest")))
                        .expect(200);
        assertThat(said.text("/status")).isEqualTo("approved");
        var twice = answer(question, "reject", Json.object()).expect(409);
        assertThat(twice.text("/detail")).contains("answered already", "approved");

        var closed = client.closed(id);
        assertThat(closed.path("stop_reason").asString()).isEqualTo("completed");
        assertThat(closed.at("/output/go/approved").asBoolean()).isTrue();
        assertThat(closed.at("/output/go/note").asString()).isEqualTo("looked at it");
        assertThat(journal("asks")).containsExactly("first done", "second done");
        assertThat(client.get("/v1/approvals?session=" + id).expect(200).body().path("items"))
                .isEmpty();
        answer(question, "approve", Json.object()).expect(409);
        client.post("/v1/approvals/" + id + ".000000000000:approve", Json.object()).expect(409);
        client.post("/v1/approvals/nonsense:approve", Json.object()).expect(404);
    }

    @Test
    void of_many_who_answer_at_the_same_time_one_does() throws Exception {
        var id = open(apply("raced", "  - approve: { show: input, ask: go }\n    as: go\n"));
        var question = question(id);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = new java.util.ArrayList<Callable<ApiClient.Answer>>();
            for (int i = 0; i < 8; i++) {
                var verb = i % 2 == 0 ? "approve" : "reject";
                calls.add(() -> answer(question, verb, Json.object().put("note", verb)));
            }
            var answers = threads.invokeAll(calls).stream().map(WorkflowsTest::got).toList();
            assertThat(answers).filteredOn(a -> a.status() == 200).hasSize(1);
            assertThat(answers).filteredOn(a -> a.status() == 409).hasSize(7);
            var counted = answers.stream().filter(a -> a.status() == 200).findFirst().orElseThrow();
            assertThat(client.closed(id).path("stop_reason").asString())
                    .isEqualTo(counted.text("/status").equals("approved") ? "completed" : "denied");
        }
    }

    private static <T> T got(java.util.concurrent.Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void what_was_done_is_taken_back_newest_first_when_people_say_no() throws Exception {
        var workflow =
                apply(
                        "refused",
                        line("refused", "one")
                                + line("refused", "two")
                                + "  - approve: { show: steps.two, ask: go }\n    as: go\n"
                                + line("refused", "three"));
        var id = open(workflow);
        answer(question(id), "reject", Json.object().put("note", "not on a friday")).expect(200);
        var closed = client.closed(id);
        assertThat(closed.path("stop_reason").asString()).isEqualTo("denied");
        assertThat(closed.path("why").asString())
                .contains("said no: not on a friday", "taken back: two, one");
        assertThat(journal("refused"))
                .containsExactly("one done", "two done", "two taken back", "one taken back");
    }

    @Test
    void a_question_that_nobody_answers_ends_as_it_says() throws Exception {
        var stops =
                open(
                        apply(
                                "unanswered",
                                line("unanswered", "one")
                                        + "  - approve: { show: input, within: 1s }\n    as: go\n"));
        var goesOn =
                open(
                        apply(
                                "unheeded",
                                "  - approve: { show: input, within: 1s, otherwise: continue }\n"
                                        + "    as: go\n"
                                        + "output: { go: go }\n"));
        var question = question(stops);
        var closed = client.closed(stops);
        assertThat(closed.path("stop_reason").asString()).isEqualTo("denied");
        assertThat(closed.path("why").asString()).contains("nobody answered in time");
        assertThat(journal("unanswered")).containsExactly("one done", "one taken back");
        answer(question, "approve", Json.object()).expect(409);
        assertThat(client.closed(goesOn).at("/output/go"))
                .isEqualTo(Json.object().put("approved", false).put("expired", true));
    }

    @Test
    void a_question_beside_an_agent_that_is_busy_can_be_answered() {
        var files = new TreeMap<String, String>();
        Folders.patient("1h").forEach((name, text) -> files.put("agents/patient/" + name, text));
        var id =
                open(
                        apply(
                                "beside",
                                """
                                  - parallel:
                                      - agent: patient
                                        input: { name: "Ada" }
                                      - approve: { show: input, ask: go }
                                        as: go
                                """,
                                files));
        var question = question(id);
        answer(question, "reject", Json.object()).expect(200);
        var closed = client.closed(id);
        assertThat(closed.path("stop_reason").asString()).isEqualTo("denied");
        var child = closed.at("/children/0/session").asString();
        assertThat(client.closed(child).path("stop_reason").asString()).isEqualTo("cancelled");
    }

    // ---- events

    @Test
    void an_event_is_taken_whether_it_comes_before_the_step_or_after() throws Exception {
        var workflow =
                apply(
                        "arrivals",
                        """
                          - approve: { show: input, ask: go }
                            as: go
                          - wait: { event: arrived, where: event.version == "2", within: 1h }
                            as: came
                          - wait: { event: left, within: 1h }
                            as: gone
                        output: { came: came, gone: gone }
                        """);
        var id = open(workflow);
        var question = question(id);
        event(id, "arrived", Json.object().put("version", "1")).expect(202);
        event(id, "arrived", Json.object().put("version", "2").put("n", 1)).expect(202);
        answer(question, "approve", Json.object()).expect(200);
        client.idle(id, "event");
        event(id, "left", Json.text("by train")).expect(202);
        var closed = client.closed(id);
        assertThat(closed.at("/output/came/n").asInt()).isEqualTo(1);
        assertThat(closed.at("/output/gone").asString()).isEqualTo("by train");
        event(id, "left", Json.object()).expect(409);
    }

    @Test
    void an_event_that_does_not_come_in_time_ends_the_wait_and_takes_back_what_was_done()
            throws Exception {
        var id =
                open(
                        apply(
                                "awaits",
                                line("awaits", "one")
                                        + "  - wait: { event: arrived, within: 1s }\n"
                                        + "    as: came\n"));
        var idle = client.idle(id, "event");
        assertThat(idle.at("/waiting/names/0").asString()).isEqualTo("arrived");
        var closed = client.closed(id);
        assertThat(closed.path("stop_reason").asString()).isEqualTo("failed");
        assertThat(closed.path("why").asString()).contains("`arrived` did not come in time");
        assertThat(journal("awaits")).containsExactly("one done", "one taken back");
    }

    @Test
    void a_step_that_fails_later_takes_back_what_was_done_before_it() throws Exception {
        var id =
                open(
                        apply(
                                "later",
                                line("later", "one")
                                        + line("later", "two")
                                        + "  - map: \"steps.two.written ? [1, 2] : []\"\n"
                                        + "    as: n\n"
                                        + "    at_most: 1\n"
                                        + "    steps:\n"
                                        + "      - do: journal.append\n"
                                        + "        with: { journal: later, line: never }\n"));
        var closed = client.closed(id);
        assertThat(closed.path("stop_reason").asString()).isEqualTo("failed");
        assertThat(closed.path("why").asString()).contains("at_most", "taken back: two, one");
        assertThat(journal("later"))
                .containsExactly("one done", "two done", "two taken back", "one taken back");
    }

    // ---- lists

    private static String checks(String policy) {
        return """
          - map: input.items
            as: item
            name: checks
            at_once: 1
            if_one_fails: %s
            steps:
              - do: journal.append
                with: { journal: item, line: seen }
        output: { checks: checks }
        """
                .formatted(policy);
    }

    private static JsonNode of(String workflow, String... items) {
        var input = Json.object().set("items", Json.tree(List.of(items)));
        return client.closed(client.open(workflow, input).expect(201).text("/id"));
    }

    @Test
    void a_list_keeps_what_worked_or_stops_at_the_first_that_failed_as_it_says() throws Exception {
        var keep = of(apply("keeps", checks("keep_others")), "k1", "not/a/name", "k3");
        assertThat(keep.path("stop_reason").asString()).isEqualTo("completed");
        assertThat(keep.at("/output/checks").size()).isEqualTo(3);
        assertThat(keep.at("/output/checks/1").isNull()).isTrue();
        assertThat(keep.at("/output/checks/2/journal").asString()).isEqualTo("k3");
        assertThat(journal("k3")).containsExactly("seen");

        var stop = of(apply("stops", checks("stop")), "s1", "not/a/name", "s3");
        assertThat(stop.path("stop_reason").asString()).isEqualTo("failed");
        assertThat(stop.path("why").asString()).contains("checks/2/");
        assertThat(journal("s1")).containsExactly("seen");
        assertThat(journal("s3")).as("nothing is begun after one failed").isEmpty();

        var none = of("keeps", "not/a/name", "nor/this");
        assertThat(none.path("stop_reason").asString()).isEqualTo("failed");
        assertThat(none.path("why").asString()).contains("none of the items");
    }

    // ---- pictures

    @Test
    void an_applied_workflow_is_drawn_and_an_agent_is_not() {
        var drawn = client.get("/v1/agents/" + apply("drawn", line("drawn", "one")) + "/drawing");
        assertThat(drawn.expect(200).text("/text")).contains("└─ tool one (journal.append)");
        assertThat(drawn.text("/svg")).startsWith("<svg").contains("undo: journal.append");
        client.apply(Folders.greeter()).expect(200);
        client.get("/v1/agents/greeter/drawing").expect(409);
        client.get("/v1/agents/nobody/drawing").expect(404);
    }
}
