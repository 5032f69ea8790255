package dev.remit.runtime;

import dev.remit.core.session.Dispatcher;
import dev.remit.core.session.SessionLog;
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

    /// A hint that there may be something in the queue: another node died or hands sessions over.
    default void look() {}

    /// How many sessions it brings to the driver at a time; 0: it does not know.
    default int places() {
        return 0;
    }

    /// Whether it would bring one more session to the driver at this moment, so that one that is
    /// being opened need not stand in the queue.
    default boolean hasPlace() {
        return false;
    }

    /// Brings a session to the driver that was claimed as it was opened, after [#hasPlace].
    default void begin(SessionLog.Mine mine) {
        wake(mine.claimed().fence().session());
    }

    /// Brings nothing to the driver for a time, or does again.
    default void pause(boolean wanted) {}

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
