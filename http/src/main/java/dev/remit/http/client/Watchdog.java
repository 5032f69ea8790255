package dev.remit.http.client;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Cuts a request that takes too long. A time-out of the socket sees silence only; this one also
/// sees a server that keeps the line busy and says nothing.
final class Watchdog implements AutoCloseable {
    private final Runnable cut;
    private final long end;
    private final Thread thread;
    private volatile long due;
    private volatile boolean done;
    private volatile UpstreamException.@Nullable Kind bark;

    Watchdog(Duration total, Runnable cut) {
        this.cut = cut;
        this.end = System.nanoTime() + total.toNanos();
        this.due = end;
        this.thread = Thread.ofVirtual().name("upstream-watchdog").start(this::watch);
    }

    private void watch() {
        while (!done) {
            var left = due - System.nanoTime();
            if (left > 0) {
                LockSupport.parkNanos(this, left);
                continue;
            }
            bark = due == end ? UpstreamException.Kind.TOO_LONG : UpstreamException.Kind.SILENT;
            cut.run();
            return;
        }
    }

    /// The next call of this must come within that time.
    void within(Duration time) {
        var wanted = System.nanoTime() + time.toNanos();
        var sooner = wanted - due < 0;
        due = wanted - end < 0 ? wanted : end;
        if (sooner) {
            LockSupport.unpark(thread);
        }
    }

    /// Why it cut the request, or nothing if it did not.
    UpstreamException.@Nullable Kind bark() {
        return bark;
    }

    @Override
    public void close() {
        done = true;
        LockSupport.unpark(thread);
    }
}
