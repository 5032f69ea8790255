package dev.remit.gateway.relay;

import dev.remit.core.identity.Key;
import dev.remit.core.settings.Settings;
import dev.remit.core.settings.Settings.Route;
import dev.remit.gateway.provider.Providers;
import dev.remit.gateway.wire.Dialect;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds out what a client means by the name of a model.
///
/// A route of that name; or a model at a provider, as `provider/model`; or a vendor's own name for
/// a model, as programs use it that were written for that vendor.
record Resolve(Settings settings, Providers providers) {
    private static final int LONGEST_NAME = 200;

    Optional<Route> find(String name, @Nullable Dialect dialect) {
        if (!isName(name)) {
            return Optional.empty();
        }
        var route = settings.routes().get(name);
        if (route != null) {
            return Optional.of(route);
        }
        var slash = name.indexOf('/');
        if (slash > 0 && settings.providers().containsKey(name.substring(0, slash))) {
            return Optional.of(direct(name.substring(0, slash), name.substring(slash + 1)));
        }
        var own = own(dialect);
        return own.filter(provider -> prices(provider, name))
                .or(() -> whoPrices(name))
                .or(() -> own)
                .map(provider -> direct(provider, name));
    }

    /// Names go into headers and rows, so not everything that a client can write is one.
    private static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= LONGEST_NAME
                && name.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    /// The provider whose language the client speaks.
    private Optional<String> own(@Nullable Dialect dialect) {
        if (dialect == null) {
            return Optional.empty();
        }
        var kind =
                switch (dialect) {
                    case OPENAI_CHAT, OPENAI_RESPONSES -> Settings.Provider.Kind.OPENAI;
                    case ANTHROPIC -> Settings.Provider.Kind.ANTHROPIC;
                    case GEMINI -> Settings.Provider.Kind.GEMINI;
                    case BEDROCK -> Settings.Provider.Kind.BEDROCK;
                };
        return settings.providers().values().stream()
                .filter(provider -> provider.kind() == kind)
                .map(Settings.Provider::name)
                .min(Comparator.naturalOrder());
    }

    private Optional<String> whoPrices(String model) {
        return settings.providers().keySet().stream()
                .filter(provider -> prices(provider, model))
                .min(Comparator.naturalOrder());
    }

    private boolean prices(String provider, String model) {
        return providers
                .find(provider)
                .filter(found -> !found.settings().free())
                .filter(found -> found.price(model, null).isPresent())
                .isPresent();
    }

    static Route direct(String provider, String model) {
        return new Route(
                provider + "/" + model,
                Route.Strategy.ORDERED,
                false,
                List.of(new Settings.Target(provider, model, 1, 1, null, Key.Limits.NONE)),
                null,
                Route.FIRST_TOKEN,
                Route.STALL,
                Route.TOTAL,
                null,
                null);
    }
}
