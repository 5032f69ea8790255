package dev.remit.runtime;

import dev.remit.core.session.Dispatcher;
import java.time.Duration;

/// A dispatcher at work on one node: it decides when and where, the node's [Driver] drives.
///
/// An engine gives it every hint that it gets, from [#start] on. It may lose any, but then it has
/// to find out by itself, sooner or later, what the log calls ready.
public interface Dispatching extends Dispatcher {
    /// Begins to bring sessions to the driver, those included that earlier nodes left behind.
    void start(Driver driver);

    /// Brings nothing more to the driver. Called before the driver itself is stopped.
    void stop();

    /// Frees what is held when the driver has come to rest.
    ///
    /// @param patience how long it may take
    default void close(Duration patience) {}
}
