package dev.remit.store.money;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What to take from which budgets, so that as many as possible of those who wait are served, first
/// come first served, each from all of its budgets or from none. Pure: by what was last heard of
/// the budgets.
final class Plan {
    private final Map<Account, Purse> purses = new HashMap<>();
    private final int nodes;

    Plan(int nodes) {
        this.nodes = nodes;
    }

    private static final class Purse {
        long free;
        long left;
        long want;

        Purse(Account account) {
            free = account.free.get();
            left = account.left();
        }

        long there(boolean hard) {
            // below zero: what was billed too much is being made good, which takes from what is
            // left
            return !hard ? Long.MAX_VALUE : free < 0 ? Long.MIN_VALUE : free + left;
        }

        void take(long amount) {
            free -= amount;
            if (free < 0) {
                want -= free;
                left += free;
                free = 0;
            }
        }
    }

    private Purse purse(Account account) {
        return purses.computeIfAbsent(account, Purse::new);
    }

    /// @return whether it can be served, if what was heard is still so
    boolean add(Waiter waiter, List<Account> accounts) {
        long amount = waiter.most;
        for (var account : accounts) {
            amount = Math.min(amount, purse(account).there(account.hard));
        }
        if (amount < waiter.least) {
            return false;
        }
        for (var account : accounts) {
            purse(account).take(amount);
        }
        return true;
    }

    /// Takes ahead of need: the less is left for all nodes, the less; nothing near the limit.
    void ahead(Account account) {
        long wanted = account.pace.wanted(account);
        var purse = purse(account);
        if (account.tight || account.retired || wanted == 0 || (account.hard && purse.free < 0)) {
            account.low = Long.MIN_VALUE;
            return;
        }
        long largest = account.pace.largest(account);
        long share = account.hard ? purse.left / (4L * nodes) : Long.MAX_VALUE;
        if (share < largest) {
            account.low = Long.MIN_VALUE;
            return;
        }
        account.low = Math.min(wanted, share) / 2;
        if (purse.free < account.low || purse.want > 0) {
            long more = Math.min(wanted - Math.min(wanted, Math.max(0, purse.free)), share);
            purse.want += more;
            purse.left -= more;
        }
    }

    /// By id of the budget; only what is above zero.
    Map<Long, Long> wants() {
        var wants = new HashMap<Long, Long>();
        purses.forEach((account, purse) -> {
            if (purse.want > 0) {
                wants.put(account.id, purse.want);
            }
        });
        return wants;
    }

    /// Whether so little is left that nodes must not hold any of it ahead of need.
    static boolean isScarce(Account account, int nodes, long asked) {
        return account.hard
                && account.left() < (long) nodes * Math.max(asked, account.pace.largest(account));
    }

    /// Well above scarce, so that it does not go back and forth.
    static boolean isPlenty(Account account, int nodes) {
        return !account.hard
                || account.left() > 8L * nodes * Math.max(1, account.pace.largest(account));
    }

    /// What an account holds beyond its need, to be given back.
    static long excess(Account account) {
        long free = account.free.get();
        if (account.tight || account.retired) {
            return Math.max(0, free);
        }
        long wanted = account.pace.wanted(account);
        return free > 4 * wanted ? free - 2 * wanted : 0;
    }
}
