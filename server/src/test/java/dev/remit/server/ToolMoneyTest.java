package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.remit.core.json.Json;
import dev.remit.hands.fake.Behaviour;
import dev.remit.hands.fake.EffectServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Tools that cost money, on a whole server: their budgets hold under attack, in doubt and when a
/// server dies.
@Tag("slow")
class ToolMoneyTest {
    private static final Duration HALF_A_MINUTE = Duration.ofSeconds(30);
    private static final int PRICE = 10_000;

    @TempDir static Path home;
    @TempDir static Path world;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(home);
    }

    @AfterAll
    static void stop() {
        server.close();
        Leftovers.delete(home);
    }

    private static Map<String, String> agent(String name, EffectServer world) {
        var tool = "ticket." + name;
        var files =
                Folders.agent(
                        name,
                        "may: [" + tool + "]\n",
                        """
                        replies:
                          - when: turn == 1
                            calls:
                              - tool: %s
                                arguments: { title: "For ${input.name}", evidence: "asked by ${input.name}" }
                          - answer: { greeting: "Done, ${input.name}" }
                        """
                                .formatted(tool));
        files.put(
                "tools/" + tool + ".yaml",
                """
                remit: tool/v1
                description: Creates a ticket.
                tier: 2
                idempotent: false
                timeout: 5s
                attempts: 1
                price: 0.01 USD
                input:
                  type: object
                  properties: { title: { type: string } }
                  required: [title]
                http:
                  method: POST
                  url: %s/tickets
                """
                        .formatted(world.url()));
        return files;
    }

    private static void limit(ApiClient client, String name, String budget) {
        client.put(
                        "/v1/budgets",
                        Json.object().put("scope", "tool:ticket." + name).put("budget", budget))
                .expect(200);
    }

    private static String open(ApiClient client, String name, String who) {
        return client.open(name, Json.object().put("name", who)).expect(201).text("/id");
    }

    private static JsonNode budget(ApiClient client, String name) {
        return client.get("/v1/budgets?scope=tool:ticket." + name)
                .expect(200)
                .body()
                .at("/items/0");
    }

    private static JsonNode rows(ApiClient client, String name) {
        return client.get("/v1/ledger?tool=ticket." + name).expect(200).body().path("items");
    }

    @Test
    void a_budget_that_holds_nothing_is_set_with_a_warning() throws Exception {
        var wish = Json.object().put("scope", "tool:ticket.free").put("budget", "1 USD/day");
        assertThat(server.client.put("/v1/budgets", wish).expect(200).text("/warning"))
                .contains("has a tool ticket.free now");
        try (var outside =
                EffectServer.start(
                        world.resolve("free"), EffectServer.Plan.script(Behaviour.done()), false)) {
            var files = agent("free", outside);
            files.replaceAll((path, text) -> text.replaceAll("(?m)^price: .*\n", ""));
            server.client.apply(files).expect(200);
            assertThat(server.client.put("/v1/budgets", wish).expect(200).text("/warning"))
                    .contains("ticket.free has no price");
            server.client.apply(agent("free", outside)).expect(200);
            assertThat(server.client.put("/v1/budgets", wish).expect(200).body().has("warning"))
                    .isFalse();
        }
    }

    @Test
    void many_actions_at_once_at_a_limit_that_allows_ten_are_ten() throws Exception {
        var plan = EffectServer.Plan.script(Behaviour.done().after(Duration.ofMillis(20)));
        try (var outside = EffectServer.start(world.resolve("attack"), plan, false);
                var threads = Executors.newFixedThreadPool(16)) {
            server.client.apply(agent("storm", outside)).expect(200);
            limit(server.client, "storm", "0.109999 USD/total");
            var opened = new ArrayList<Callable<String>>();
            for (int i = 0; i < 48; i++) {
                opened.add(() -> open(server.client, "storm", "Sto"));
            }
            var done = 0;
            var waiting = new ArrayList<String>();
            for (var id : threads.invokeAll(opened)) {
                var session = server.client.paidOrNot(id.get());
                if (session.path("status").asString("").equals("closed")) {
                    assertThat(session.path("cost_micros").asLong()).isGreaterThanOrEqualTo(PRICE);
                    done++;
                } else {
                    waiting.add(session.at("/waiting/why").asString(""));
                }
            }
            assertThat(done).isEqualTo(10);
            assertThat(outside.effects()).hasSize(10);
            assertThat(waiting)
                    .hasSize(38)
                    .allSatisfy(why ->
                            assertThat(why)
                                    .contains("0.109999 USD in all for tool:ticket.storm")
                                    .contains("may cost up to 0.01 USD")
                                    .contains("0.009999 USD are left"));
            var budget = budget(server.client, "storm");
            assertThat(budget.path("spent_micros").asLong() + budget.path("held_micros").asLong())
                    .isEqualTo(10 * PRICE);
            var sums = server.client.get("/v1/ledger:sums?by=tool,end&tool=ticket.storm");
            assertThat(sums.expect(200).body().path("items")).hasSize(1);
            var sum = sums.body().at("/items/0");
            assertThat(sum.at("/by/tool").asString("")).isEqualTo("ticket.storm");
            assertThat(sum.path("attempts").asInt()).isEqualTo(10);
            assertThat(sum.path("cost_micros").asLong()).isEqualTo(10 * PRICE);
            var top = server.client.get("/v1/budgets:top?scope=tool:ticket.storm&by=agent");
            assertThat(top.expect(200).body().at("/items/0/by/agent").asString(""))
                    .isEqualTo("storm");
        }
    }

    @Test
    void a_session_pays_with_the_key_that_opened_it() throws Exception {
        var plan = EffectServer.Plan.script(Behaviour.done());
        try (var outside = EffectServer.start(world.resolve("key"), plan, false)) {
            server.client.apply(agent("payer", outside)).expect(200);
            var wish = Json.object().put("name", "payer").put("budget", "0.015 USD/day");
            wish.putArray("permissions").add("sessions:run").add("sessions:read");
            var made = server.client.post("/v1/keys", wish).expect(201);
            var id = made.text("/id");
            try (var payer = new ApiClient(server.url(), made.text("/key"))) {
                var first = payer.closed(open(payer, "payer", "Ann"));
                assertThat(first.path("stop_reason").asString("")).isEqualTo("completed");
                var second = payer.paidOrNot(open(payer, "payer", "Bob"));
                assertThat(second.at("/waiting/why").asString(""))
                        .contains("0.015 USD/day for key:" + id);
            }
            assertThat(outside.effects()).hasSize(1);
            var row = ApiClient.until(() -> rows(server.client, "payer").path(0), r -> r.has("id"));
            assertThat(row.path("key").asString("")).isEqualTo(id);
        }
    }

    @Test
    void what_is_in_doubt_is_paid_for_until_a_person_says_that_it_did_not_happen()
            throws Exception {
        var plan = EffectServer.Plan.script(Behaviour.cutBefore(), Behaviour.done());
        try (var outside = EffectServer.start(world.resolve("doubt"), plan, false)) {
            server.client.apply(agent("doubt", outside)).expect(200);
            limit(server.client, "doubt", "1 USD/total");
            var id = open(server.client, "doubt", "Di");
            server.client.idle(id, "trouble");
            var row = ApiClient.until(() -> rows(server.client, "doubt").path(0), r -> r.has("id"));
            assertThat(row.path("cost_micros").asLong()).isEqualTo(PRICE);
            assertThat(row.path("certain").asBoolean(true)).isFalse();
            assertThat(row.path("why").asString("")).contains("not known whether it happened");
            server.client
                    .post("/v1/sessions/" + id + ":resolve", Json.object().put("happened", false))
                    .expect(202);
            server.client.closed(id);
            var both = ApiClient.until(() -> rows(server.client, "doubt"), r -> r.size() == 2);
            assertThat(both)
                    .extracting(
                            r -> r.path("cost_micros").asInt(),
                            r -> r.path("certain").asBoolean(false))
                    .containsExactly(tuple(PRICE, true), tuple(0, true));
            var spent =
                    ApiClient.until(
                            () -> budget(server.client, "doubt"),
                            b -> b.path("spent_micros").asInt() == PRICE);
            assertThat(spent.path("spent_micros").asInt()).isEqualTo(PRICE);
        }
    }

    /// By itself it asks again after a minute only.
    @Test
    void a_session_that_waits_for_a_shared_budget_goes_on_when_it_is_raised() throws Exception {
        var plan = EffectServer.Plan.script(Behaviour.done());
        try (var outside = EffectServer.start(world.resolve("poor"), plan, false)) {
            server.client.apply(agent("poor", outside)).expect(200);
            limit(server.client, "poor", "0.001 USD/total");
            var id = open(server.client, "poor", "Pia");
            server.client.idle(id, "budget");
            long raised = System.nanoTime();
            limit(server.client, "poor", "1 USD/total");
            assertThat(server.client.closed(id).path("stop_reason").asString(""))
                    .isEqualTo("completed");
            assertThat(Duration.ofNanos(System.nanoTime() - raised)).isLessThan(HALF_A_MINUTE);
            assertThat(outside.effects()).hasSize(1);
        }
    }

    @Test
    void a_server_that_dies_in_the_middle_of_an_action_leaves_at_most_its_slice(
            @TempDir Path folder) throws Exception {
        var plan = EffectServer.Plan.script(Behaviour.done().after(Duration.ofMinutes(1)));
        var process = new ServerProcess(folder.resolve("home"), folder.resolve("output"));
        try (var outside = EffectServer.start(world.resolve("death"), plan, false)) {
            process.start();
            try (var client = process.client()) {
                client.apply(agent("death", outside)).expect(200);
                limit(client, "death", "0.10 USD/total");
                open(client, "death", "Dea");
                ApiClient.until(outside::effects, effects -> effects.size() == 1);
            }
            process.kill();
            process.start();
            try (var client = process.client()) {
                var lost = ApiClient.until(() -> rows(client, "death").path(0), r -> r.has("id"));
                assertThat(lost.path("end").asString("")).isEqualTo("unattributed");
                assertThat(lost.path("tool").asString("")).isEqualTo("ticket.death");
                assertThat(lost.path("cost_micros").asInt()).isBetween(PRICE, 10 * PRICE);
                assertThat(rows(client, "death")).hasSize(1);
                var budget = budget(client, "death");
                assertThat(budget.path("spent_micros").asInt())
                        .isEqualTo(lost.path("cost_micros").asInt());
                assertThat(budget.path("over_micros").asInt()).isZero();
            }
        } finally {
            process.kill();
            Leftovers.delete(folder.resolve("home"));
        }
    }
}
