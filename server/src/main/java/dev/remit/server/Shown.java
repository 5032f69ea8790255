package dev.remit.server;

import dev.remit.runtime.Engine;
import dev.remit.store.session.Node;

/// What the other nodes are shown of this one.
record Shown(String version, String url, Engine engine) implements Node.Report {
    @Override
    public int places() {
        return engine.places();
    }

    @Override
    public int driven() {
        return engine.driven();
    }
}
