package dev.remit.store.session;

import dev.remit.core.identity.SessionId;
import dev.remit.core.session.Recorded;
import java.util.List;
import java.util.Optional;

/// Logs of sessions that are not in the tables any more.
public interface ColdLogs {
    /// There are none.
    ColdLogs NONE =
            new ColdLogs() {
                @Override
                public boolean holds(SessionId id) {
                    return false;
                }

                @Override
                public Optional<List<Recorded>> events(SessionId id) {
                    return Optional.empty();
                }
            };

    boolean holds(SessionId id);

    /// All events of a session; nothing if it is not here.
    Optional<List<Recorded>> events(SessionId id);
}
