package dev.remit.server;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The order to stop, from wherever it comes: the API, a signal, or idleness.
final class Stop {
    /// Longer than all that is waited for while stopping.
    private static final int SECONDS = 660;

    private final CountDownLatch ordered = new CountDownLatch(1);
    private final AtomicReference<@Nullable String> trouble = new AtomicReference<>();
    private final CountDownLatch done = new CountDownLatch(1);

    void order() {
        ordered.countDown();
    }

    /// Orders it because the server cannot go on.
    ///
    /// @param why one line for the user
    void order(String why) {
        if (!isOrdered()) {
            trouble.compareAndSet(null, why);
        }
        order();
    }

    boolean isOrdered() {
        return ordered.getCount() == 0;
    }

    /// Why the server could not go on; absent if it could have.
    @Nullable String trouble() {
        return trouble.get();
    }

    /// Waits for the order. An interruption is one.
    void await() {
        try {
            ordered.await();
        } catch (InterruptedException e) {
            order();
        }
    }

    /// Everything has ended.
    void done() {
        done.countDown();
    }

    /// For the end of the JVM: it waits until everything has ended in good order.
    void orderAndWait() {
        order();
        try {
            if (!done.await(SECONDS, TimeUnit.SECONDS)) {
                System.err.println("remit: did not stop within " + SECONDS + " s; ending anyway");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
