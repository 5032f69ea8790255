package dev.remit.store.money;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// What this node holds of a budget in one window. Money is taken from it and put back without any
/// lock; everything else is changed by one thread each, as noted.
final class Account {
    final long id;

    /// In milliseconds since 1970; [Long#MAX_VALUE] if it never ends.
    final long ends;

    /// Held and not reserved. Below zero after a provider billed more than was reserved, until that
    /// is made good; or, in a budget that does not refuse, until it is refilled.
    final AtomicLong free = new AtomicLong();

    /// Held beyond what the budget has: to be given back, and not reserved.
    final AtomicLong owed = new AtomicLong();

    /// Reservations under way, and rows that are not written yet.
    final AtomicLong pending = new AtomicLong();

    /// All that was ever reserved.
    final LongAdder reserved = new LongAdder();

    volatile boolean hard;

    /// Little is left of the budget: hold nothing ahead of need.
    volatile boolean tight;

    /// No more is reserved here: its window or its rule has ended.
    volatile boolean retired;

    /// Below this, more is taken ahead of need.
    volatile long low = Long.MIN_VALUE;

    /// The largest amount that was asked for since the last turn of generations.
    volatile long largest;

    /// How many batches touched it, and how many when thresholds were last looked at.
    volatile long written;

    volatile long watched;

    // by the escrow's thread alone
    long taken;
    long cap;
    long used;
    final Pace pace = new Pace();

    /// By the writer's thread alone: what it makes good just now.
    long growing;

    Account(long id, long ends) {
        this.id = id;
        this.ends = ends;
    }

    /// What nobody has taken, as last heard.
    long left() {
        return cap - used;
    }

    /// Takes the same amount from all or from none: `most`, or what there is if that is enough.
    ///
    /// @return the amount, or -1
    static long take(List<Account> accounts, long least, long most) {
        long amount = most;
        for (int i = 0; i < accounts.size(); i++) {
            var account = accounts.get(i);
            if (account.hard) {
                amount = Math.min(amount, account.free.get());
            }
        }
        if (amount < least) {
            return -1;
        }
        for (int i = 0; i < accounts.size(); i++) {
            if (!accounts.get(i).take(amount, most)) {
                while (--i >= 0) {
                    accounts.get(i).undo(amount);
                }
                return -1;
            }
        }
        return amount;
    }

    /// Counts as pending first, so that nobody closes a retired account behind our back.
    private boolean take(long amount, long asked) {
        pending.incrementAndGet();
        if (!retired && (hard ? takeIfThere(amount) : takeAnyway(amount))) {
            reserved.add(amount);
            if (asked > largest) {
                largest = asked;
            }
            return true;
        }
        pending.decrementAndGet();
        return false;
    }

    private boolean takeIfThere(long amount) {
        for (long there = free.get(); there >= amount; there = free.get()) {
            if (free.compareAndSet(there, there - amount)) {
                return true;
            }
        }
        return false;
    }

    private boolean takeAnyway(long amount) {
        free.addAndGet(-amount);
        return true;
    }

    private void undo(long amount) {
        free.addAndGet(amount);
        pending.decrementAndGet();
    }

    /// What was billed beyond what was held is made good. If the budget is beyond its cap by that,
    /// what this node took meanwhile must not be reserved.
    void grow(long amount, long beyond) {
        while (true) {
            long there = free.get();
            long back = Math.min(Math.max(0, beyond), Math.max(0, there + amount));
            if (free.compareAndSet(there, there + amount - back)) {
                owed.addAndGet(back);
                return;
            }
        }
    }

    boolean isLow() {
        return free.get() < low;
    }

    /// Takes all that is free out of reach of callers, to give it back.
    long empty() {
        for (long there = free.get(); there > 0; there = free.get()) {
            if (free.compareAndSet(there, 0)) {
                return there;
            }
        }
        return 0;
    }

    /// How fast it is used, to know how much to hold.
    static final class Pace {
        private static final long GENERATION = 30_000_000_000L;
        private static final long MEASURE = 50_000_000L;

        private long measuredAt = System.nanoTime();
        private long reservedThen;
        private double perSecond;
        private long generationAt = measuredAt;
        private long largestBefore;

        void measure(Account account, long now) {
            long elapsed = now - measuredAt;
            if (elapsed < MEASURE) {
                return;
            }
            long sum = account.reserved.sum();
            double recent = (sum - reservedThen) * 1e9 / elapsed;
            double kept = perSecond * Math.pow(0.5, elapsed / 1e9);
            perSecond = Math.max(recent, kept);
            measuredAt = now;
            reservedThen = sum;
            if (now - generationAt > GENERATION) {
                generationAt = now;
                largestBefore = account.largest;
                account.largest = 0;
            }
        }

        long largest(Account account) {
            return Math.max(account.largest, largestBefore);
        }

        /// Enough for half a second, and for a few of the largest calls.
        long wanted(Account account) {
            return Math.max((long) (perSecond / 2), 4 * largest(account));
        }
    }
}
