package dev.remit.gateway.relay;

import dev.remit.core.identity.Key;
import dev.remit.core.identity.LiveKey;
import dev.remit.core.identity.Permission;
import dev.remit.core.identity.Principal;
import dev.remit.core.money.Attempt;
import dev.remit.core.money.BudgetRule;
import dev.remit.core.money.InMemoryLedger;
import dev.remit.core.money.Money;
import dev.remit.core.money.Scope;
import dev.remit.core.money.Window;
import dev.remit.core.secret.PatternRedactor;
import dev.remit.core.secret.Secrets;
import dev.remit.core.settings.Settings;
import dev.remit.core.settings.Settings.Provider.Kind;
import dev.remit.core.settings.Settings.Route;
import dev.remit.core.settings.Settings.Target;
import dev.remit.gateway.cache.AnswerCache;
import dev.remit.gateway.fake.FakeVendor;
import dev.remit.gateway.guard.Guards;
import dev.remit.gateway.price.PriceBook;
import dev.remit.gateway.provider.Providers;
import dev.remit.gateway.telemetry.Telemetry;
import dev.remit.gateway.wire.Codec;
import dev.remit.gateway.wire.Dialect;
import dev.remit.http.client.ThinClient;
import dev.remit.http.client.Upstream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A relay in front of two fake vendors, with everything real but the database.
final class Relayed implements AutoCloseable {
    static final String PLAIN =
            """
            {"model":"%s","max_tokens":100,"messages":[{"role":"user","content":"How are you?"}]}\
            """;
    static final String STREAMED =
            """
            {"model":"%s","max_tokens":100,"stream":true,\
            "messages":[{"role":"user","content":"How are you?"}]}\
            """;

    final FakeVendor first;
    final FakeVendor second;
    final ListedTargets targets = new ListedTargets();
    final InMemoryLedger ledger =
            new InMemoryLedger(List.of(), ZoneOffset.UTC, InstantSource.system());
    final Relay relay;
    private final ThinClient client = new ThinClient();
    private final Upstream upstream = new Upstream();

    Relayed() throws IOException {
        this(Duration.ofSeconds(20), null);
    }

    /// @param stall how long a stream may say nothing
    Relayed(Duration stall, Settings.@Nullable Check check) throws IOException {
        first = FakeVendor.start();
        second = FakeVendor.start();
        var settings = settings(stall, check);
        var secrets = new Keys();
        var redactor = new PatternRedactor(secrets::values);
        var guards = Guards.of(settings.guards(), redactor);
        var providers =
                Providers.of(
                        settings, secrets, PriceBook.bundled(), upstream, InstantSource.system());
        relay =
                new Relay(
                        new Relay.Parts(
                                () -> settings,
                                () -> providers,
                                targets,
                                ledger,
                                client,
                                redactor,
                                redactor,
                                InstantSource.system(),
                                UUID::randomUUID,
                                () -> "2026-07-02",
                                () -> guards,
                                new AnswerCache(1 << 20, 100, InstantSource.system()),
                                new Telemetry()));
    }

    private Settings settings(Duration stall, Settings.@Nullable Check check) {
        var none = Settings.none();
        var routes = new HashMap<String, Route>();
        for (var strategy :
                List.of("fast", "first", "claude", "claude-then-one", "windows", "free")) {
            List<Target> to =
                    switch (strategy) {
                        case "fast" -> List.of(target("one", "m"), target("two", "m"));
                        case "first" -> List.of(target("one", "m"));
                        case "claude" -> List.of(target("claude", "m"));
                        case "claude-then-one" ->
                                List.of(target("claude", "m"), target("one", "m"));
                        case "windows" ->
                                List.of(
                                        target("one", "m"),
                                        target("two", "m"),
                                        target("claude", "m"));
                        default -> List.of(target("one", "unpriced"));
                    };
            routes.put(
                    strategy,
                    new Route(
                            strategy,
                            Route.Strategy.ORDERED,
                            false,
                            to,
                            null,
                            Duration.ofSeconds(5),
                            stall,
                            Duration.ofSeconds(30),
                            null,
                            check));
        }
        return new Settings(
                "acme",
                ZoneOffset.UTC,
                Map.of(
                        "one", provider("one", Kind.OPENAI_COMPATIBLE, first),
                        "two", provider("two", Kind.OPENAI_COMPATIBLE, second),
                        "claude", provider("claude", Kind.ANTHROPIC, second),
                        "bedrock", bare("bedrock", Kind.BEDROCK, Map.of()),
                        "azure",
                                bare(
                                        "azure",
                                        Kind.AZURE,
                                        Map.of(
                                                "api_version",
                                                "2024-10-21",
                                                "deployment",
                                                "prod-m"))),
                routes,
                Map.of(),
                List.of(),
                List.of(),
                Map.of(
                        "one/m", price(),
                        "two/m", price(),
                        "claude/m", price(),
                        "bedrock/m", price(),
                        "azure/m", price()),
                none.prompts(),
                none.telemetry());
    }

    private static Target target(String provider, String model) {
        return new Target(provider, model, 1, 1, null, Key.Limits.NONE);
    }

    private static Settings.PriceOverride price() {
        return new Settings.PriceOverride(
                new BigDecimal(10), new BigDecimal(50), null, null, null, null);
    }

    private static Settings.Provider provider(String name, Kind kind, FakeVendor fake) {
        var uri = kind == Kind.ANTHROPIC ? fake.uri() : fake.uri().resolve("/v1");
        return new Settings.Provider(
                name, kind, uri, name, Map.of(), Map.of(), false, Key.Limits.NONE);
    }

    private Settings.Provider bare(String name, Kind kind, Map<String, String> options) {
        return new Settings.Provider(
                name, kind, first.uri(), name, options, Map.of(), false, Key.Limits.NONE);
    }

    void budget(String dollars) {
        ledger.set(
                new BudgetRule(
                        new Scope(Scope.Kind.TEAM, "growth"),
                        Window.TOTAL,
                        Money.ofUnits(new BigDecimal(dollars)),
                        true,
                        List.of()));
    }

    Call open(Dialect dialect, String body) throws Exception {
        return open(dialect, body, Set.of());
    }

    Call open(Dialect dialect, String body, Set<String> routes) throws Exception {
        return relay.open(
                new Call.Asked(dialect, Codec.InPath.NOTHING, Map.of(), null, null),
                caller(routes),
                body.getBytes(StandardCharsets.UTF_8));
    }

    static Caller caller(Set<String> routes) {
        var somebody = new Principal(Principal.Kind.SERVICE, "app");
        var key =
                new Key(
                        "k1",
                        "app",
                        somebody,
                        "growth",
                        null,
                        routes,
                        Set.of(Permission.MODELS_USE),
                        Key.Limits.NONE,
                        null);
        var who =
                new Attempt.Who(
                        List.of(somebody), "k1", "growth", null, null, null, null, Map.of());
        return new Caller(who, LiveKey.always(key));
    }

    Result ask(String body) throws Exception {
        return relay.run(open(Dialect.OPENAI_CHAT, body));
    }

    /// Runs a stream to its end.
    ///
    /// @return what the client saw, and whether it ended well
    Streamed stream(Dialect dialect, String body) throws Exception {
        var call = open(dialect, body);
        var result = relay.run(call);
        if (!(result instanceof Result.Flowing(var flow, var headers))) {
            return new Streamed(result.toString(), false, result.headers());
        }
        var seen = new ByteArrayOutputStream();
        var good = relay.pump(call, flow).run(seen::write);
        return new Streamed(seen.toString(StandardCharsets.UTF_8), good, headers);
    }

    record Streamed(String text, boolean good, Map<String, String> headers) {}

    Attempt lastRow() {
        return ledger.attempts().getLast();
    }

    @Override
    public void close() {
        client.close();
        upstream.close();
        first.close();
        second.close();
    }

    private static final class Keys implements Secrets {
        private static final String AWS =
                "{\"access_key_id\":\"AKIDEXAMPLE\",\"secret_access_key\":\"aws-secret\"}";

        @Override
        public Optional<String> find(String name) {
            return Optional.of(name.equals("bedrock") ? AWS : "sk-secret-of-" + name);
        }

        @Override
        public Set<String> values() {
            return Set.of("sk-secret-of-one", "sk-secret-of-two", "sk-secret-of-claude");
        }
    }
}
