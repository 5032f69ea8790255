package dev.remit.gateway.route;

import dev.remit.gateway.route.Entry.Cause;
import dev.remit.gateway.route.Entry.Full;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One thing with limits: two buckets, a number of calls under way, and who waits for a place among
/// them. One short lock; nobody computes or sends while holding it.
final class Lane {
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Limited of;
    private final LongSupplier nanos;
    private final @Nullable Bucket requests;
    private final @Nullable Bucket tokens;
    private final ReentrantLock lock = new ReentrantLock();
    private final FairQueue<Waiting> queue;
    private int inside;
    private boolean closed;

    Lane(Limited of, int mostWaiting, LongSupplier nanos) {
        this.of = of;
        this.nanos = nanos;
        var limits = of.limits();
        long now = nanos.getAsLong();
        this.requests = limits.requests() == 0 ? null : new Bucket(limits.requests(), now);
        this.tokens = limits.tokens() == 0 ? null : new Bucket(limits.tokens(), now);
        this.queue = new FairQueue<>(mostWaiting);
    }

    private enum Turn {
        WAITING,
        GRANTED,
        CROWDED_OUT
    }

    /// Somebody in the queue.
    private final class Waiting {
        final Condition changed = lock.newCondition();
        Turn turn = Turn.WAITING;
    }

    Limited of() {
        return of;
    }

    int inside() {
        lock.lock();
        try {
            return inside;
        } finally {
            lock.unlock();
        }
    }

    int waiting() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /// Takes from both buckets and a place, or nothing at all.
    ///
    /// @param patience how long to wait for a place; zero: not at all
    /// @return nothing if it was let in
    /// @throws LaneClosed if the lane is no longer the one of its name
    @Nullable Full enter(Whose whose, long amount, Duration patience)
            throws InterruptedException, LaneClosed {
        lock.lockInterruptibly();
        try {
            if (closed) {
                throw new LaneClosed();
            }
            var full = take(amount);
            if (full != null) {
                return full;
            }
            boolean in = false;
            try {
                var why = place(whose, patience);
                in = why == null;
                return why == null ? null : full(why, SOON);
            } finally {
                if (!in) {
                    untake(amount);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Full take(long amount) {
        long now = nanos.getAsLong();
        if (tokens != null && !tokens.canHold(amount)) {
            return full(Cause.TOO_LARGE, null);
        }
        long forRequest = requests == null ? 0 : requests.wait(1, now);
        long forTokens = tokens == null ? 0 : tokens.wait(amount, now);
        if (forRequest > 0 || forTokens > 0) {
            return full(
                    forRequest >= forTokens ? Cause.REQUESTS : Cause.TOKENS,
                    Duration.ofNanos(Math.max(forRequest, forTokens)));
        }
        if (requests != null) {
            requests.take(1, now);
        }
        if (tokens != null) {
            tokens.take(amount, now);
        }
        return null;
    }

    private void untake(long amount) {
        long now = nanos.getAsLong();
        if (requests != null) {
            requests.take(-1, now);
        }
        if (tokens != null) {
            tokens.take(-amount, now);
        }
    }

    /// @return nothing if there is a place, else why not
    private @Nullable Cause place(Whose whose, Duration patience) throws InterruptedException {
        int most = of.limits().atOnce();
        if (most == 0 || (inside < most && queue.size() == 0)) {
            inside++;
            return null;
        }
        if (patience.isZero() || patience.isNegative()) {
            return Cause.AT_ONCE;
        }
        var me = new Waiting();
        var leaves = queue.add(whose, me);
        if (leaves == me) {
            return Cause.QUEUE;
        }
        if (leaves != null) {
            leaves.turn = Turn.CROWDED_OUT;
            leaves.changed.signal();
        }
        return await(whose, me, patience.toNanos());
    }

    /// A place is handed over by whoever leaves it, so nobody can come in between.
    private @Nullable Cause await(Whose whose, Waiting me, long patience)
            throws InterruptedException {
        long left = patience;
        try {
            while (me.turn == Turn.WAITING && left > 0) {
                left = me.changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            if (me.turn == Turn.GRANTED) {
                handOver();
            } else {
                queue.remove(whose, me);
            }
            throw e;
        }
        return switch (me.turn) {
            case GRANTED -> null;
            case CROWDED_OUT -> Cause.QUEUE;
            case WAITING -> {
                queue.remove(whose, me);
                yield Cause.AT_ONCE;
            }
        };
    }

    void leave() {
        lock.lock();
        try {
            handOver();
        } finally {
            lock.unlock();
        }
    }

    private void handOver() {
        var next = queue.poll();
        if (next == null) {
            inside--;
        } else {
            next.turn = Turn.GRANTED;
            next.changed.signal();
        }
    }

    /// Out again before anything was done: what was taken from the buckets is given back.
    void undo(long amount) {
        lock.lock();
        try {
            untake(amount);
            handOver();
        } finally {
            lock.unlock();
        }
    }

    void settle(long reserved, long amount) {
        if (tokens == null) {
            return;
        }
        lock.lock();
        try {
            tokens.take(amount - reserved, nanos.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    Headroom requests() {
        return headroom(requests);
    }

    Headroom tokens() {
        return headroom(tokens);
    }

    private Headroom headroom(@Nullable Bucket bucket) {
        if (bucket == null) {
            return Headroom.NONE;
        }
        lock.lock();
        try {
            return bucket.headroom(nanos.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    private Full full(Cause cause, @Nullable Duration retryAfter) {
        return new Full(of, cause, retryAfter, requests(), tokens());
    }

    /// Ends it if nothing would be lost by that: nobody is inside, and the buckets are full.
    boolean closeIfIdle() {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            long now = nanos.getAsLong();
            closed =
                    inside == 0
                            && queue.size() == 0
                            && (requests == null || requests.isFull(now))
                            && (tokens == null || tokens.isFull(now));
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /// The lane was ended while somebody was on the way to it.
    static final class LaneClosed extends Exception {
        private static final long serialVersionUID = 1;

        LaneClosed() {
            super("", null, false, false);
        }
    }
}
