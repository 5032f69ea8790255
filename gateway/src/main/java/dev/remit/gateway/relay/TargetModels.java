package dev.remit.gateway.relay;

import dev.remit.core.money.Money;
import dev.remit.core.settings.Settings.Target;
import dev.remit.gateway.provider.Provider;
import dev.remit.gateway.provider.Providers;
import dev.remit.gateway.route.Affinity;
import dev.remit.gateway.route.Asked;
import dev.remit.gateway.route.Models;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// What the providers know of the models that targets name.
record TargetModels(Supplier<Providers> providers) implements Models {
    private Optional<Provider> of(Target target) {
        return providers.get().find(target.provider());
    }

    @Override
    public OptionalLong window(Target target) {
        var window = of(target).flatMap(provider -> provider.window(target.model()));
        return window.isPresent() ? OptionalLong.of(window.get()) : OptionalLong.empty();
    }

    @Override
    public Optional<Money> bound(Target target, Asked asked) {
        return of(target)
                .flatMap(provider -> {
                    var cap =
                            asked.outputTokens() > 0
                                    ? asked.outputTokens()
                                    : provider.maxOutput(target.model()).orElse(0L);
                    return provider.price(target.model(), null)
                            .map(price -> price.bound(asked.inputTokens(), cap));
                });
    }

    @Override
    public Duration cacheLifetime(Target target) {
        return of(target)
                .map(provider -> Affinity.lifetime(provider.settings().kind()))
                .orElse(Duration.ZERO);
    }
}
