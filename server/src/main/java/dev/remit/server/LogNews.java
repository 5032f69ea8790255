package dev.remit.server;

import dev.remit.core.identity.SessionId;
import dev.remit.runtime.Engine;
import dev.remit.server.api.Live;
import dev.remit.store.session.LogListener;

/// Passes on what this process did to the log: to who watches, and to who drives.
record LogNews(Live live, Engine engine) implements LogListener {
    @Override
    public void appended(SessionId session, long head) {
        live.appended(session);
    }

    @Override
    public void ready(SessionId session) {
        engine.wake(session);
    }

    @Override
    public void queued() {
        engine.look();
    }

    @Override
    public void drain(boolean wanted) {
        engine.drain(wanted);
    }
}
