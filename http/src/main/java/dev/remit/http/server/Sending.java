package dev.remit.http.server;

import org.eclipse.jetty.io.EofException;

/// How long a client has kept an answer waiting, all its pauses together, and what it took
/// meanwhile. Jetty's idle time-out sees only one that takes nothing at all.
final class Sending {
    private final HttpServer.Pace pace;
    private boolean waiting;
    private long since;
    private long waited;
    private long taken;

    Sending(HttpServer.Pace pace) {
        this.pace = pace;
    }

    boolean isBlocked() {
        return waiting;
    }

    /// @param bytes that went out; of no meaning if nothing waited before
    /// @param all whether nothing waits any more
    /// @throws EofException if it is too slow
    void flushed(long bytes, boolean all) throws EofException {
        long now = System.nanoTime();
        if (waiting) {
            waited += now - since;
            taken += bytes;
            if (waited > pace.allowed(taken)) {
                throw new EofException("the client takes its answer too slowly");
            }
        }
        since = now;
        waiting = !all;
    }

    void ended() {
        waiting = false;
        waited = 0;
        taken = 0;
    }
}
