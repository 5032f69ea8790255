package dev.remit.store.identity;

import dev.remit.core.identity.Key;
import dev.remit.core.identity.Permission;
import dev.remit.core.identity.Principal;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A key that somebody wants; see [Key] for what the parts mean.
public record NewKey(
        String name,
        Principal principal,
        @Nullable String team,
        @Nullable String agent,
        Set<String> routes,
        Set<Permission> permissions,
        Key.Limits limits,
        @Nullable Instant expires) {
    public NewKey {
        routes = Set.copyOf(routes);
        permissions = Set.copyOf(permissions);
    }

    Key with(String id) {
        return new Key(id, name, principal, team, agent, routes, permissions, limits, expires);
    }
}
