package dev.remit.core.money;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Where money is reserved before it is spent, and written down after.
///
/// Nothing here waits for a disk in the common case: a node holds slices of each budget in escrow,
/// and rows are written behind. CORRECTNESS part 4 says what holds over crashes.
public interface Ledger {
    /// Reserves in every budget that holds for one of these scopes, or in none.
    ///
    /// @param scopes whose money it is; those without a budget are free to spend
    /// @param least nothing below is of use
    /// @param most what is wanted; given unless it does not fit. At least `least`
    /// @throws InterruptedException if the caller was interrupted while the database was asked
    Answer reserve(List<Scope> scopes, Money least, Money most) throws InterruptedException;

    /// Writes down an attempt that reserved nothing. Does not wait for the database unless too much
    /// is waiting to be written already.
    void record(Attempt attempt);

    /// What was settled without being certain is known now: the difference goes back to its
    /// budgets. Said again, or of something that is certain already, it changes nothing.
    void revise(Revision revision);

    /// @param call and `number` of the attempt
    /// @param cost what it came to after all; more than was settled counts as what was
    record Revision(UUID call, int number, Money cost, Attempt.End end, String why) {}

    /// What came of asking.
    sealed interface Answer {}

    /// Money that is set aside for one attempt. Exactly one of the two must be called, once;
    /// further calls do nothing.
    non-sealed interface Reservation extends Answer {
        /// Between what was asked for at least and at most.
        Money amount();

        /// What it came to, which goes into the ledger. More than was reserved is counted before
        /// the next call.
        void settle(Attempt attempt);

        /// Gives all of it back: nothing was spent, and there is nothing to write down.
        void release();
    }

    /// It does not fit.
    ///
    /// @param rule the budget that is in the way
    /// @param spent in its present window, reservations under way included
    /// @param left what could be reserved now
    /// @param renews when the window ends; absent: never
    record Refused(BudgetRule rule, Money spent, Money left, @Nullable Instant renews)
            implements Answer {}

    /// The database cannot be asked, and what this node holds is not enough.
    record Unavailable(String why) implements Answer {}
}
