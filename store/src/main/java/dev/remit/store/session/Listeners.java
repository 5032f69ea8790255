package dev.remit.store.session;

import dev.remit.core.identity.SessionId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whoever is told of what happens to the log. One that fails disturbs nobody.
final class Listeners implements LogListener {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final List<LogListener> all = new CopyOnWriteArrayList<>();

    void add(LogListener listener) {
        all.add(listener);
    }

    void remove(LogListener listener) {
        all.remove(listener);
    }

    @Override
    public void appended(SessionId session, long head) {
        tell(listener -> listener.appended(session, head));
    }

    @Override
    public void ready(SessionId session) {
        tell(listener -> listener.ready(session));
    }

    @Override
    public void queued() {
        tell(LogListener::queued);
    }

    @Override
    public void drain(boolean wanted) {
        tell(listener -> listener.drain(wanted));
    }

    @Override
    public void fenced() {
        tell(LogListener::fenced);
    }

    private void tell(Consumer<LogListener> news) {
        for (var listener : all) {
            try {
                news.accept(listener);
            } catch (RuntimeException e) {
                LOG.warn("a listener of the session log failed", e);
            }
        }
    }
}
