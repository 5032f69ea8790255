package dev.remit.store.money;

import dev.remit.core.money.Ledger.Answer;
import dev.remit.core.money.Ledger.Reservation;
import dev.remit.core.money.Ledger.Unavailable;
import dev.remit.core.money.Scope;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One who asks for more than this node holds, and waits for the escrow's answer.
final class Waiter {
    private static final Answer GONE = new Unavailable("the caller gave up waiting");

    final List<Scope> scopes;
    final long least;
    final long most;
    final long deadline;
    private final Thread thread = Thread.currentThread();
    private final AtomicReference<@Nullable Answer> answer = new AtomicReference<>();

    /// @param deadline by [System#nanoTime]: until then it waits for money that others hold
    Waiter(List<Scope> scopes, long least, long most, long deadline) {
        this.scopes = scopes;
        this.least = least;
        this.most = most;
        this.deadline = deadline;
    }

    boolean isAnswered() {
        return answer.get() != null;
    }

    boolean isOverdue(long now) {
        return now - deadline >= 0;
    }

    /// @return false if it has gone
    boolean give(Answer given) {
        if (answer.compareAndSet(null, given)) {
            LockSupport.unpark(thread);
            return true;
        }
        return false;
    }

    /// @param patience in nanoseconds after the deadline: for a database that does not answer
    Answer await(long patience) throws InterruptedException {
        while (true) {
            var given = answer.get();
            if (given != null) {
                return given;
            }
            long left = deadline + patience - System.nanoTime();
            if (left <= 0 && answer.compareAndSet(null, GONE)) {
                return new Unavailable("the database does not answer in time");
            }
            LockSupport.parkNanos(this, Math.max(1, left));
            if (Thread.interrupted()) {
                if (!answer.compareAndSet(null, GONE)
                        && answer.get() instanceof Reservation reservation) {
                    reservation.release();
                }
                throw new InterruptedException("interrupted while waiting for money");
            }
        }
    }
}
