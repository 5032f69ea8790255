package dev.remit.http.client;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Ends a request from another thread, at any time: while it connects, while it waits for the
/// answer, while the answer is read. Whoever waits for it gets an [UpstreamException] of kind
/// `CUT`.
///
/// One may serve several requests that are made one after the other for the same purpose. Once it
/// has happened, the next one is refused before it is sent.
public final class Cancellation implements Runnable {
    private final AtomicReference<@Nullable Connection> held = new AtomicReference<>();
    private volatile boolean happened;

    /// Cuts the connection of the request that is under way, if there is one. Never blocks.
    @Override
    public void run() {
        happened = true;
        cut();
    }

    /// Cuts what is under way and lets the next request be.
    void cut() {
        var connection = held.getAndSet(null);
        if (connection != null) {
            connection.cut();
        }
    }

    public boolean happened() {
        return happened;
    }

    /// From now on it is this connection that would be cut.
    ///
    /// @throws IOException if it has happened; the connection is cut
    void hold(Connection connection) throws IOException {
        held.set(connection);
        if (happened) {
            run();
            connection.cut();
            throw new IOException("cancelled");
        }
    }

    /// @return whether the connection is the caller's alone again; else it was cut
    boolean letGo(Connection connection) {
        return held.compareAndSet(connection, null);
    }
}
