package dev.remit.core.identity;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a key stands for. The key itself is shown once, when it is made; only its hash is kept.
///
/// @param id part of the key, so that it can be named without being shown
/// @param name for people
/// @param principal who acts with it
/// @param team who pays; absent: the organisation
/// @param agent whom it is bound to; absent: the caller may name one
/// @param routes that it may use, by name; empty: all. A model named as `provider/model` counts as
///   a route of that name
/// @param permissions what it may do at all
/// @param limits how much at a time
/// @param expires absent: never
public record Key(
        String id,
        String name,
        Principal principal,
        @Nullable String team,
        @Nullable String agent,
        Set<String> routes,
        Set<Permission> permissions,
        Limits limits,
        @Nullable Instant expires) {
    public Key {
        routes = Set.copyOf(routes);
        permissions = Set.copyOf(permissions);
    }

    /// How much a key may do at a time; 0: no limit.
    ///
    /// @param requests a minute
    /// @param tokens a minute, input and output
    /// @param atOnce calls under way at the same time
    public record Limits(long requests, long tokens, int atOnce) {
        public static final Limits NONE = new Limits(0, 0, 0);

        public Limits {
            if (requests < 0 || tokens < 0 || atOnce < 0) {
                throw new IllegalArgumentException("a limit is not negative");
            }
        }
    }

    public boolean may(Permission permission) {
        return permissions.contains(permission);
    }

    public boolean mayUse(String route) {
        return routes.isEmpty() || routes.contains(route);
    }

    public boolean isExpired(Instant now) {
        return expires != null && !now.isBefore(expires);
    }
}
