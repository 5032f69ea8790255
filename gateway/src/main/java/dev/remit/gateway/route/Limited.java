package dev.remit.gateway.route;

import dev.remit.core.identity.Key;
import dev.remit.core.settings.Settings;

/// Something that has limits: a key, a provider, or a target by way of a route.
public record Limited(Kind kind, String name, Key.Limits limits) {
    /// What it is. Whoever enters several at once names them in this order.
    public enum Kind {
        KEY,
        TARGET,
        PROVIDER
    }

    public static Limited of(Key key) {
        return new Limited(Kind.KEY, key.id(), key.limits());
    }

    public static Limited of(Settings.Provider provider) {
        return new Limited(Kind.PROVIDER, provider.name(), provider.limits());
    }

    public static Limited of(Settings.Route route, Settings.Target target) {
        return target.limits().equals(Key.Limits.NONE)
                ? new Limited(Kind.TARGET, "", Key.Limits.NONE)
                : new Limited(Kind.TARGET, route.name() + " " + target, target.limits());
    }

    boolean isLimited() {
        return !limits.equals(Key.Limits.NONE);
    }
}
