package dev.remit.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What waits for one driver. Any thread posts; the driver's takes.
final class Signals {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private List<Signal> waiting = new ArrayList<>();
    private boolean closed;

    /// @return false if the driver is gone
    boolean post(Signal signal) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            if (!(signal instanceof Signal.Woken) || !waiting.contains(signal)) {
                waiting.add(signal);
            }
            arrived.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    List<Signal> drain() {
        lock.lock();
        try {
            var drained = waiting;
            waiting = new ArrayList<>();
            return drained;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until something is there, or the time is over.
    void await(Duration longest) throws InterruptedException {
        lock.lock();
        try {
            long nanos = longest.toNanos();
            while (waiting.isEmpty() && nanos > 0) {
                nanos = arrived.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// Nothing is taken any more.
    ///
    /// @return what was never taken
    List<Signal> close() {
        lock.lock();
        try {
            closed = true;
            return drain();
        } finally {
            lock.unlock();
        }
    }
}
