package dev.remit.http.client;

import java.util.ArrayDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The connections to one origin that nobody uses, the last used first, and the right to have one.
final class Pool {
    private final long trusted;
    private final long idle;
    private final Semaphore free;
    private final int size;
    private final AtomicInteger wanted = new AtomicInteger();
    private final ArrayDeque<Connection> unused = new ArrayDeque<>();

    /// @param size the most connections at a time
    /// @param idle nanoseconds after which an unused one is closed
    /// @param trusted nanoseconds in which an unused one is taken for alive without a look
    Pool(int size, long idle, long trusted) {
        this.trusted = trusted;
        this.size = size;
        this.idle = idle;
        this.free = new Semaphore(size, true);
    }

    /// Waits for the right to use one connection, to be given up by [#leave].
    boolean enter(long nanos) throws InterruptedException {
        wanted.incrementAndGet();
        boolean entered = false;
        try {
            entered =
                    free.tryAcquire(0, TimeUnit.NANOSECONDS)
                            || free.tryAcquire(nanos, TimeUnit.NANOSECONDS);
            return entered;
        } finally {
            if (!entered) {
                wanted.decrementAndGet();
            }
        }
    }

    void leave() {
        wanted.decrementAndGet();
        free.release();
    }

    /// A connection that seems alive, if there is one.
    @Nullable Connection take() {
        while (true) {
            Connection connection;
            synchronized (unused) {
                connection = unused.pollLast();
            }
            if (connection == null) {
                return null;
            }
            if (connection.dueAt(Deadlines.NEVER)
                    && (Deadlines.now() - connection.idleSince < trusted || connection.isQuiet())) {
                return connection;
            }
            connection.cut();
        }
    }

    /// Keeps it for the next request, if it is open.
    void keep(Connection connection) {
        long time = Math.min(idle, connection.keptFor);
        if (time <= 0) {
            connection.cut();
            return;
        }
        connection.used = true;
        connection.clear();
        connection.idleSince = Deadlines.now();
        if (!connection.dueAt(connection.idleSince + time)) {
            return;
        }
        synchronized (unused) {
            unused.addLast(connection);
        }
        if (!connection.isOpen()) {
            forget(connection);
        }
    }

    void forget(Connection connection) {
        synchronized (unused) {
            unused.remove(connection);
        }
    }

    /// One of them was dead; so the others are likely to be.
    void drop() {
        for (Connection connection; ; ) {
            synchronized (unused) {
                connection = unused.pollLast();
            }
            if (connection == null) {
                return;
            }
            connection.cut();
        }
    }

    boolean isUnused() {
        synchronized (unused) {
            return unused.isEmpty() && wanted.get() == 0 && free.availablePermits() == size;
        }
    }
}
