package dev.remit.server.api;

import dev.remit.core.identity.Key;
import dev.remit.core.identity.LiveKey;
import dev.remit.core.identity.Presented;
import dev.remit.core.identity.Presented.Why;
import dev.remit.core.identity.Principal;
import dev.remit.core.identity.Role;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Guard;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// Finds out who asks. Whoever is accepted stands in the exchange as a [LiveKey]; what they may do
/// is [Access]'s matter.
///
/// A key is taken from where the vendors' SDKs put theirs: `Authorization: Bearer` (OpenAI),
/// `x-api-key` (Anthropic), `x-goog-api-key` and, below `/gemini/` alone, the query's `key`
/// (Gemini), `api-key` (Azure). The first of these that is there counts.
public final class Authentication implements Guard {
    /// Whoever holds the key in the state folder is the owner of this machine's server.
    static final Principal LOCAL = new Principal(Principal.Kind.PERSON, "local");

    private static final String SCHEME = "Bearer ";
    private static final String IN_QUERY = "/gemini/";

    private static final LiveKey OWNER =
            LiveKey.always(
                    new Key(
                            "local",
                            "the key in the state folder",
                            LOCAL,
                            null,
                            null,
                            Set.of(),
                            Role.ADMIN.permissions(),
                            Key.Limits.NONE,
                            null));

    private final Predicate<String> isOwner;
    private final Function<String, Presented> keys;

    /// @param isOwner whether it is the key in the state folder; takes the same time whatever it is
    ///   asked
    /// @param keys what is to be said of any other key
    public Authentication(Predicate<String> isOwner, Function<String, Presented> keys) {
        this.isOwner = isOwner;
        this.keys = keys;
    }

    @Override
    public void check(Exchange exchange) {
        if (Access.isOpen(exchange.path())) {
            return;
        }
        switch (presented(exchange)) {
            case Presented.Accepted accepted -> exchange.put(LiveKey.class, accepted.key());
            case Presented.Refused refused -> throw Problems.unauthorized(refused.why());
        }
    }

    private Presented presented(Exchange exchange) {
        var shown = shown(exchange);
        if (shown.isEmpty()) {
            return new Presented.Refused(Why.MISSING);
        }
        return isOwner.test(shown.get()) ? new Presented.Accepted(OWNER) : keys.apply(shown.get());
    }

    private static Optional<String> shown(Exchange exchange) {
        var bearer = exchange.header("Authorization");
        if (bearer.isPresent()) {
            var text = bearer.get();
            boolean isBearer = text.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
            return Optional.of(isBearer ? text.substring(SCHEME.length()).strip() : "")
                    .filter(key -> !key.isEmpty());
        }
        return exchange.header("x-api-key")
                .or(() -> exchange.header("x-goog-api-key"))
                .or(() -> exchange.header("api-key"))
                .or(() ->
                        exchange.path().startsWith(IN_QUERY)
                                ? exchange.query("key")
                                : Optional.empty())
                .map(String::strip);
    }
}
