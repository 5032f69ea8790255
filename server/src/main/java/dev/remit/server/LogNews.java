package dev.remit.server;

import dev.remit.core.identity.SessionId;
import dev.remit.runtime.Engine;
import dev.remit.server.live.Live;
import dev.remit.store.session.LogListener;

/// Passes on what happens to the log: to who watches, and to who drives.
///
/// @param rejoin is called when this node was taken for dead; returns at once
record LogNews(Live live, Engine engine, Runnable rejoin) implements LogListener {
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
    public void fenced() {
        rejoin.run();
    }

    @Override
    public void drain(boolean wanted) {
        engine.drain(wanted);
    }
}
