package dev.remit.runtime;

import dev.remit.core.secret.Secrets;
import dev.remit.core.settings.DispatcherChoice;

/// Makes dispatchers of a kind that needs libraries of its own. Found on the class path by
/// [java.util.ServiceLoader], so that a server without it needs none of them.
public interface DispatcherFactory {
    boolean makes(DispatcherChoice choice);

    /// @param secrets in which the choice's credentials are looked up by their names
    /// @param node that it works for, as people know it
    /// @throws IllegalArgumentException if a credential is not there or of no use, in words for an
    ///   operator
    Dispatching make(DispatcherChoice choice, Secrets secrets, String node);
}
