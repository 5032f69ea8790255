package dev.remit.core.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.remit.core.identity.Key.Limits;
import dev.remit.core.json.Json;
import dev.remit.core.money.BudgetRule;
import dev.remit.core.money.Money;
import dev.remit.core.money.Scope;
import dev.remit.core.money.Window;
import dev.remit.core.secret.Secrets;
import dev.remit.core.settings.Settings.Guard;
import dev.remit.core.settings.Settings.Prompts.Keep;
import dev.remit.core.settings.Settings.Provider.Kind;
import dev.remit.core.settings.Settings.Route.Strategy;
import dev.remit.core.tool.ToolPrice;
import dev.remit.core.tool.ToolPrices;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingsReaderTest {
    private static final Settings FULL = settings(Example.FULL);

    private static Settings settings(String yaml) {
        var reading = SettingsReader.read(yaml, Example.BESIDE::get);
        assertThat(reading.faults()).isEmpty();
        return Objects.requireNonNull(reading.settings());
    }

    private static Map<String, Object> request(Map<String, Object> fields) {
        return Map.of("request", fields);
    }

    @Test
    void an_empty_file_is_what_holds_without_one() {
        assertThat(settings("remit: server/v1\n")).isEqualTo(Settings.none());
    }

    @Test
    void providers_are_read() {
        assertThat(FULL.organisation()).isEqualTo("acme");
        assertThat(FULL.zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
        var azure = Objects.requireNonNull(FULL.providers().get("azure-eu"));
        assertThat(azure.kind()).isEqualTo(Kind.AZURE);
        assertThat(azure.url()).isEqualTo(URI.create("https://acme.openai.azure.com"));
        assertThat(azure.credential()).isEqualTo("azure-eu");
        assertThat(azure.options()).containsExactly(entry("api_version", "2024-10-21"));
        var anthropic = Objects.requireNonNull(FULL.providers().get("anthropic"));
        assertThat(anthropic.credential()).isEqualTo("anthropic");
        assertThat(anthropic.url()).isNull();
        var openai = Objects.requireNonNull(FULL.providers().get("openai"));
        assertThat(openai.limits()).isEqualTo(new Limits(500, 0, 0));
        assertThat(openai.headers()).containsExactly(entry("openai-organization", "org-acme"));
        var ollama = Objects.requireNonNull(FULL.providers().get("ollama"));
        assertThat(ollama.free()).isTrue();
        assertThat(ollama.credential()).isNull();
        assertThat(ollama.url()).isEqualTo(URI.create("http://127.0.0.1:11434/v1"));
        assertThat(Objects.requireNonNull(FULL.providers().get("bedrock")).options())
                .containsExactly(entry("region", "eu-central-1"));
        assertThat(Objects.requireNonNull(FULL.providers().get("vertex")).options())
                .containsOnly(entry("project", "p"), entry("region", "europe-west1"));
    }

    @Test
    void a_provider_named_as_its_kind_needs_no_kind() {
        var groq = settings("remit: server/v1\nproviders: { groq: {} }\n").providers().get("groq");
        assertThat(Objects.requireNonNull(groq).kind()).isEqualTo(Kind.GROQ);
        assertThat(groq.credential()).isEqualTo("groq");
    }

    @Test
    void routes_are_read_in_their_three_forms() {
        var fast = Objects.requireNonNull(FULL.routes().get("fast"));
        assertThat(fast.targets()).hasToString("[openai/gpt-5-mini]");
        assertThat(fast.strategy()).isEqualTo(Strategy.ORDERED);
        assertThat(fast.total()).isEqualTo(Duration.ofMinutes(10));
        assertThat(Objects.requireNonNull(FULL.routes().get("both")).targets())
                .hasToString("[openai/gpt-5-mini, ollama/llama3.2:1b]");
        var capable = Objects.requireNonNull(FULL.routes().get("capable"));
        assertThat(capable.affinity()).isTrue();
        assertThat(capable.maxOutput()).isEqualTo(4096);
        assertThat(capable.firstToken()).isEqualTo(Duration.ofSeconds(20));
        assertThat(capable.stall()).isEqualTo(Duration.ofSeconds(30));
        assertThat(capable.total()).isEqualTo(Duration.ofMinutes(5));
        assertThat(capable.cache()).isEqualTo(Duration.ofMinutes(10));
        var second = capable.targets().get(1);
        assertThat(second).hasToString("openai/gpt-5");
        assertThat(second.priority()).isEqualTo(2);
        assertThat(second.weight()).isEqualTo(3);
        assertThat(second.limits()).isEqualTo(new Limits(60, 100_000, 8));
        assertThat(capable.targets().getFirst().limits()).isEqualTo(Limits.NONE);
    }

    @Test
    void a_targets_condition_looks_at_the_request() {
        var when =
                Objects.requireNonNull(
                        Objects.requireNonNull(FULL.routes().get("capable"))
                                .targets()
                                .get(1)
                                .when());
        assertThat(when.holds(request(Map.of("tools", 0, "team", "growth")))).isTrue();
        assertThat(when.holds(request(Map.of("tools", 0L, "team", "legal")))).isFalse();
        assertThat(when.holds(request(Map.of("tools", 1, "team", "growth")))).isFalse();
        assertThat(when.holds(Map.of())).isFalse();
    }

    @Test
    void a_condition_reads_tags_texts_and_truth_values() {
        var route =
                settings(
                                """
                                remit: server/v1
                                routes:
                                  r: { targets: [{ model: openai/m, when: "request.stream && request.tags.env in ['a', 'b'] && request['route'] == 'r'" }] }
                                """)
                        .routes()
                        .get("r");
        var when =
                Objects.requireNonNull(Objects.requireNonNull(route).targets().getFirst().when());
        assertThat(
                        when.holds(
                                request(
                                        Map.of(
                                                "stream",
                                                true,
                                                "tags",
                                                Map.of("env", "b"),
                                                "route",
                                                "r"))))
                .isTrue();
        assertThat(when.holds(request(Map.of("stream", true, "tags", Map.of(), "route", "r"))))
                .isFalse();
    }

    @Test
    void an_answer_is_checked_by_schema_and_condition() {
        var check =
                Objects.requireNonNull(
                        Objects.requireNonNull(FULL.routes().get("capable")).check());
        var schema = Objects.requireNonNull(check.schema());
        assertThat(schema.fault(Json.parse("{\"title\": \"x\"}"))).isEmpty();
        assertThat(schema.fault(Json.parse("{\"title\": 3}")).orElseThrow()).contains("/title");
        var when = Objects.requireNonNull(check.when());
        assertThat(when.holds(Map.of("answer", Map.of("text", "x")))).isTrue();
        assertThat(when.holds(Map.of("answer", Map.of("text", "")))).isFalse();
    }

    @Test
    void budgets_of_teams_and_of_all_others_are_one_list() {
        assertThat(FULL.teams().keySet()).containsExactlyInAnyOrder("growth", "legal", "ops");
        assertThat(FULL.budgets())
                .containsExactlyInAnyOrder(
                        rule("team:growth", Window.DAY, 20, true, 50, 80, 100),
                        rule("team:ops", Window.HOUR, 1, true, 50, 80, 100),
                        rule("team:ops", Window.MONTH, 100, false, 90),
                        rule("organisation", Window.MONTH, 500, true, 50, 80, 100),
                        rule("agent:triage", Window.DAY, 5, false, 50, 80, 100),
                        rule("tool:maps.route", Window.DAY, 2, true, 50, 80, 100),
                        rule("key:k1", Window.TOTAL, 3, true, 10, 20));
    }

    private static BudgetRule rule(
            String scope, Window window, long units, boolean hard, Integer... thresholds) {
        return new BudgetRule(
                Objects.requireNonNull(Scope.parse(scope)),
                window,
                new Money(units * 1_000_000),
                hard,
                List.of(thresholds));
    }

    @Test
    void guards_are_read_in_their_order() {
        assertThat(FULL.guards())
                .containsExactly(
                        new Guard(
                                "secrets",
                                Guard.Kind.SECRETS,
                                Guard.Mode.BLOCK,
                                true,
                                true,
                                List.of(),
                                List.of(),
                                0,
                                List.of("fast")),
                        new Guard(
                                "deny",
                                Guard.Kind.DENY,
                                Guard.Mode.BLOCK,
                                true,
                                true,
                                List.of("project-x"),
                                List.of("ACME-[0-9]{6}"),
                                0,
                                List.of()),
                        new Guard(
                                "size",
                                Guard.Kind.SIZE,
                                Guard.Mode.BLOCK,
                                true,
                                false,
                                List.of(),
                                List.of(),
                                1_000_000,
                                List.of()));
    }

    @Test
    void secrets_are_guarded_unless_the_file_says_otherwise() {
        var other = settings("remit: server/v1\nguards: [{ deny: { words: [x] } }]\n").guards();
        assertThat(other)
                .extracting(Guard::kind)
                .containsExactly(Guard.Kind.SECRETS, Guard.Kind.DENY);
        assertThat(settings("remit: server/v1\nguards: [{ secrets: ignore }]\n").guards())
                .isEmpty();
    }

    @Test
    void guards_of_one_kind_have_names_of_their_own() {
        var guards =
                settings(
                                "remit: server/v1\nguards: [{ secrets: ignore }, { size: { bytes: 1KB, mode: log } }, { size: { bytes: 2000 } }]\n")
                        .guards();
        assertThat(guards).extracting(Guard::name).containsExactly("size", "size-2");
        assertThat(guards).extracting(Guard::bytes).containsExactly(1000L, 2000L);
    }

    @Test
    void prices_of_tools_are_read() {
        assertThat(FULL.toolPrices())
                .isEqualTo(
                        new ToolPrices(
                                Map.of(
                                        "maps.route",
                                        ToolPrice.of(new Money(10_000)),
                                        "search.*",
                                        new ToolPrice(
                                                new Money(500_000),
                                                new ToolPrice.Reported(
                                                        "/usage/credits", new Money(1_000))))));
    }

    @Test
    void prices_prompts_and_telemetry_are_read() {
        var price = Objects.requireNonNull(FULL.prices().get("openai/gpt-x"));
        assertThat(price.input()).isEqualByComparingTo("1.25");
        assertThat(price.output()).isEqualByComparingTo(BigDecimal.TEN);
        assertThat(price.cacheRead()).isEqualByComparingTo("0.125");
        assertThat(price.cacheWrite()).isNull();
        assertThat(FULL.prompts()).isEqualTo(new Settings.Prompts(Keep.HASHES, Duration.ofDays(7)));
        assertThat(FULL.telemetry().otlp()).isEqualTo(URI.create("http://127.0.0.1:4318"));
        assertThat(FULL.telemetry().sampled()).isEqualTo(0.1);
    }

    @Test
    void a_collectors_key_is_put_in_where_it_is_sent() {
        var secrets =
                new Secrets() {
                    @Override
                    public Optional<String> find(String name) {
                        return name.equals("collector") ? Optional.of("k$1") : Optional.empty();
                    }

                    @Override
                    public Set<String> values() {
                        return Set.of("k$1");
                    }
                };
        assertThat(FULL.telemetry().headers())
                .containsEntry("authorization", "Bearer ${secret.collector}");
        assertThat(FULL.telemetry().headers(secrets))
                .containsOnly(entry("authorization", "Bearer k$1"), entry("x-tenant", "acme"));
    }

    @Test
    void rows_of_the_ledger_are_kept_for_400_days_or_as_long_as_is_said() {
        assertThat(Settings.none().ledger().toDays()).isEqualTo(400);
        var said = SettingsReader.read("remit: server/v1\nledger: { days: 31 }\n", path -> null);
        assertThat(said.settings().ledger().toDays()).isEqualTo(31);
    }
}
