package dev.remit.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.identity.Permission;
import dev.remit.core.json.Json;
import dev.remit.core.json.Schema;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Keys, and what they may do, over real HTTP with a real PostgreSQL.
@Tag("slow")
class KeysTest {
    @TempDir static Path home;

    private static TestServer server;
    private static ApiClient owner;

    @BeforeAll
    static void start() {
        server = new TestServer(home);
        owner = server.client;
    }

    @AfterAll
    static void stop() {
        server.close();
        Leftovers.delete(home);
    }

    private static ObjectNode wish(String team, String... permissions) {
        var wish = Json.object().put("name", "test");
        if (team != null) {
            wish.put("team", team);
        }
        var list = wish.putArray("permissions");
        Arrays.stream(permissions).forEach(list::add);
        return wish;
    }

    private static JsonNode made(String team, String... permissions) {
        return owner.post("/v1/keys", wish(team, permissions)).expect(201).body();
    }

    private static ApiClient with(JsonNode made) {
        return owner.as(made.path("key").asString());
    }

    private static List<String> ids(JsonNode page) {
        return page.path("items").values().stream().map(key -> key.path("id").asString()).toList();
    }

    // ---- making, showing, taking back

    @Test
    void a_key_is_shown_once_and_works_wherever_an_sdk_puts_it() {
        var wish =
                wish("growth", "keys:manage")
                        .put("agent", "writer")
                        .put("expires_at", "2126-01-01T00:00:00Z");
        wish.putArray("routes").add("fast").add("openai/gpt-5");
        wish.putObject("limits").put("requests", 60).put("at_once", 4);
        var made = owner.post("/v1/keys", wish).expect(201);
        var key = made.text("/key");
        var id = made.text("/id");
        assertThat(key).startsWith("rmt_" + id + "_");
        assertThat(made.headers().get("location")).containsExactly("/v1/keys/" + id);

        var shown = owner.get("/v1/keys/" + id).expect(200).body();
        assertThat(shown.has("key")).isFalse();
        assertThat(shown.path("principal").asString()).isEqualTo("agent:writer");
        assertThat(shown.path("routes").toString()).isEqualTo("[\"fast\",\"openai/gpt-5\"]");
        assertThat(shown.path("limits").toString()).isEqualTo("{\"requests\":60,\"at_once\":4}");
        assertThat(shown.path("created_by").asString()).isEqualTo("person:local");
        assertThat(shown.path("status").asString()).isEqualTo("live");

        for (var header :
                List.of(
                        Map.entry("Authorization", "Bearer " + key),
                        Map.entry("authorization", "bearer " + key),
                        Map.entry("x-api-key", key),
                        Map.entry("x-goog-api-key", key),
                        Map.entry("api-key", key))) {
            send(header.getKey(), header.getValue(), "/v1/keys/" + id, 200);
        }
        send("x-api-key", key + "x", "/v1/keys/" + id, 401);
        send("x-api-key", key.substring(0, key.length() - 1), "/v1/keys/" + id, 401);
        send("Authorization", "Basic " + key, "/v1/keys/" + id, 401);
        send("x-other", key, "/v1/keys/" + id + "?key=" + key, 401);
    }

    private static void send(String header, String value, String path, int expected) {
        owner.send(owner.unauthenticated(path).header(header, value)).expect(expected);
    }

    @Test
    void a_revoked_key_is_refused_at_once_and_its_stream_ends() throws Exception {
        owner.apply(Folders.patient("1h")).expect(200);
        var session =
                owner.open("patient", Json.object().put("name", "Rev")).expect(201).text("/id");
        owner.idle(session, "timer");
        var made = made(null, "sessions:read");
        var client = with(made);
        var streaming = new CompletableFuture<Void>();
        var stream =
                CompletableFuture.supplyAsync(() ->
                        client.follow(
                                session,
                                0,
                                sent -> {
                                    streaming.complete(null);
                                    return sent.type().equals("closed");
                                }));
        streaming.get(30, TimeUnit.SECONDS);

        var path = "/v1/keys/" + made.path("id").asString();
        var revoked = owner.post(path + ":revoke", Json.object()).expect(200);

        assertThat(revoked.text("/status")).isEqualTo("revoked");
        assertThat(client.get("/v1/sessions").expect(401).text("/detail")).contains("revoked");
        assertThat(stream.get(30, TimeUnit.SECONDS)).isNotEmpty();
        owner.post(path + ":revoke", Json.object()).expect(200);
        assertThat(ids(owner.get("/v1/keys?limit=500").body()))
                .doesNotContain(made.path("id").asString());
        assertThat(ids(owner.get("/v1/keys?limit=500&revoked=true").body()))
                .contains(made.path("id").asString());
        owner.post("/v1/sessions/" + session + ":cancel", Json.object()).expect(202);
    }

    @Test
    void the_secret_of_a_key_is_in_no_file_no_list_and_no_error() throws Exception {
        var made = made("growth", "keys:manage");
        var secret = made.path("key").asString();
        var client = with(made);
        var errors = new ArrayList<String>();
        errors.add(client.get("/v1/sessions").expect(403).body().toString());
        errors.add(client.get("/v1/keys/" + secret).expect(404).body().toString());
        errors.add(client.get("/v1/keys?cursor=" + secret).expect(400).body().toString());
        errors.add(client.post("/v1/keys", wish(secret)).status() + "");
        errors.add(owner.get("/v1/keys?limit=500&revoked=true").body().toString());
        assertThat(errors).allSatisfy(error -> assertThat(error).doesNotContain(secret));
        for (var folder : List.of(home.resolve("logs"), Leftovers.database(home))) {
            try (var files = Files.walk(folder)) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    var bytes = new String(Files.readAllBytes(file), ISO_8859_1);
                    assertThat(bytes.contains(secret.substring(17))).as("%s", file).isFalse();
                }
            }
        }
    }

    @Test
    void an_expired_key_is_refused_and_one_that_expired_already_is_not_made() {
        var past = wish(null).put("expires_at", Instant.now().minusSeconds(1).toString());
        owner.post("/v1/keys", past).expect(400);
        var soon =
                owner.post(
                                "/v1/keys",
                                wish(null, "keys:manage")
                                        .put("expires_at", Instant.now().plusMillis(50).toString()))
                        .expect(201);
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        ApiClient.Answer answer;
        do {
            answer = with(soon.body()).get("/v1/keys");
        } while (answer.status() != 401 && System.nanoTime() < end);
        assertThat(answer.text("/detail")).contains("expired");
        assertThat(owner.get("/v1/keys/" + soon.text("/id")).text("/status")).isEqualTo("expired");
    }

    // ---- permissions

    @Test
    void every_route_refuses_a_key_that_lacks_its_permission_and_says_which() {
        var paths = owner.get("/v1/openapi.json").expect(200).body().path("paths");
        int refused = 0;
        for (var path : paths.properties()) {
            for (var operation : path.getValue().properties()) {
                var needed = operation.getValue().path("x-permissions");
                if (needed.isMissingNode()) {
                    continue;
                }
                var others = new ArrayList<String>();
                for (var permission : Permission.values()) {
                    if (!needed.toString().contains("\"" + permission + "\"")) {
                        others.add(permission.toString());
                    }
                }
                var client = with(made(null, others.toArray(String[]::new)));
                var answer = client.send(call(client, operation.getKey(), path.getKey()));
                assertThat(answer.status()).as(operation.getKey() + path.getKey()).isEqualTo(403);
                assertThat(answer.body().path("needed")).isEqualTo(needed);
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(20);
    }

    private static HttpRequest.Builder call(ApiClient client, String method, String template) {
        var path = template.replaceAll("\\{[a-z]+}", "x");
        return client.request(path)
                .method(method.toUpperCase(Locale.ROOT), BodyPublishers.ofString("{}"));
    }

    @Test
    void a_key_of_a_team_is_refused_where_the_whole_organisation_is_concerned() {
        var all = Arrays.stream(Permission.values()).map(Permission::toString);
        var client = with(made("growth", all.toArray(String[]::new)));
        for (var path : List.of("/v1/agents", "/v1/teams", "/v1/principals")) {
            assertThat(client.get(path).expect(403).text("/detail")).contains("team growth");
        }
        client.post("/v1/server:stop", Json.object()).expect(403);
        client.put("/v1/credentials/openai", Json.object().put("value", "abcdef")).expect(403);
    }

    @Test
    void a_key_of_a_team_opens_and_sees_the_sessions_of_its_own_agents_alone() {
        var replies =
                """
                remit: rehearsal/v1
                replies:
                  - answer: { greeting: "Hello ${input.name}" }
                """;
        for (var team : List.of("red", "blue")) {
            owner.apply(Folders.agent(team + "-greeter", "owner: " + team + "\n", replies))
                    .expect(200);
        }
        var red = with(made("red", "sessions:run", "sessions:read"));
        var blue = with(made("blue", "sessions:run", "sessions:read"));
        var input = Json.object().put("name", "Ada");

        var id = red.open("red-greeter", input).expect(201).text("/id");
        assertThat(red.open("blue-greeter", input).expect(403).text("/detail"))
                .contains("belongs to team blue")
                .contains("bound to team red");
        red.closed(id);

        assertThat(sessions(red)).containsExactly(id);
        assertThat(sessions(blue)).isEmpty();
        assertThat(sessions(owner)).contains(id);
        for (var path : List.of("", "/events", "/recording", "/prompts/1")) {
            red.get("/v1/sessions/" + id + path).expect(200);
            blue.get("/v1/sessions/" + id + path).expect(404);
        }
        blue.post("/v1/sessions/" + id + ":cancel", Json.object()).expect(404);
        var said = Json.object().put("type", "message").put("text", "hi");
        blue.post("/v1/sessions/" + id + "/events", said).expect(404);
    }

    private static List<String> sessions(ApiClient client) {
        return client
                .get("/v1/sessions?limit=500")
                .expect(200)
                .body()
                .path("items")
                .values()
                .stream()
                .map(session -> session.path("id").asString())
                .toList();
    }

    @Test
    void a_team_sees_and_takes_back_its_own_keys_alone() {
        var ours = made("ours", "keys:manage");
        var theirs = made("theirs", "models:use");
        var client = with(ours);
        assertThat(ids(client.get("/v1/keys").expect(200).body()))
                .containsExactly(ours.path("id").asString());
        var id = theirs.path("id").asString();
        client.get("/v1/keys/" + id).expect(404);
        client.post("/v1/keys/" + id + ":revoke", Json.object()).expect(404);
        client.get("/v1/keys?team=theirs").expect(403);
        with(theirs).get("/v1/keys").expect(403);
        assertThat(owner.get("/v1/keys/" + id).text("/status")).isEqualTo("live");
    }

    @Test
    void nobody_gains_by_making_a_key() {
        var wish = wish("bound", "keys:manage", "models:use");
        wish.put("expires_at", "2030-01-01T00:00:00Z");
        wish.putArray("routes").add("fast");
        wish.putObject("limits").put("requests", 10);
        var client = with(owner.post("/v1/keys", wish).expect(201).body());

        client.post("/v1/keys", wish("bound", "server:manage")).expect(403);
        client.post("/v1/keys", wish("other", "models:use")).expect(403);
        client.post("/v1/keys", Json.object().put("role", "admin")).expect(403);
        client.post("/v1/keys", Json.object().put("principal", "person:ada@example.org"))
                .expect(403);
        var routes = Json.object();
        routes.putArray("routes").add("fast").add("capable");
        client.post("/v1/keys", routes).expect(403);
        var every = Json.object();
        every.putArray("routes");
        client.post("/v1/keys", every).expect(403);
        var limits = Json.object();
        limits.putObject("limits").put("requests", 11);
        client.post("/v1/keys", limits).expect(403);
        limits.putObject("limits").put("requests", 0);
        client.post("/v1/keys", limits).expect(403);
        client.post("/v1/keys", Json.object().put("expires_at", "2031-01-01T00:00:00Z"))
                .expect(403);

        var same = client.post("/v1/keys", Json.object().put("name", "child")).expect(201);
        assertThat(same.text("/team")).isEqualTo("bound");
        assertThat(same.body().path("routes").toString()).isEqualTo("[\"fast\"]");
        assertThat(same.body().path("permissions").toString()).isEqualTo("[\"models:use\"]");
        assertThat(same.text("/expires_at")).isEqualTo("2030-01-01T00:00:00Z");
        assertThat(same.body().at("/limits/requests").asInt()).isEqualTo(10);
    }

    @Test
    void roles_of_a_person_become_the_permissions_of_their_keys() {
        var path = "/v1/principals/person/fin@example.org";
        var roles = Json.object();
        roles.putArray("roles").addObject().put("role", "finance").put("team", "books");
        var put = owner.put(path, roles).expect(200);
        assertThat(put.body().at("/roles/0/team").asString()).isEqualTo("books");
        var wish = Json.object().put("principal", "person:fin@example.org").put("team", "books");
        var made = owner.post("/v1/keys", wish).expect(201);
        assertThat(made.body().path("permissions").toString())
                .isEqualTo("[\"money:read\",\"money:set\"]");

        var revoked = owner.post(path + ":revoke", Json.object()).expect(200);
        assertThat(revoked.body().path("revoked_keys").asInt()).isEqualTo(1);
        assertThat(revoked.body().path("roles")).isEmpty();
        with(made.body()).get("/v1/keys").expect(401);

        var manager = with(made(null, "keys:manage"));
        roles.putArray("roles").addObject().put("role", "admin");
        assertThat(manager.put(path, roles).expect(403).text("/detail")).contains("admin");
    }

    @Test
    void nonsense_is_refused_with_what_would_be_right() {
        for (var bad :
                List.of(
                        "{\"team\":\"a b\"}",
                        "{\"role\":\"king\"}",
                        "{\"permissions\":[\"all\"]}",
                        "{\"permissions\":\"models:use\"}",
                        "{\"principal\":\"ada\"}",
                        "{\"principal\":\"god:ada\"}",
                        "{\"limits\":{\"requests\":-1}}",
                        "{\"limits\":{\"speed\":1}}",
                        "{\"routes\":[\"a,b\"]}",
                        "{\"expires_at\":\"tomorrow\"}",
                        "{\"colour\":1}")) {
            owner.post("/v1/keys", Json.parse(bad)).expect(400);
        }
        owner.put("/v1/teams/a%20b", Json.object()).expect(400);
        owner.put("/v1/principals/king/ada", Json.parse("{\"roles\":[]}")).expect(400);
        owner.get("/v1/principals/person/nobody").expect(404);
    }

    @Test
    void what_is_answered_is_as_the_description_says() {
        var document = owner.get("/v1/openapi.json").expect(200).body();
        owner.put("/v1/teams/described", Json.object().put("description", "x")).expect(200);
        var made = made("described", "models:use");
        conforms(document, "Key", made);
        conforms(document, "Key", owner.get("/v1/keys").body().at("/items/0"));
        conforms(document, "Team", owner.get("/v1/teams").body().at("/items/0"));
        conforms(document, "Principal", owner.get("/v1/principals").body().at("/items/0"));
        conforms(document, "Problem", with(made).get("/v1/keys").expect(403).body());
    }

    private static void conforms(JsonNode document, String name, JsonNode value) {
        var schema = Json.object().put("$ref", "#/components/schemas/" + name);
        schema.set("components", document.path("components"));
        assertThat(Schema.compile(schema).check(value)).as("%s: %s", name, value).isEmpty();
        var known = document.at("/components/schemas/" + name + "/properties").propertyNames();
        assertThat(known).as(name).containsAll(value.propertyNames());
    }
}
