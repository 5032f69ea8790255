package dev.remit.http.server;

/// How long one request has been coming, from its first byte on. Jetty's idle time-out sees silence
/// only; this sees a client that sends a byte now and then.
final class Receiving {
    private final HttpServer.Pace pace;
    private long since;
    private long bytes;

    Receiving(HttpServer.Pace pace) {
        this.pace = pace;
    }

    void received(int count) {
        if (bytes == 0) {
            since = System.nanoTime();
        }
        bytes += count;
    }

    /// The answer is complete; the next bytes are those of another request.
    void ended() {
        bytes = 0;
    }

    boolean isTooSlow() {
        return bytes > 0
                && System.nanoTime() - since
                        > Math.min(pace.request().toNanos(), pace.allowed(bytes));
    }
}
