package dev.remit.store.identity;

import dev.remit.core.identity.Principal;
import java.time.Instant;
import java.util.List;

/// Somebody who may act, and what for.
///
/// @param keys how many live ones there are
public record KnownPrincipal(
        Principal principal, Instant createdAt, String createdBy, List<HeldRole> roles, long keys) {
    public KnownPrincipal {
        roles = List.copyOf(roles);
    }
}
