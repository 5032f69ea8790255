package dev.remit.server.api;

import dev.remit.core.identity.Principal;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Guard;
import java.util.function.Predicate;

/// Lets in whoever shows the key of the state folder, and anybody to `GET /health`.
final class Authentication implements Guard {
    /// Whoever holds the key is the owner of this machine's state folder.
    static final Principal LOCAL = new Principal(Principal.Kind.PERSON, "local");

    private static final String SCHEME = "Bearer ";

    private final Predicate<String> isKey;

    /// @param isKey takes the same time whatever it is asked
    Authentication(Predicate<String> isKey) {
        this.isKey = isKey;
    }

    @Override
    public void check(Exchange exchange) {
        if (exchange.path().equals("/health")) {
            return;
        }
        var offered = exchange.header("Authorization").orElse("");
        boolean isBearer = offered.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        if (!isKey.test(isBearer ? offered.substring(SCHEME.length()).strip() : "")) {
            throw Problems.unauthorized();
        }
    }
}
