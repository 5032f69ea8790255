package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.identity.Principal;
import dev.remit.core.json.Content;
import dev.remit.core.json.Json;
import dev.remit.core.json.Schema;
import dev.remit.core.money.Attempt;
import dev.remit.core.money.Ledger;
import dev.remit.core.money.Money;
import dev.remit.core.money.Scope;
import dev.remit.core.money.Usage;
import dev.remit.core.secret.PatternRedactor;
import dev.remit.core.secret.Redactor;
import dev.remit.store.database.Database;
import dev.remit.store.database.EmbeddedPostgres;
import dev.remit.store.money.LedgerSettings;
import dev.remit.store.money.PostgresLedger;
import dev.remit.store.session.PostgresSessionLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Budgets and the ledger through the API. Another node of the same database spends.
@Tag("slow")
class MoneyTest {
    private static final UUID CALL = UUID.fromString("019a2f3c-77b1-7000-8000-000000000001");
    private static final String TAIL = "-8000-000000000000";
    private static final Redactor CLEAN = new PatternRedactor(Set::of);

    @TempDir static Path folder;

    private static EmbeddedPostgres postgres;
    private static Serve serve;
    private static ApiClient owner;
    private static String ours;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start(folder.resolve("pg"));
        var address = postgres.address();
        var url =
                "postgresql://%s:%s@%s/%s"
                        .formatted(
                                address.user(),
                                address.password(),
                                address.hosts(),
                                address.database());
        var home = folder.resolve("home");
        serve =
                Serve.start(
                        Options.parse(
                                new String[] {"--home", home.toString()},
                                Map.of("REMIT_DATABASE_URL", url)),
                        new Stop(),
                        step -> {});
        owner = new ApiClient(serve.url(), Files.readString(home.resolve("key")).strip());
        ours = key("ours", "money:read", "money:set", "keys:manage", "models:use");
        owner.put("/v1/budgets", budget("team:ours", "10 USD/day")).expect(200);
        spend(Database.open(address));
    }

    private static void spend(Database database) throws InterruptedException {
        try (database;
                var log = PostgresSessionLog.join(database, "spender", true);
                var ledger = PostgresLedger.open(database, log.node(), LedgerSettings.USUAL)) {
            var team = new Scope(Scope.Kind.TEAM, "ours");
            for (int i = 1; i <= 3; i++) {
                var attempt = attempt(CALL, i, "ours", "writer", 1_000_000, i == 3);
                var reserved =
                        (Ledger.Reservation)
                                ledger.reserve(
                                        List.of(team), new Money(1_000_000), new Money(1_000_000));
                reserved.settle(attempt);
            }
            var other = UUID.fromString("019a2f3c-77b2-7000" + TAIL);
            ledger.record(attempt(other, 1, "theirs", "reader", 500_000, true));
        }
    }

    private static Attempt attempt(
            UUID call, int number, String team, String agent, long micros, boolean answered) {
        return new Attempt(
                call,
                number,
                Instant.now(),
                new Attempt.Who(
                        List.of(new Principal(Principal.Kind.SERVICE, "bot")),
                        "somekey",
                        team,
                        agent,
                        null,
                        null,
                        "end-user",
                        Map.of("project", "x")),
                new Attempt.Target("fast", "openai", "gpt-5", "gpt-5-2026"),
                new Usage(100, 20, 0, 30, 10),
                new Money(micros),
                true,
                new Money(7),
                "openai",
                true,
                Duration.ofMillis(12),
                Duration.ofMillis(345),
                answered ? Attempt.End.ANSWERED : Attempt.End.FAILED,
                answered ? null : "overloaded",
                "2026-07-02",
                new Attempt.Exchanged(
                        100,
                        () -> Content.clean(Json.object().put("asked", "of " + team), CLEAN),
                        () -> Content.clean(Json.object().put("said", "to " + team), CLEAN)));
    }

    @AfterAll
    static void stop() {
        owner.close();
        serve.close();
        postgres.close();
    }

    private static String key(String team, String... permissions) {
        var wish = Json.object().put("name", "k");
        if (team != null) {
            wish.put("team", team);
        }
        var list = wish.putArray("permissions");
        List.of(permissions).forEach(list::add);
        return owner.post("/v1/keys", wish).expect(201).text("/key");
    }

    private static JsonNode budget(String scope, String budget) {
        return Json.object().put("scope", scope).put("budget", budget);
    }

    // ---- the ledger

    @Test
    void the_ledger_adds_up_by_what_is_asked_for() {
        var sums = owner.get("/v1/ledger:sums?since=1d&by=team,model").expect(200).body();
        var first = sums.at("/items/0");
        assertThat(first.at("/by/team").asString()).isEqualTo("ours");
        assertThat(first.at("/by/model").asString()).isEqualTo("gpt-5");
        assertThat(first.path("attempts").asInt()).isEqualTo(3);
        assertThat(first.path("cost_micros").asLong()).isEqualTo(3_000_000);
        assertThat(first.at("/usage/cache_read").asLong()).isEqualTo(60);
        assertThat(sums.at("/total/cost_micros").asLong()).isEqualTo(3_500_000);
        var day = owner.get("/v1/ledger:sums?by=day,tag:project&team=theirs").expect(200).body();
        assertThat(day.path("items")).hasSize(1);
        assertThat(day.at("/items/0/by/tag:project").asString()).isEqualTo("x");
        assertThat(owner.get("/v1/ledger:sums?until=1d").body().path("items").size())
                .isLessThanOrEqualTo(1);
        owner.get("/v1/ledger:sums?by=nonsense").expect(400);
        owner.get("/v1/ledger:sums?since=tomorrow").expect(400);
        owner.get("/v1/ledger:sums?zone=Moon").expect(400);
    }

    @Test
    void rows_are_listed_page_by_page_and_filtered() {
        var first = owner.get("/v1/ledger?limit=3").expect(200).body();
        assertThat(first.path("items")).hasSize(3);
        var next = owner.get("/v1/ledger?limit=3&cursor=" + first.path("next").asString());
        assertThat(next.expect(200).body().path("items")).hasSize(1);
        assertThat(next.body().has("next")).isFalse();
        var failed = owner.get("/v1/ledger?end=failed").expect(200).body().path("items");
        assertThat(failed).hasSize(2);
        assertThat(failed.get(0).path("why").asString()).isEqualTo("overloaded");
        assertThat(owner.get("/v1/ledger?tag=project=y").body().path("items")).isEmpty();
    }

    @Test
    void a_call_shows_its_attempts_and_what_was_said_to_auditors_alone() {
        var path = "/v1/ledger/" + CALL;
        var seen = owner.get(path).expect(200).body();
        assertThat(seen.path("attempts")).hasSize(3);
        assertThat(seen.at("/attempts/0/request/asked").asString()).isEqualTo("of ours");
        assertThat(seen.at("/attempts/2/answer/said").asString()).isEqualTo("to ours");
        var finance = owner.as(key(null, "money:read"));
        var without = finance.get(path).expect(200).body();
        assertThat(without.path("attempts")).hasSize(3);
        assertThat(without.toString()).doesNotContain("of ours");
        owner.get("/v1/ledger/019a2f3c-77b1-7000-8000-00000000ffff").expect(404);
        owner.get("/v1/ledger/what").expect(400);
    }

    @Test
    void a_team_sees_nothing_of_another() {
        var client = owner.as(ours);
        var theirs = owner.as(key("theirs", "money:read", "audit:read"));
        assertThat(client.get("/v1/ledger?limit=500").body().path("items")).hasSize(3);
        assertThat(client.get("/v1/ledger:sums").body().at("/total/cost_micros").asLong())
                .isEqualTo(3_000_000);
        client.get("/v1/ledger?team=theirs").expect(403);
        client.get("/v1/ledger:sums?team=theirs").expect(403);
        theirs.get("/v1/ledger/" + CALL).expect(404);
        assertThat(theirs.get("/v1/budgets").expect(200).body().path("items")).isEmpty();
        theirs.get("/v1/budgets:top?scope=team:ours").expect(404);
        assertThat(theirs.get("/v1/ledger").body().toString()).doesNotContain("\"ours\"");
    }

    @Test
    void the_ledger_is_compared_with_what_a_provider_says() {
        var day = Instant.now().toString().substring(0, 10);
        var csv = "date,model,cost\n" + day + ",gpt-5-2026,3.50\n" + day + ",gpt-9,1\n";
        var compared =
                owner.post("/v1/ledger:reconcile", Json.object().put("csv", csv)).expect(200);
        assertThat(compared.body().path("matches").asBoolean()).isFalse();
        assertThat(compared.body().path("items").toString())
                .contains("\"matched\"")
                .contains("\"missing_here\"");
        owner.post("/v1/ledger:reconcile", Json.object().put("csv", "no,columns\n1,2\n"))
                .expect(422);
        owner.as(ours).post("/v1/ledger:reconcile", Json.object().put("csv", csv)).expect(403);
    }

    // ---- budgets

    @Test
    void a_budget_shows_what_is_spent_and_by_whom() {
        var budgets = owner.get("/v1/budgets?scope=team:ours").expect(200).body();
        var state = budgets.at("/items/0");
        assertThat(state.path("limit_micros").asLong()).isEqualTo(10_000_000);
        assertThat(state.path("spent_micros").asLong()).isEqualTo(3_000_000);
        assertThat(state.path("left_micros").asLong()).isEqualTo(7_000_000);
        assertThat(state.path("renews").asString("")).isNotEmpty();
        var top = owner.get("/v1/budgets:top?scope=team:ours&by=agent").expect(200).body();
        assertThat(top.at("/items/0/by/agent").asString()).isEqualTo("writer");
        assertThat(top.at("/items/0/cost_micros").asLong()).isEqualTo(3_000_000);
        conforms("BudgetState", state);
        conforms("LedgerSum", top.at("/items/0"));
        conforms("LedgerRow", owner.get("/v1/ledger").body().at("/items/0"));
        conforms("Model", owner.get("/v1/models?provider=anthropic").body().at("/items/0"));
    }

    private static void conforms(String name, JsonNode value) {
        var document = owner.get("/v1/openapi.json").expect(200).body();
        var schema = Json.object().put("$ref", "#/components/schemas/" + name);
        schema.set("components", document.path("components"));
        assertThat(Schema.compile(schema).check(value)).as("%s: %s", name, value).isEmpty();
        var known = document.at("/components/schemas/" + name + "/properties").propertyNames();
        assertThat(known).as(name).containsAll(value.propertyNames());
    }

    @Test
    void budgets_are_set_changed_and_removed() {
        var wish = Json.object().put("scope", "agent:x").put("budget", "1.50 USD/hour");
        wish.put("hard", false).putArray("thresholds").add(90).add(10);
        var set = owner.put("/v1/budgets", wish).expect(200).body();
        assertThat(set.path("thresholds").toString()).isEqualTo("[10,90]");
        assertThat(set.path("hard").asBoolean()).isFalse();
        owner.put("/v1/budgets", budget("agent:x", "2 USD/hour")).expect(200);
        var list = owner.get("/v1/budgets?scope=agent:x").body().path("items");
        assertThat(list).hasSize(1);
        assertThat(list.get(0).path("budget").asString()).isEqualTo("2.00 USD/hour");
        var path = "/v1/budgets?scope=agent:x&window=hour";
        owner.send(owner.request(path).DELETE()).expect(204);
        owner.send(owner.request(path).DELETE()).expect(404);
        for (var bad : List.of("2 USD", "much/day", "2 EUR/day", "2 USD/year")) {
            owner.put("/v1/budgets", budget("agent:x", bad)).expect(422);
        }
        owner.put("/v1/budgets", budget("planet:x", "1 USD/day")).expect(400);
        owner.put("/v1/budgets", budget("team:typo", "1 USD/day")).expect(404);
        owner.put("/v1/budgets", budget("key:typo", "1 USD/day")).expect(404);
    }

    @Test
    void nobody_raises_the_limit_they_are_under() {
        var client = owner.as(ours);
        client.put("/v1/budgets", budget("team:ours", "1000 USD/day")).expect(403);
        client.put("/v1/budgets", budget("organisation", "1000 USD/day")).expect(403);
        client.send(client.request("/v1/budgets?scope=team:ours&window=day").DELETE()).expect(403);
        var own = ours.substring(4, 16);
        client.put("/v1/budgets", budget("key:" + own, "1000 USD/day")).expect(403);
        var child = client.post("/v1/keys", Json.object().put("name", "c")).expect(201);
        client.put("/v1/budgets", budget("key:" + child.text("/id"), "1 USD/day")).expect(200);
    }

    @Test
    void a_key_that_is_to_have_a_budget_has_it_or_is_not_made() {
        var wish = Json.object().put("name", "limited").put("budget", "20 USD/day");
        var made = owner.post("/v1/keys", wish).expect(201);
        var scope = "key:" + made.text("/id");
        var state = owner.get("/v1/budgets?scope=" + scope).body().at("/items/0");
        assertThat(state.path("limit_micros").asLong()).isEqualTo(20_000_000);
        int before = owner.get("/v1/keys?limit=500").body().path("items").size();
        owner.post("/v1/keys", Json.object().put("budget", "20 EUR")).expect(422);
        assertThat(owner.get("/v1/keys?limit=500").body().path("items")).hasSize(before);
    }

    // ---- models and prices

    @Test
    void models_are_found_with_their_prices() {
        var found = owner.get("/v1/models?provider=anthropic&search=opus").expect(200).body();
        assertThat(found.path("as_of").asString("")).isNotEmpty();
        assertThat(found.path("items")).isNotEmpty();
        for (var model : found.path("items")) {
            assertThat(model.path("model").asString()).startsWith("anthropic/").contains("opus");
        }
        assertThat(owner.get("/v1/models?provider=nobody").body().path("items")).isEmpty();
        assertThat(owner.get("/v1/prices").expect(200).body().path("models").asInt()).isPositive();
        owner.post("/v1/prices", Json.object().put("nonsense", 1)).expect(422);
        assertThat(owner.get("/v1/routes").expect(200).body().path("items")).isEmpty();
    }
}
