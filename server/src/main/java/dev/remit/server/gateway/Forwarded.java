package dev.remit.server.gateway;

import dev.remit.http.server.Exchange;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Which headers of a client a provider may see. All others stay here, keys above all.
final class Forwarded {
    private static final Set<String> ALLOWED =
            Set.of(
                    "anthropic-beta",
                    "anthropic-version",
                    "openai-beta",
                    "openai-organization",
                    "openai-project",
                    "idempotency-key",
                    "x-goog-api-client",
                    "traceparent",
                    "tracestate");
    private static final int LONGEST = 1000;

    private Forwarded() {}

    /// By name in lower case.
    static Map<String, String> of(Exchange exchange) {
        var headers = new HashMap<String, String>();
        for (var name : ALLOWED) {
            exchange.header(name)
                    .filter(value -> value.length() <= LONGEST)
                    .ifPresent(value -> headers.put(name, value));
        }
        return headers;
    }
}
