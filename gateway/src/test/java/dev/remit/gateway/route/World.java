package dev.remit.gateway.route;

import dev.remit.core.identity.Key.Limits;
import dev.remit.core.money.Money;
import dev.remit.core.settings.Condition;
import dev.remit.core.settings.Settings.Route;
import dev.remit.core.settings.Settings.Route.Strategy;
import dev.remit.core.settings.Settings.Target;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Routing with a clock that is set and chance that is seeded.
final class World {
    final AtomicLong nanos = new AtomicLong(1_000_000);
    final Random random = new Random(42);
    final Map<String, Long> windows = new HashMap<>();
    final Map<String, Long> prices = new HashMap<>();
    final Health health = new Health(100, nanos::get, () -> random);
    final Affinity affinity = new Affinity(320, nanos::get);
    final Router router =
            new Router(
                    new Models() {
                        @Override
                        public OptionalLong window(Target target) {
                            var window = windows.get(target.model());
                            return window == null ? OptionalLong.empty() : OptionalLong.of(window);
                        }

                        @Override
                        public Optional<Money> bound(Target target, Asked asked) {
                            return Optional.ofNullable(prices.get(target.model()))
                                    .map(price -> new Money(price * asked.inputTokens()));
                        }

                        @Override
                        public Duration cacheLifetime(Target target) {
                            return Duration.ofMinutes(5);
                        }
                    },
                    health,
                    affinity,
                    () -> random);

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    static Target target(String model) {
        return target(model, 1, 1, null);
    }

    static Target target(String model, int priority, int weight, @Nullable Condition when) {
        return new Target("p", model, priority, weight, when, Limits.NONE);
    }

    static Route route(Strategy strategy, boolean affinity, Target... targets) {
        return new Route(
                "r",
                strategy,
                affinity,
                List.of(targets),
                null,
                Route.FIRST_TOKEN,
                Route.STALL,
                Route.TOTAL,
                null,
                null);
    }

    static Asked asked(long tokens, int tools, long prefix) {
        return new Asked(
                "r",
                tokens,
                100,
                tokens * 4,
                tools,
                0,
                2,
                true,
                false,
                Map.of(),
                "growth",
                null,
                "k",
                "r",
                prefix);
    }

    static Asked asked() {
        return asked(1000, 0, 0);
    }

    List<String> plan(Route route, Asked asked) {
        return models(router.plan(route, asked).candidates());
    }

    String first(Route route) {
        return plan(route, asked()).getFirst();
    }

    static List<String> models(List<Plan.Candidate> candidates) {
        return candidates.stream().map(c -> c.target().model()).toList();
    }

    /// A call that ends well, with its first token after a time.
    void call(String model, Duration firstToken) {
        try (var attempt = health.of("p", model).begin().orElseThrow()) {
            pass(firstToken);
            attempt.succeeded();
        }
    }

    void fail(String model, @Nullable Duration retryAfter) {
        try (var attempt = health.of("p", model).begin().orElseThrow()) {
            attempt.failed(retryAfter);
        }
    }

    void limit(String model, Duration retryAfter) {
        try (var attempt = health.of("p", model).begin().orElseThrow()) {
            attempt.failed(retryAfter, true);
        }
    }
}
