package dev.remit.http.server;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Looks over the open connections now and then, as long as any of them carries a request whose
/// client is watched. So a request that is answered at once costs nothing for being watched.
final class Sweep {
    private static final long PAUSE = Duration.ofMillis(25).toNanos();

    private final Set<ClientEndPoint> open = ConcurrentHashMap.newKeySet();
    private volatile boolean idle = true;
    private volatile boolean stopped;
    private volatile @Nullable Thread thread;

    void start() {
        stopped = false;
        thread = Thread.ofPlatform().daemon().name("http-hang-ups").start(this::run);
    }

    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    void opened(ClientEndPoint client) {
        open.add(client);
    }

    void closed(ClientEndPoint client) {
        open.remove(client);
    }

    /// Some client is watched from now on.
    void expect() {
        if (idle) {
            idle = false;
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        while (!stopped) {
            boolean any = false;
            idle = true; // who is watched from here on says so, and is seen in the next round
            for (var client : open) {
                any |= client.look();
            }
            if (any) {
                idle = false;
            }
            if (idle) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, PAUSE);
            }
        }
    }
}
