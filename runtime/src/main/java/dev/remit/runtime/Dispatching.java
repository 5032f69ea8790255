package dev.remit.runtime;

import dev.remit.core.session.Dispatcher;
import java.time.Duration;
import java.util.Optional;

/// A dispatcher at work on one node: it decides when and where, the node's [Driver] drives.
///
/// An engine gives it every hint that it gets, from [#start] on. It may lose any, but then it has
/// to find out by itself, sooner or later, what the log calls ready.
public interface Dispatching extends Dispatcher {
    /// The one that needs nothing but the log.
    static Dispatching local() {
        return new LocalDispatcher();
    }

    /// For people.
    String name();

    /// Begins to bring sessions to the driver, those included that earlier nodes left behind.
    void start(Driver driver);

    /// Brings nothing more to the driver. Called before the driver itself is stopped.
    void stop();

    /// Why sessions are not brought to the driver at this moment, in words for an operator.
    default Optional<String> trouble() {
        return Optional.empty();
    }

    /// Frees what is held when the driver has come to rest.
    ///
    /// @param patience how long it may take
    default void close(Duration patience) {}
}
