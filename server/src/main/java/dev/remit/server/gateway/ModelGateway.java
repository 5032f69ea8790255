package dev.remit.server.gateway;

import dev.remit.core.identity.SessionId;
import dev.remit.core.model.ModelProvider;
import dev.remit.core.money.Ledger;
import dev.remit.core.secret.PatternRedactor;
import dev.remit.core.secret.Redactor;
import dev.remit.core.secret.Secrets;
import dev.remit.core.settings.Settings;
import dev.remit.gateway.cache.AnswerCache;
import dev.remit.gateway.guard.Guards;
import dev.remit.gateway.price.PriceBook;
import dev.remit.gateway.provider.Providers;
import dev.remit.gateway.relay.Relay;
import dev.remit.gateway.route.Health;
import dev.remit.gateway.route.Limits;
import dev.remit.gateway.route.TargetHealth;
import dev.remit.gateway.session.SessionModels;
import dev.remit.gateway.telemetry.Telemetry;
import dev.remit.http.client.ThinClient;
import dev.remit.http.client.Upstream;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The gateway of one server, put together.
public final class ModelGateway implements AutoCloseable {
    /// Clients may name any model and any key; of so many the state is remembered.
    private static final int REMEMBERED = 10_000;

    private static final int MOST_WAITING = 2_000;
    private static final long CACHE_BYTES = 64L << 20;
    private static final int CACHED = 20_000;
    private static final int SHOWN = 200;

    private final Supplier<Settings> settings;
    private final Secrets secrets;
    private final PriceBook prices;
    private final Upstream upstream;
    private final InstantSource clock;
    private final PatternRedactor redactor;
    private final Telemetry telemetry = new Telemetry();
    private final ThinClient client = new ThinClient();
    private final Health health =
            new Health(REMEMBERED, System::nanoTime, ThreadLocalRandom::current);
    private final Limits limits = new Limits(REMEMBERED, MOST_WAITING, System::nanoTime);
    private final Relay relay;
    private volatile @Nullable Made made;

    /// What follows from settings.
    private record Made(Settings from, Providers providers, Guards guards) {}

    /// @param settings in force now; others give other providers at the next call
    /// @param known takes out the secrets that Remit holds
    /// @param redactor takes out whatever looks like a secret, too
    /// @param upstream by which providers fetch what they need to sign
    public ModelGateway(
            Supplier<Settings> settings,
            Secrets secrets,
            PriceBook prices,
            Ledger ledger,
            Redactor known,
            PatternRedactor redactor,
            Upstream upstream,
            InstantSource clock) {
        this.settings = settings;
        this.secrets = secrets;
        this.prices = prices;
        this.upstream = upstream;
        this.clock = clock;
        this.redactor = redactor;
        this.relay =
                Relay.of(
                        settings,
                        this::providers,
                        health,
                        limits,
                        ledger,
                        client,
                        known,
                        redactor,
                        clock,
                        this::id,
                        () -> prices.now().asOf(),
                        this::guards,
                        new AnswerCache(CACHE_BYTES, CACHED, clock),
                        telemetry);
        figures();
    }

    /// What `/metrics` asks for when somebody looks.
    private void figures() {
        var figures = telemetry.figures();
        figures.gauge(
                "remit_target_in_flight",
                "Calls under way at a target.",
                "target",
                () -> targets(seen -> (long) seen.inFlight()));
        figures.gauge(
                "remit_target_breaker",
                "0: closed, 1: half open, 2: open.",
                "target",
                () -> targets(seen -> breaker(seen.state())));
    }

    private Map<String, Long> targets(ToLongFunction<TargetHealth.Seen> figure) {
        var all = new TreeMap<String, Long>();
        for (var seen : health.all()) {
            if (all.size() < SHOWN) {
                all.put(seen.provider() + "/" + seen.model(), figure.applyAsLong(seen));
            }
        }
        return all;
    }

    private static long breaker(TargetHealth.State state) {
        return switch (state) {
            case CLOSED -> 0;
            case HALF_OPEN -> 1;
            case OPEN -> 2;
        };
    }

    /// Settings are replaced as a whole, so that it is enough to look which ones they are.
    @SuppressWarnings("ReferenceEquality")
    private Made made() {
        var now = settings.get();
        var known = made;
        if (known == null || known.from() != now) {
            telemetry.configure(now.telemetry(), secrets);
            known =
                    new Made(
                            now,
                            Providers.of(now, secrets, prices, upstream, clock),
                            Guards.of(now.guards(), redactor));
            made = known;
        }
        return known;
    }

    private Guards guards() {
        return made().guards();
    }

    public Telemetry telemetry() {
        return telemetry;
    }

    /// Time-ordered. Not a secret, so the fast source of randomness will do.
    private UUID id() {
        return SessionId.random(clock.instant(), ThreadLocalRandom.current()).uuid();
    }

    public Providers providers() {
        return made().providers();
    }

    public Relay relay() {
        return relay;
    }

    /// The gateway for Remit's own sessions.
    public ModelProvider models() {
        return new SessionModels(relay);
    }

    public Health health() {
        return health;
    }

    public Limits limits() {
        return limits;
    }

    /// Cuts whatever is under way.
    @Override
    public void close() {
        client.close();
        telemetry.close();
    }
}
