package dev.remit.gateway.relay;

import dev.remit.core.settings.Settings.Target;
import dev.remit.gateway.provider.Provider;
import dev.remit.gateway.provider.Provider.Operation;
import dev.remit.gateway.provider.Provider.Outgoing;
import dev.remit.gateway.provider.Unusable;
import dev.remit.gateway.wire.BadRequest;
import dev.remit.gateway.wire.ChatRequest;
import dev.remit.gateway.wire.CountTokens;
import dev.remit.gateway.wire.Dialect;
import dev.remit.gateway.wire.Garbage;
import dev.remit.http.client.Timeouts;
import dev.remit.http.client.UpstreamException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Counts the tokens of a prompt, by the provider that would answer it, or else by estimate. Costs
/// nothing, and is not in the ledger.
final class Counting {
    private static final int LARGEST_ANSWER = 64 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Relay.Parts parts;

    Counting(Relay.Parts parts) {
        this.parts = parts;
    }

    /// @param estimated whether nobody counted
    record Counted(long tokens, boolean estimated) {}

    Counted count(@Nullable Target target, @Nullable Provider provider, ChatRequest request)
            throws InterruptedException {
        if (target != null && provider != null) {
            var dialect = provider.dialect(target.model(), Dialect.ANTHROPIC);
            if (CountTokens.isCounted(dialect)) {
                try {
                    return new Counted(ask(target, provider, dialect, request), false);
                } catch (Unusable | BadRequest | Garbage | UpstreamException e) {
                    // an estimate that says that it is one is of more use than an error
                }
            }
        }
        return new Counted(CountTokens.estimate(request), true);
    }

    private long ask(Target target, Provider provider, Dialect dialect, ChatRequest request)
            throws Unusable, BadRequest, Garbage, UpstreamException, InterruptedException {
        var outgoing =
                provider.request(
                        new Outgoing(
                                Operation.COUNT_TOKENS,
                                dialect,
                                target.model(),
                                false,
                                CountTokens.ask(dialect, Chat.with(request, target, null, false)),
                                Map.of(),
                                Timeouts.of(PATIENCE)));
        try (var answer = parts.client().send(outgoing)) {
            var body = answer.body(LARGEST_ANSWER);
            if (answer.status() / 100 != 2) {
                throw new Garbage("the provider answered " + answer.status());
            }
            return CountTokens.read(dialect, body);
        }
    }
}
