package dev.remit.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import dev.remit.core.json.Schema;
import dev.remit.server.ApiClient.Sent;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The API over real HTTP, with a real PostgreSQL.
@Tag("slow")
class ServerTest {
    @TempDir static Path home;

    private static TestServer server;
    private static ApiClient client;

    @BeforeAll
    static void start() {
        server = new TestServer(home);
        client = server.client;
        client.apply(Folders.greeter()).expect(200);
        client.apply(Folders.patient("1h")).expect(200);
        client.apply(Folders.choir()).expect(200);
    }

    @AfterAll
    static void stop() {
        server.close();
        Leftovers.delete(home);
    }

    private static JsonNode name(String name) {
        return Json.object().put("name", name);
    }

    private static ObjectNode request(String agent, JsonNode input) {
        return Json.object().put("agent", agent).set("input", input);
    }

    private static String opened(String agent, String name) {
        return client.open(agent, name(name)).expect(201).text("/id");
    }

    // ---- health, authentication

    @Test
    void health_needs_no_key_and_tells_the_pid() {
        try (var stranger = new ApiClient(server.url(), "")) {
            var health = stranger.get("/health").expect(200);
            assertThat(health.text("/status")).isEqualTo("ok");
            assertThat(health.body().path("pid").asLong()).isEqualTo(ProcessHandle.current().pid());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/sessions", "/v1/agents", "/v1/openapi.json", "/v1/nowhere", "/"})
    void without_the_key_nothing_else_is_told(String path) {
        for (var key : List.of("", "wrong", server.key() + "x", "Bearer " + server.key())) {
            try (var stranger = new ApiClient(server.url(), key)) {
                var refused = stranger.get(path).expect(401);
                assertThat(refused.headers()).containsKey("www-authenticate");
                assertThat(refused.body().toString()).doesNotContain(server.key());
            }
        }
    }

    // ---- agents

    @Test
    void an_unchanged_folder_changes_nothing() {
        var files = Folders.agent("steady", "", "replies: [{ answer: { greeting: hi } }]\n");
        var first = client.apply(files).expect(200);
        assertThat(first.body().at("/applied/0/changed").booleanValue()).isTrue();
        var second = client.apply(files).expect(200);
        assertThat(second.body().at("/applied/0/changed").booleanValue()).isFalse();
        assertThat(second.text("/version")).isEqualTo(first.text("/version"));
        files.put("instructions.md", "Greet twice.\n");
        var third = client.apply(files).expect(200);
        assertThat(third.text("/version")).isNotEqualTo(first.text("/version"));
        var versions = client.get("/v1/agents/steady/versions").expect(200);
        assertThat(versions.body().path("items")).hasSize(2);
        assertThat(versions.text("/items/0/version")).isEqualTo(third.text("/version"));
        assertThat(versions.body().at("/items/0/current").booleanValue()).isTrue();
    }

    @Test
    void a_dry_run_applies_nothing() {
        var files = Folders.agent("dry", "", "replies: [{ answer: { greeting: hi } }]\n");
        var body = Json.object().put("dry_run", true);
        body.set("files", Json.tree(files));
        var said = client.post("/v1/agents", body).expect(200);
        assertThat(said.body().at("/applied/0/changed").booleanValue()).isTrue();
        client.get("/v1/agents/dry").expect(404);
    }

    @Test
    void a_bad_folder_gets_all_its_faults_at_once_and_nothing_is_applied() {
        var files = Folders.agent("bad", "nonsense: 1\nowner: [x]\n", "replies: []\n");
        var refused = client.apply(files).expect(422);
        assertThat(refused.body().path("faults").size()).isGreaterThanOrEqualTo(2);
        var fault = refused.body().at("/faults/0");
        assertThat(fault.path("file").asString("")).isEqualTo("agent.yaml");
        assertThat(fault.path("line").asInt(0)).isPositive();
        assertThat(fault.path("wrong").asString("")).isNotEmpty();
        client.get("/v1/agents/bad").expect(404);
    }

    @Test
    void a_workflow_is_shown_with_the_versions_that_it_pins() {
        var shown = client.get("/v1/agents/choir").expect(200);
        assertThat(shown.text("/kind")).isEqualTo("workflow");
        assertThat(shown.text("/agents/choir.high")).hasSize(64);
        var agent = client.get("/v1/agents/choir.high").expect(200);
        assertThat(agent.text("/version")).isEqualTo(shown.text("/agents/choir.high"));
        assertThat(agent.text("/part_of")).isEqualTo("choir");
    }

    @Test
    void agents_are_listed_page_by_page() {
        var first = client.get("/v1/agents?limit=2").expect(200);
        assertThat(first.body().path("items")).hasSize(2);
        var second = client.get("/v1/agents?limit=2&cursor=" + first.text("/next")).expect(200);
        assertThat(second.text("/items/0/name")).isGreaterThan(first.text("/items/1/name"));
    }

    // ---- sessions

    @Test
    void a_session_runs_by_rehearsal_and_closes_with_a_good_outcome() {
        var opened = client.open("greeter", name("Ada")).expect(201);
        assertThat(opened.headers().get("location"))
                .containsExactly("/v1/sessions/" + opened.text("/id"));
        var session = client.closed(opened.text("/id"));
        assertThat(session.path("status").asString("")).isEqualTo("closed");
        assertThat(session.path("stop_reason").asString("")).isEqualTo("completed");
        assertThat(session.at("/outcome/status").asString("")).isEqualTo("good");
        assertThat(session.at("/output/greeting").asString("")).isEqualTo("Hello Ada");
        assertThat(session.path("provider").asString("")).isEqualTo("rehearsal");
        assertThat(session.path("turns").asInt(0)).isEqualTo(1);
        assertThat(session.path("kind").asString("")).isEqualTo("agent");
        assertThat(session.at("/usage/output").asLong(0)).isPositive();
    }

    @Test
    void a_workflow_hands_work_to_children_and_merges_their_answers() {
        var id = opened("choir", "Bo");
        var session = client.closed(id);
        assertThat(session.at("/output/high").asString("")).isEqualTo("La, Bo");
        assertThat(session.at("/output/low").asString("")).isEqualTo("La, Bo");
        assertThat(session.path("children")).hasSize(2);
        var child = session.at("/children/0/session").asString("");
        var shown = client.get("/v1/sessions/" + child).expect(200);
        assertThat(shown.text("/parent/session")).isEqualTo(id);
        var listed = client.get("/v1/sessions?parent=" + id).expect(200);
        assertThat(listed.body().path("items")).hasSize(2);
        var top = client.get("/v1/sessions?limit=500").expect(200);
        assertThat(top.body().path("items").valueStream().map(s -> s.path("id").asString("")))
                .contains(id)
                .doesNotContain(child);
    }

    @Test
    void the_same_key_and_request_give_the_same_session_and_another_request_is_refused() {
        var key = UUID.randomUUID().toString();
        var body = Json.canonical(request("greeter", name("Eve")));
        HttpRequest.Builder once =
                client.request("/v1/sessions")
                        .header("Idempotency-Key", key)
                        .POST(BodyPublishers.ofByteArray(body));
        var first = client.send(once).expect(201);
        client.closed(first.text("/id"));
        var again = client.send(once).expect(200);
        assertThat(again.text("/id")).isEqualTo(first.text("/id"));
        var other = Json.canonical(request("greeter", name("Adam")));
        var refused =
                client.send(
                                client.request("/v1/sessions")
                                        .header("Idempotency-Key", key)
                                        .POST(BodyPublishers.ofByteArray(other)))
                        .expect(409);
        assertThat(refused.text("/session")).isEqualTo(first.text("/id"));
    }

    @Test
    void one_key_used_by_many_at_once_opens_one_session() {
        var key = UUID.randomUUID().toString();
        var body = Json.canonical(request("patient", name("Many")));
        var ids =
                IntStream.range(0, 16)
                        .parallel()
                        .mapToObj(i ->
                                client.send(
                                                client.request("/v1/sessions")
                                                        .header("Idempotency-Key", key)
                                                        .POST(BodyPublishers.ofByteArray(body)))
                                        .text("/id"))
                        .distinct()
                        .toList();
        assertThat(ids).hasSize(1);
        client.post("/v1/sessions/" + ids.getFirst() + ":cancel", Json.object()).expect(202);
    }

    @Test
    void wrong_input_is_refused_before_anything_is_stored() {
        int before = client.get("/v1/sessions?limit=500").body().path("items").size();
        var refused = client.open("greeter", Json.object().put("nome", "hunter2")).expect(422);
        assertThat(refused.body().path("faults").size()).isPositive();
        assertThat(refused.body().at("/faults/0/wrong").asString("")).isNotEmpty();
        assertThat(refused.body().toString()).doesNotContain("hunter2");
        var after = client.get("/v1/sessions?limit=500").body().path("items").size();
        assertThat(after).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"agent\":\"greeter\"}",
                "{\"agent\":7,\"input\":{}}",
                "{\"agent\":\"greeter\",\"input\":{\"name\":\"x\"},\"surprise\":1}",
                "{\"agent\":\"greeter\",\"input\":{\"name\":\"x\"},\"models\":{\"provider\":\"x\"}}",
                "{\"agent\":\"greeter\",\"input\":{\"name\":\"x\"},\"models\":{\"provider\":\"anthropic\"}}",
                "{\"agent\":\"greeter\",\"input\":{\"name\":\"x\"},\"models\":{\"provider\":\"openai\",\"base_url\":\"file:///etc/passwd\"}}",
                "{\"agent\":\"greeter\",\"input\":{\"name\":\"x\"},\"budget\":\"free\"}",
                "{\"agent\":\"greeter\",\"input\":{\"name\":\"x\"},\"budget\":\"0 USD\"}",
                "{\"agent\":\"greeter\",\"input\":{\"name\":\"x\"},\"version\":\"0123456789abcdef\"}",
                "{\"agent\":\"gr\\u0000eeter\",\"input\":{\"name\":\"x\"}}",
                "{\"agent\":\"nobody\",\"input\":{\"name\":\"x\"}}",
                "{\"agent\":\"greeter\",\"input\":{\"name\":\"x\"},\"recording\":{\"greeter\":[1]}}"
            })
    void a_wish_that_cannot_be_fulfilled_is_refused(String body) {
        var answer =
                client.send(client.request("/v1/sessions").POST(BodyPublishers.ofString(body)));
        assertThat(answer.status()).isIn(400, 404, 422);
        assertThat(answer.text("/detail")).isNotEmpty();
    }

    @Test
    void a_body_that_is_too_large_is_refused() {
        var answer = client.open("greeter", name("x".repeat(17 << 20)));
        assertThat(answer.status()).isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/sessions/..%2f..%2fkey",
                "/v1/sessions/00000000-0000-0000-0000-000000000000",
                "/v1/sessions/not-a-uuid",
                "/v1/sessions/1-1-1-1-1",
                "/v1/sessions/%00",
                "/v1/sessions?status=dead",
                "/v1/sessions?cursor=x",
                "/v1/sessions?limit=0",
                "/v1/sessions?agent=%00",
                "/v1/agents?cursor=%00",
                "/v1/agents/%27%20OR%201=1",
                "/v1/agents/nobody/versions",
                "/v1/sessions/%E2%80%AE/events"
            })
    void hostile_paths_get_a_problem_and_no_more(String path) {
        var answer = client.get(path);
        assertThat(answer.status()).isIn(400, 404);
        assertThat(answer.body().toString()).doesNotContainIgnoringCase("exception");
    }

    @Test
    void a_version_can_be_named_and_running_sessions_stay_on_theirs() {
        var files =
                Folders.agent(
                        "changing",
                        "",
                        "replies: [{ answer: { greeting: \"one ${input.name}\" } }]\n");
        var one = client.apply(files).expect(200).text("/version");
        files.put("rehearsal.yaml", "replies: [{ answer: { greeting: \"two ${input.name}\" } }]\n");
        client.apply(files).expect(200);
        var old = request("changing", name("V")).put("version", one.substring(0, 12));
        var id = client.post("/v1/sessions", old).expect(201).text("/id");
        assertThat(client.closed(id).at("/output/greeting").asString("")).isEqualTo("one V");
        var newest = opened("changing", "V");
        assertThat(client.closed(newest).at("/output/greeting").asString("")).isEqualTo("two V");
    }

    @Test
    void lists_are_filtered_and_paged_without_gap_or_repetition() {
        for (int i = 0; i < 5; i++) {
            client.closed(opened("greeter", "page " + i));
        }
        var seen = new java.util.ArrayList<String>();
        var cursor = "";
        do {
            var page =
                    client.get("/v1/sessions?agent=greeter&status=closed&limit=2" + cursor)
                            .expect(200);
            page.body()
                    .path("items")
                    .forEach(s -> {
                        seen.add(s.path("id").asString(""));
                        assertThat(s.path("agent").asString("")).isEqualTo("greeter");
                        assertThat(s.path("status").asString("")).isEqualTo("closed");
                    });
            cursor = page.text("/next").isEmpty() ? "" : "&cursor=" + page.text("/next");
        } while (!cursor.isEmpty());
        assertThat(seen).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(5);
        assertThat(seen).isSortedAccordingTo(java.util.Comparator.reverseOrder());
    }

    // ---- events

    @Test
    void a_stream_resumes_anywhere_without_gap_or_repetition_and_ends_with_the_session() {
        var id = opened("choir", "Flo");
        var all = client.follow(id, 0, sent -> false);
        var numbered = all.stream().filter(s -> !s.id().isEmpty()).toList();
        assertThat(numbered.stream().map(Sent::id))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, numbered.size())
                                .mapToObj(Integer::toString)
                                .toList());
        assertThat(numbered.getFirst().type()).isEqualTo("opened");
        assertThat(numbered.getLast().type()).isEqualTo("closed");
        for (int after = 0; after <= numbered.size(); after++) {
            var rest = client.follow(id, after, sent -> false);
            assertThat(rest).isEqualTo(numbered.subList(after, numbered.size()));
        }
        var page = client.get("/v1/sessions/" + id + "/events?after=1&limit=2").expect(200);
        assertThat(page.body().at("/items/0")).isEqualTo(numbered.get(1).data());
        assertThat(page.text("/next")).isEqualTo("3");
    }

    @Test
    void contents_stand_in_events_where_they_belong() {
        var id = opened("greeter", "G".repeat(2000));
        client.closed(id);
        var events = client.get("/v1/sessions/" + id + "/events").expect(200);
        assertThat(events.text("/items/0/event/type")).isEqualTo("opened");
        assertThat(events.text("/items/0/event/input/name")).hasSize(2000);
        assertThat(events.text("/items/0/event/cause/0/kind")).isEqualTo("person");
        assertThat(events.body().toString()).doesNotContain("$blob").doesNotContain("\"$\"");
    }

    @Test
    void a_stream_tells_of_progress_while_a_model_writes() {
        client.apply(
                        Folders.agent(
                                "slow",
                                "",
                                """
                                replies:
                                  - tokens_per_second: 40
                                    answer: { greeting: "Hello ${input.name}, one two three four five six seven eight nine ten eleven twelve" }
                                """))
                .expect(200);
        var id = opened("slow", "Prog");
        var sent = client.follow(id, 0, s -> s.type().equals("closed"));
        var progress = sent.stream().filter(s -> s.type().equals("progress")).toList();
        assertThat(progress).isNotEmpty();
        assertThat(progress.getFirst().id()).isEmpty();
        assertThat(progress.getLast().data().path("tokens").asLong()).isPositive();
    }

    // ---- verbs

    @Test
    void a_waiting_session_is_cancelled_and_then_takes_no_more_mail() {
        var id = opened("patient", "Cee");
        var idle = client.idle(id, "timer");
        assertThat(idle.path("status").asString("")).isEqualTo("idle");
        assertThat(idle.at("/waiting/at").asString("")).isNotEmpty();
        client.post("/v1/sessions/" + id + ":cancel", Json.object().put("why", "enough"))
                .expect(202);
        var closed = client.closed(id);
        assertThat(closed.path("stop_reason").asString("")).isEqualTo("cancelled");
        client.post("/v1/sessions/" + id + ":cancel", Json.object()).expect(409);
        var message = Json.object().put("type", "message").put("text", "hello?");
        client.post("/v1/sessions/" + id + "/events", message).expect(409);
    }

    @Test
    void no_character_in_the_input_keeps_a_session_from_closing() {
        var odd = "nul \u0000, bell \u0007, \u202e right to left, \uD83D\uDE00, \uFFFF";
        var session = client.closed(opened("greeter", odd));
        assertThat(session.path("stop_reason").asString("")).isEqualTo("completed");
        assertThat(session.at("/output/greeting").asString("")).isEqualTo("Hello " + odd);
        var files = Folders.agent("odd", "", "replies: [{ answer: { greeting: \"no\\0pe\" } }]\n");
        files.put(
                "agent.yaml",
                files.get("agent.yaml").replace("the greeting has the name", "\"nul \\0 here\""));
        if (client.apply(files).status() == 200) {
            var failed = client.closed(opened("odd", "x"));
            assertThat(failed.at("/outcome/status").asString("")).isEqualTo("not_good");
        }
    }

    @Test
    void a_message_reaches_the_session_that_it_is_for() {
        var id = opened("patient", "Em");
        client.idle(id, "timer");
        var text = "Hurry, sk-ant-api03-" + "Zq7".repeat(20);
        var message = Json.object().put("type", "message").put("text", text);
        client.post("/v1/sessions/" + id + "/events", message).expect(202);
        var received = client.follow(id, 0, s -> s.type().equals("received")).getLast().data();
        assertThat(received.at("/event/mail/text").asString(""))
                .startsWith("Hurry, ")
                .doesNotContain("Zq7");
        assertThat(received.at("/event/mail/from/name").asString("")).isEqualTo("local");
        client.post("/v1/sessions/" + id + ":cancel", Json.object()).expect(202);
    }

    @Test
    void verbs_are_refused_where_they_mean_nothing() {
        var id = opened("patient", "Dee");
        client.idle(id, "timer");
        var path = "/v1/sessions/" + id;
        client.post(path + ":resolve", Json.object().put("happened", true)).expect(409);
        client.post(path + ":resolve", Json.object()).expect(400);
        client.post(path + ":raise", Json.object().put("budget", "much")).expect(422);
        client.post(path + ":destroy", Json.object()).expect(404);
        client.post(path + "/events", Json.object().put("type", "x").put("text", "y")).expect(400);
        client.get(path + ":cancel").expect(405);
        client.post(path + ":cancel", Json.object()).expect(202);
    }

    // ---- recordings, prompts

    @Test
    void a_recording_replays_to_the_same_answer() {
        var first = opened("choir", "Rec");
        var output = client.closed(first).path("output");
        var recording = client.get("/v1/sessions/" + first + "/recording").expect(200).body();
        assertThat(recording.at("/agents/choir.high")).hasSize(1);
        var again = request("choir", name("Another"));
        again.set("recording", recording);
        var id = client.post("/v1/sessions", again).expect(201).text("/id");
        assertThat(client.closed(id).path("output")).isEqualTo(output);
    }

    @Test
    void the_exact_prompt_of_a_call_can_be_shown() {
        var id = opened("greeter", "Pam");
        client.closed(id);
        var prompt = client.get("/v1/sessions/" + id + "/prompts/1").expect(200);
        assertThat(prompt.text("/prompt")).hasSize(64);
        assertThat(prompt.body().path("messages").toString())
                .contains("Greet whoever is named")
                .contains("Pam");
        client.get("/v1/sessions/" + id + "/prompts/2").expect(404);
        client.get("/v1/sessions/" + id + "/prompts/0").expect(400);
    }

    // ---- secrets

    @Test
    void a_secret_in_the_input_is_nowhere_to_be_found() throws Exception {
        var secret = "sk-ant-api03-" + "Zq7".repeat(20);
        var stored = "correct-horse-battery-staple-9";
        client.put("/v1/credentials/test.token", Json.object().put("value", stored)).expect(204);
        var input = Json.object().put("name", "Sec").put("note", secret + " and " + stored);
        var id = client.open("greeter", input).expect(201).text("/id");
        client.closed(id);
        for (var path : List.of("", "/events", "/recording", "/prompts/1")) {
            assertThat(client.get("/v1/sessions/" + id + path).expect(200).body().toString())
                    .doesNotContain(secret)
                    .doesNotContain(stored);
        }
        var folders =
                List.of(home.resolve("logs"), home.resolve("vault"), Leftovers.database(home));
        for (var folder : folders) {
            try (var files = Files.walk(folder)) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    var bytes = new String(Files.readAllBytes(file), ISO_8859_1);
                    assertThat(bytes.contains(secret)).as("%s", file).isFalse();
                    assertThat(bytes.contains(stored)).as("%s", file).isFalse();
                    assertThat(bytes.contains(server.key())).as("%s", file).isFalse();
                }
            }
        }
    }

    @Test
    void a_credential_cannot_be_read_back() {
        client.put("/v1/credentials/anthropic2", Json.object().put("value", "v-123456"))
                .expect(204);
        client.get("/v1/credentials/anthropic2").expect(405);
        client.put("/v1/credentials/.hidden", Json.object().put("value", "x")).expect(400);
        client.put("/v1/credentials/a", Json.object().put("value", "x\ny")).expect(400);
    }

    // ---- the description

    private static void conforms(String name, JsonNode value) {
        var document = client.get("/v1/openapi.json").expect(200).body();
        var schema = Json.object().put("$ref", "#/components/schemas/" + name);
        schema.set("components", document.path("components"));
        assertThat(Schema.compile(schema).check(value)).as("%s: %s", name, value).isEmpty();
        var known = document.at("/components/schemas/" + name + "/properties").propertyNames();
        assertThat(known).as(name).containsAll(value.propertyNames());
    }

    @Test
    void what_the_api_answers_is_as_its_description_says() {
        conforms("Health", client.get("/health").body());
        conforms("Agent", client.get("/v1/agents/choir").body());
        conforms("Agent", client.get("/v1/agents/greeter").body());
        conforms("Agent", client.get("/v1/agents").body().at("/items/0"));
        conforms("Applied", client.apply(Folders.choir()).body());
        conforms("Problem", client.open("greeter", Json.object()).expect(422).body());
        conforms("Problem", client.apply(java.util.Map.of("x", "y")).expect(422).body());
        var id = opened("choir", "Conny");
        conforms("Session", client.closed(id));
        conforms("Session", client.get("/v1/sessions").body().at("/items/0"));
        client.get("/v1/sessions/" + id + "/events")
                .body()
                .path("items")
                .forEach(event -> conforms("Event", event));
        conforms("Recording", client.get("/v1/sessions/" + id + "/recording").body());
        var waiting = opened("patient", "Conny");
        var idle = client.idle(waiting, "timer");
        conforms("Session", idle);
        conforms("Waiting", idle.path("waiting"));
        conforms("Prompt", client.get("/v1/sessions/" + waiting + "/prompts/1").body());
        client.post("/v1/sessions/" + waiting + ":cancel", Json.object()).expect(202);
    }

    // ---- others

    @Test
    void another_host_name_is_refused() throws Exception {
        var url = URI.create("http://localhost:" + server.url().getPort());
        try (var named = new ApiClient(url, server.key())) {
            named.get("/v1/agents").expect(200);
        }
    }
}
