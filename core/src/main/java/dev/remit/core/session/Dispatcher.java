package dev.remit.core.session;

import dev.remit.core.identity.SessionId;
import java.time.Instant;

/// Decides when, and on which node, a session's next turn runs. Knows ids only.
///
/// It may lose or repeat anything: the log's `ready` is the truth, and a second claim is refused.
public interface Dispatcher {
    /// A hint that the session may have something to do.
    void wake(SessionId id);

    /// A hint that it will have, at that time.
    void wakeAt(SessionId id, Instant at);
}
