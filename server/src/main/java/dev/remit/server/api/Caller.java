package dev.remit.server.api;

import dev.remit.core.identity.Key;
import dev.remit.core.identity.LiveKey;
import dev.remit.core.identity.Permission;
import dev.remit.core.identity.Presented;
import dev.remit.core.identity.Principal;
import dev.remit.http.server.Exchange;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who asks, as a handler sees them: a key, and how far it reaches.
record Caller(Key key) {
    /// @throws dev.remit.http.server.Problem 401 if nobody was let in, which [Authentication] sees
    ///   to
    static Caller of(Exchange exchange) {
        return new Caller(live(exchange).key());
    }

    /// As [#of], for those that go on for a while.
    static LiveKey live(Exchange exchange) {
        return exchange.find(LiveKey.class)
                .orElseThrow(() -> Problems.unauthorized(Presented.Why.MISSING));
    }

    Principal principal() {
        return key.principal();
    }

    /// Whether it reaches the whole organisation.
    boolean isUnbound() {
        return key.team() == null && key.agent() == null;
    }

    boolean may(Permission permission) {
        return key.may(permission);
    }

    /// The team that a list is about: the caller's own, whatever was asked for.
    ///
    /// @throws dev.remit.http.server.Problem 403 if it is another's
    Optional<String> team(Optional<String> asked) {
        return bound(key.team(), asked, "team");
    }

    /// The agent that a list is about, likewise.
    ///
    /// @throws dev.remit.http.server.Problem 403 if it is another one
    Optional<String> agent(Optional<String> asked) {
        return bound(key.agent(), asked, "agent");
    }

    private static Optional<String> bound(
            @Nullable String own, Optional<String> asked, String what) {
        if (own == null) {
            return asked;
        }
        if (asked.isPresent() && !asked.get().equals(own)) {
            throw Problems.forbidden("this key is bound to " + what + " " + own);
        }
        return Optional.of(own);
    }

    /// Whether something of that team and agent is the caller's to see.
    boolean sees(@Nullable String team, @Nullable String agent) {
        return (key.team() == null || key.team().equals(team))
                && (key.agent() == null || key.agent().equals(agent));
    }
}
