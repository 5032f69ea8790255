package dev.remit.gateway.route;

import dev.remit.core.money.Money;
import dev.remit.core.settings.Settings.Target;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/// What is known of the models that targets name.
public interface Models {
    /// Tokens of prompt and answer together, where it is known.
    OptionalLong window(Target target);

    /// The most that the request can cost there. Empty if nobody knows.
    Optional<Money> bound(Target target, Asked asked);

    /// How long the provider keeps a prefix warm after it was used; zero if it has no cache. See
    /// [Affinity#lifetime].
    Duration cacheLifetime(Target target);
}
