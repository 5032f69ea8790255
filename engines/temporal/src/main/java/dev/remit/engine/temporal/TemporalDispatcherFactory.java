package dev.remit.engine.temporal;

import dev.remit.core.secret.Secrets;
import dev.remit.core.settings.DispatcherChoice;
import dev.remit.runtime.DispatcherFactory;
import dev.remit.runtime.Dispatching;

/// Found by the server when this module is on its class path.
public final class TemporalDispatcherFactory implements DispatcherFactory {
    @Override
    public boolean makes(DispatcherChoice choice) {
        return choice instanceof DispatcherChoice.Temporal;
    }

    @Override
    public Dispatching make(DispatcherChoice choice, Secrets secrets, String node) {
        if (choice instanceof DispatcherChoice.Temporal temporal) {
            return new TemporalDispatcher(Cluster.at(temporal, secrets, node));
        }
        throw new IllegalArgumentException("this makes dispatchers of Temporal only");
    }
}
