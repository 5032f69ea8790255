package dev.remit.gateway.provider;

import dev.remit.core.settings.Settings;
import dev.remit.gateway.price.Price;
import dev.remit.gateway.wire.Dialect;
import dev.remit.gateway.wire.Facts;
import dev.remit.http.client.Request;
import dev.remit.http.client.Timeouts;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A configured provider. Thread-safe; asked for every call, so a changed key holds at once.
public interface Provider {
    Settings.Provider settings();

    /// The dialect in which that model is called there: the client's own if it can be, so that the
    /// request passes through.
    Dialect dialect(String model, Dialect client);

    /// Whether OpenAI's cap is called `max_completion_tokens` here.
    boolean newCap();

    /// How the events of a stream are framed.
    Framing framing(Dialect dialect);

    /// How events come.
    enum Framing {
        SSE,
        /// AWS's binary `application/vnd.amazon.eventstream`.
        AWS
    }

    /// The request as it goes out, signed.
    ///
    /// @throws Unusable if it cannot be made, with what to do: no credential, no such operation
    Request request(Outgoing call) throws Unusable;

    /// What is asked of a provider.
    ///
    /// @param body as the dialect has it, already with the model's name if it goes there
    /// @param headers of the client that the provider may see, in lower case, such as
    ///   `anthropic-beta` and `idempotency-key`
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Outgoing(
            Operation operation,
            Dialect dialect,
            String model,
            boolean stream,
            byte[] body,
            Map<String, String> headers,
            Timeouts timeouts) {}

    /// What can be asked.
    enum Operation {
        CHAT,
        EMBEDDINGS,
        COUNT_TOKENS
    }

    /// What its tokens cost: the operator's own price, or the published one. Empty if nobody knows;
    /// then it is not called.
    ///
    /// @param serviceTier as asked for or as billed; absent: the usual one
    Optional<Price> price(String model, @Nullable String serviceTier);

    /// The most tokens that the prompt can have there, whatever its tokenizer makes of it.
    ///
    /// @param bytes of the body that goes out
    /// @return empty if nothing bounds it
    Optional<Long> inputBound(String model, Facts facts, long bytes);

    /// Whether it makes vectors of texts.
    default boolean embeds() {
        return true;
    }

    /// Whether it does so in Google's words, too.
    default boolean embedsInGemini() {
        return false;
    }

    /// Whether a stream tells its usage only if `stream_options` ask for it. If not, they are not
    /// sent: some servers refuse what they do not know.
    default boolean asksForUsage() {
        return true;
    }

    /// Of prompt and answer together, where it is known.
    Optional<Long> window(String model);

    /// The most that the model can write, where it is known.
    Optional<Long> maxOutput(String model);

    /// Whether the model may bill output that a client never sees, such as hidden thoughts. Then
    /// what came of an answer that was cut does not bound what was billed.
    default boolean hidesTokens(String model) {
        return true;
    }
}
