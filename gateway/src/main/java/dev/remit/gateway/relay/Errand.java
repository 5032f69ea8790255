package dev.remit.gateway.relay;

import dev.remit.gateway.provider.Provider.Operation;
import dev.remit.gateway.wire.BadRequest;
import dev.remit.gateway.wire.Dialect;
import dev.remit.http.client.ThinAnswer;
import dev.remit.http.client.UpstreamException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a leg is for: an answer, or vectors. Says what goes out and what that can cost, and
/// understands what comes back.
interface Errand {
    Operation operation();

    /// In which the provider is asked.
    Dialect dialect();

    /// Whether the answer is to come as a stream.
    boolean streams();

    /// Why it makes no sense to ask this target, whatever is asked for; absent if it does.
    default @Nullable String cannot() {
        return null;
    }

    /// @return empty if nobody knows what it can cost
    /// @throws BadRequest if this target cannot be asked so
    Optional<Offer> offer() throws BadRequest;

    /// The body with a lower cap than it was offered with.
    byte[] lowered(int cap) throws BadRequest;

    /// Reads a good answer, and settles it. Whoever asks closes the answer, unless a live flow goes
    /// on with it.
    ///
    /// @param lowered the cap that the budget allowed; absent: as it was asked for
    Tried read(Account account, ThinAnswer answer, @Nullable Integer lowered)
            throws UpstreamException, InterruptedException;

    /// What would go out, and the most that it can cost.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Offer(byte[] body, Bound bound) {}
}
