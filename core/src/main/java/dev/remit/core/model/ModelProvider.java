package dev.remit.core.model;

import java.util.function.LongConsumer;

/// Something that answers model calls: a vendor, a compatible server, or the rehearsal provider.
public interface ModelProvider {
    /// Makes one attempt, blocking and streaming underneath. Retries are the session's business.
    ///
    /// @param tokensSoFar told now and then how many output tokens have come
    /// @throws InterruptedException if the session was cancelled; the upstream call is cut
    ModelAnswer call(ModelRequest request, LongConsumer tokensSoFar) throws InterruptedException;
}
