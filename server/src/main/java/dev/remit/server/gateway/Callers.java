package dev.remit.server.gateway;

import dev.remit.core.identity.LiveKey;
import dev.remit.http.server.Exchange;

/// Who has been let in with a request.
final class Callers {
    private Callers() {}

    static LiveKey of(Exchange exchange) {
        return exchange.find(LiveKey.class)
                .orElseThrow(() -> new IllegalStateException("nobody was let in with this"));
    }
}
