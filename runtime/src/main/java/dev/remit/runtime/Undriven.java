package dev.remit.runtime;

import dev.remit.core.identity.SessionId;
import dev.remit.core.session.SessionLog;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/// Finds sessions that this node claimed without hearing of it: the answer to the claim was lost
/// with its connection. The log says that they are this node's, and nobody drives them.
public final class Undriven {
    private final Predicate<SessionId> driven;
    private Set<SessionId> suspects = Set.of();

    /// @param driven whether a session has somebody on this node who drives it
    public Undriven(Predicate<SessionId> driven) {
        this.driven = driven;
    }

    /// Looks once more. One that is seen for the first time may just be about to start.
    ///
    /// @return those that were seen the last time, too
    public Set<SessionId> look(SessionLog log) {
        var seen = new HashSet<SessionId>();
        for (var id : log.held()) {
            if (!driven.test(id)) {
                seen.add(id);
            }
        }
        var twice = new HashSet<>(seen);
        twice.retainAll(suspects);
        suspects = Set.copyOf(seen);
        return twice;
    }

    /// Whether the last look saw any.
    public boolean suspectsAny() {
        return !suspects.isEmpty();
    }
}
