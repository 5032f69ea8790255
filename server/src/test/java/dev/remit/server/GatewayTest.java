package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import dev.remit.core.money.Usage;
import dev.remit.gateway.fake.FakeReply;
import dev.remit.gateway.fake.FakeVendor;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The gateway as programs use it: over HTTP, with keys, budgets and guards, in front of a fake.
@Tag("slow")
class GatewayTest {
    private static final String CHAT = "/openai/v1/chat/completions";

    @TempDir Path folder;
    private FakeVendor fake;
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        fake = FakeVendor.start();
        fake.otherwise(r -> FakeReply.text("fine").billing(new Usage(100, 0, 0, 20, 0)));
        var home = Files.createDirectory(folder.resolve("home"));
        var file =
                Files.writeString(
                        folder.resolve("gateway.yaml"),
                        """
                        remit: server/v1
                        providers:
                          one: { kind: openai-compatible, url: "%s/v1" }
                        routes:
                          fast: one/m
                          cached: { targets: [one/m], cache: 10m }
                        prices: { "one/m": { input: 10, output: 50 } }
                        guards:
                          - secrets: mask
                          - deny: { words: [project-x], mode: block, on: [request, answer] }
                        """
                                .formatted(fake.uri()));
        server = new TestServer(home, "--config", file.toString());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        fake.close();
        Leftovers.delete(folder.resolve("home"));
    }

    private static ObjectNode ask(String route, String text) {
        var body = Json.object().put("model", route).put("max_tokens", 100);
        body.putArray("messages").addObject().put("role", "user").put("content", text);
        return body;
    }

    private ApiClient key(String name, String budget) {
        var wish = Json.object().put("name", name).put("team", "growth");
        wish.putArray("permissions").add("models:use");
        if (!budget.isEmpty()) {
            wish.put("budget", budget);
        }
        var made = server.client.post("/v1/keys", wish).expect(201);
        return server.client.as(made.text("/key"));
    }

    @Test
    void a_secret_in_a_prompt_reaches_neither_the_provider_nor_a_row() {
        var secret = "sk-" + "ant-api03-" + "a1B2c3D4e5".repeat(9) + "-AA";
        server.client.post(CHAT, ask("fast", "my key is " + secret)).expect(200);
        assertThat(Json.write(fake.requests().getFirst().body())).doesNotContain(secret);
        assertThat(Json.write(fake.requests().getFirst().body())).contains("my key is");
    }

    @Test
    void what_is_denied_is_blocked_on_its_way_there_and_back() {
        var there = server.client.post(CHAT, ask("fast", "tell me of Project-X")).expect(400);
        assertThat(there.text("/error/message")).contains("guard");
        assertThat(fake.requests()).isEmpty();

        fake.replies(FakeReply.text("all about project-x"));
        var back = server.client.post(CHAT, ask("fast", "tell me")).expect(400);
        assertThat(Json.write(back.body())).doesNotContain("all about");
    }

    @Test
    void the_same_request_is_answered_again_from_the_cache_at_no_cost() {
        var first = server.client.post(CHAT, ask("cached", "hi")).expect(200);
        var second = server.client.post(CHAT, ask("cached", "hi")).expect(200);
        assertThat(first.headers().get("x-remit-cache")).containsExactly("miss");
        assertThat(second.headers().get("x-remit-cache")).containsExactly("hit");
        assertThat(second.text("/choices/0/message/content")).isEqualTo("fine");
        assertThat(fake.requests()).hasSize(1);
        server.client.post(CHAT, ask("cached", "ho")).expect(200);
        assertThat(fake.requests()).hasSize(2);
    }

    @Test
    void a_thousand_calls_at_once_spend_no_more_than_the_budget() throws Exception {
        var program = key("program", "0.1 USD/day");
        var statuses = new ArrayList<Future<Integer>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 1_000; i++) {
                Callable<Integer> one = () -> program.post(CHAT, ask("fast", "hi")).status();
                statuses.add(threads.submit(one));
            }
        }
        var seen = new ArrayList<Integer>();
        for (var status : statuses) {
            seen.add(status.get());
        }
        assertThat(seen).containsOnly(200, 429);
        // the fake's own invoice is the witness: 100 * 10 + 20 * 50 micros a call
        var calls = fake.invoice().size();
        assertThat(calls * 2_000L).isBetween(2_000L, 100_000L);
        assertThat(seen.stream().filter(s -> s == 200).count()).isEqualTo(calls);
    }

    @Test
    void a_budget_that_is_used_up_is_told_in_the_vendors_words_and_not_tried_again() {
        var program = key("program", "0.000001 USD/day");
        var refused = program.post(CHAT, ask("fast", "hi")).expect(429);
        assertThat(refused.text("/error/code")).isEqualTo("insufficient_quota");
        assertThat(refused.headers().get("x-should-retry")).containsExactly("false");
        assertThat(refused.text("/error/message")).contains("0.000001");
        assertThat(fake.requests()).isEmpty();
    }

    @Test
    void a_key_that_is_revoked_in_mid_stream_cuts_the_stream() throws Exception {
        fake.otherwise(r ->
                FakeReply.text("word ".repeat(2_000)).slow(Duration.ZERO, Duration.ofMillis(20)));
        var made = server.client.post("/v1/keys", wish("short-lived")).expect(201);
        var program = server.client.as(made.text("/key"));
        var body = ask("fast", "hi").put("stream", true).put("max_tokens", 5_000);
        var request =
                program.request(CHAT)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(Json.write(body)))
                        .build();
        try (var http = java.net.http.HttpClient.newHttpClient()) {
            var answer = http.send(request, BodyHandlers.ofInputStream());
            var seen = new StringBuilder();
            var buffer = new byte[1024];
            seen.append(new String(buffer, 0, Math.max(0, answer.body().read(buffer))));
            server.client
                    .post("/v1/keys/" + made.text("/id") + ":revoke", Json.object())
                    .expect(200);
            try {
                for (int n; (n = answer.body().read(buffer)) >= 0; ) {
                    seen.append(new String(buffer, 0, n));
                }
            } catch (IOException cut) {
                // the connection is cut behind the error
            }
            assertThat(seen).contains("revoked").doesNotContain("[DONE]");
        }
        assertThat(fake.awaitHangUp(Duration.ofSeconds(20))).isTrue();
        program.post(CHAT, ask("fast", "hi")).expect(401);
    }

    private static JsonNode wish(String name) {
        var wish = Json.object().put("name", name);
        wish.putArray("permissions").add("models:use");
        return wish;
    }

    @Test
    void figures_and_the_ledger_tell_of_every_call() throws Exception {
        server.client.post(CHAT, ask("fast", "hi")).expect(200);
        var request = server.client.request("/metrics").GET().build();
        try (var http = java.net.http.HttpClient.newHttpClient()) {
            var text = http.send(request, BodyHandlers.ofString()).body();
            assertThat(text).contains("route=\"fast\"").contains("remit_target_breaker");
        }
        assertThat(rows())
                .anySatisfy(row -> {
                    assertThat(row.path("cost_micros").asLong(0)).isEqualTo(2_000);
                });
    }

    /// Rows are written behind, so it may take a moment.
    private List<JsonNode> rows() {
        for (int i = 0; ; i++) {
            var rows = server.client.get("/v1/ledger").expect(200).body().path("items").values();
            if (!rows.isEmpty() || i > 1_000) {
                return List.copyOf(rows);
            }
        }
    }
}
