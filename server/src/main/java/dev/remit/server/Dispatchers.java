package dev.remit.server;

import dev.remit.core.secret.Secrets;
import dev.remit.core.settings.DispatcherChoice;
import dev.remit.runtime.DispatcherFactory;
import dev.remit.runtime.Dispatching;
import dev.remit.server.home.StartFailure;
import dev.remit.server.settings.SettingsFile;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds who decides when and where sessions are driven.
final class Dispatchers {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatchers.class);

    private Dispatchers() {}

    /// The one that the command line names, else the file of settings.
    ///
    /// @throws StartFailure if it is not on the class path, or cannot be used
    static Dispatching find(Options options, SettingsFile settings, Secrets secrets, String node) {
        var chosen = options.dispatcher();
        if (chosen == null) {
            chosen = settings.current().dispatcher();
            tellOfChanges(chosen, settings);
        }
        return chosen instanceof DispatcherChoice.Local
                ? Dispatching.local()
                : make(chosen, secrets, node);
    }

    private static Dispatching make(DispatcherChoice chosen, Secrets secrets, String node) {
        for (var factory : ServiceLoader.load(DispatcherFactory.class)) {
            if (factory.makes(chosen)) {
                try {
                    return factory.make(chosen, secrets, node);
                } catch (IllegalArgumentException e) {
                    throw new StartFailure(String.valueOf(e.getMessage()));
                }
            }
        }
        throw new StartFailure(
                "Temporal is configured as the dispatcher, and its engine is not on the class path;"
                        + " ./remit serve builds and adds it when remit.yaml or --dispatcher names"
                        + " it, or if REMIT_ENGINES=temporal is set");
    }

    private static void tellOfChanges(DispatcherChoice chosen, SettingsFile settings) {
        settings.listen(changed -> {
            if (!changed.dispatcher().equals(chosen)) {
                LOG.warn("`dispatcher:` was changed; that holds from the next start on");
            }
        });
    }
}
