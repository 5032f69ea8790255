package dev.remit.http.client;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Cuts connections whose time is up: one thread for all of them, woken only when something is due
/// sooner than it knew. Setting a deadline takes no lock.
final class Deadlines implements AutoCloseable {
    static final long NEVER = Long.MAX_VALUE;

    /// What the clock of the machine said when this class was loaded, so that instants can be
    /// compared as numbers.
    private static final long START = System.nanoTime();

    private final Set<Connection> watched = ConcurrentHashMap.newKeySet();
    private volatile long nextLook = NEVER;
    private volatile @Nullable Thread thread;
    private volatile boolean closed;

    /// In nanoseconds.
    static long now() {
        return System.nanoTime() - START;
    }

    /// When a time that starts now will be over.
    static long after(long nanos) {
        long due = now() + nanos;
        return due < 0 ? NEVER : due;
    }

    void watch(Connection connection) {
        watched.add(connection);
        if (thread == null) {
            start();
        }
        if (closed) {
            connection.cut();
        }
    }

    void forget(Connection connection) {
        watched.remove(connection);
    }

    /// Some connection must be looked at by then.
    void expect(long due) {
        if (due < nextLook) {
            LockSupport.unpark(thread);
        }
    }

    int watched() {
        return watched.size();
    }

    private synchronized void start() {
        if (thread == null && !closed) {
            thread = Thread.ofPlatform().daemon().name("upstream-deadlines").start(this::run);
        }
    }

    private void run() {
        while (!closed) {
            nextLook = NEVER; // whoever sets a deadline while we look wakes us to look again
            long next = look();
            nextLook = next;
            if (next == NEVER) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, next - now());
            }
        }
    }

    private long look() {
        long now = now();
        long next = NEVER;
        for (var connection : watched) {
            long due = connection.due();
            if (due > now) {
                next = Math.min(next, due);
            } else {
                connection.expire(due);
            }
        }
        return next;
    }

    @Override
    public void close() {
        closed = true;
        watched.forEach(Connection::cut);
        LockSupport.unpark(thread);
    }
}
