package dev.remit.gateway.provider;

import java.util.List;

/// Which headers of a client a provider may see. All others stay here: keys, cookies and addresses
/// are nobody's business there.
final class Forwarded {
    static final List<String> ANYWHERE = List.of("idempotency-key", "traceparent");
    static final List<String> ANTHROPIC =
            List.of("idempotency-key", "traceparent", "anthropic-version", "anthropic-beta");
    static final List<String> OPENAI =
            List.of("idempotency-key", "traceparent", "openai-beta", "x-client-request-id");
    static final List<String> OPENROUTER =
            List.of("idempotency-key", "traceparent", "http-referer", "x-title");
    static final List<String> TRACE = List.of("traceparent");

    private Forwarded() {}
}
