package dev.remit.server.api;

import dev.remit.core.identity.SessionId;
import dev.remit.runtime.Parts;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Tells whoever watches a session that there is news. Hints: the log is the truth, and a watcher
/// looks there now and then without being told.
public final class Live implements Parts.Progress {
    private final Map<SessionId, Set<Watch>> watches = new ConcurrentHashMap<>();

    /// One who watches one session.
    final class Watch implements AutoCloseable {
        private final SessionId session;
        private final Runnable wake;
        private volatile long tokens;

        private Watch(SessionId session, Runnable wake) {
            this.session = session;
            this.wake = wake;
        }

        /// Output tokens of the model call that runs, as last told; 0 if nothing was told.
        long tokens() {
            return tokens;
        }

        @Override
        public void close() {
            watches.computeIfPresent(
                    session,
                    (id, all) -> {
                        all.remove(this);
                        return all.isEmpty() ? null : all;
                    });
        }
    }

    /// @param wake must return at once
    Watch watch(SessionId session, Runnable wake) {
        var watch = new Watch(session, wake);
        watches.compute(
                session,
                (id, all) -> {
                    Set<Watch> grown = all == null ? ConcurrentHashMap.newKeySet() : all;
                    grown.add(watch);
                    return grown;
                });
        return watch;
    }

    /// Events of a session are durable.
    public void appended(SessionId session) {
        watches.getOrDefault(session, Set.of()).forEach(watch -> watch.wake.run());
    }

    @Override
    public void tokens(SessionId session, long tokens) {
        for (var watch : watches.getOrDefault(session, Set.of())) {
            watch.tokens = tokens;
            watch.wake.run();
        }
    }
}
