package dev.remit.store.money;

import dev.remit.core.money.Attempt;
import dev.remit.core.money.Ledger.Reservation;
import dev.remit.core.money.Money;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// A reservation from the accounts of this node.
final class HeldMoney implements Reservation {
    private final PostgresLedger ledger;
    private final List<Account> accounts;
    private final long amount;
    private final AtomicBoolean ended = new AtomicBoolean();

    HeldMoney(PostgresLedger ledger, List<Account> accounts, long amount) {
        this.ledger = ledger;
        this.accounts = accounts;
        this.amount = amount;
    }

    @Override
    public Money amount() {
        return new Money(amount);
    }

    @Override
    public void settle(Attempt attempt) {
        if (ended.compareAndSet(false, true)) {
            putBack(amount - attempt.cost().micros());
            ledger.write(attempt, accounts, amount);
        }
    }

    @Override
    public void release() {
        if (ended.compareAndSet(false, true)) {
            putBack(amount);
            for (int i = 0; i < accounts.size(); i++) {
                accounts.get(i).pending.decrementAndGet();
            }
        }
    }

    /// @param rest below zero if it came to more than was reserved
    private void putBack(long rest) {
        boolean wake = false;
        for (int i = 0; i < accounts.size(); i++) {
            var account = accounts.get(i);
            account.free.addAndGet(rest);
            wake |= account.tight || account.retired;
        }
        if (wake) {
            ledger.wakeEscrow();
        }
    }
}
