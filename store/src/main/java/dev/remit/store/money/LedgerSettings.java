package dev.remit.store.money;

import java.time.Duration;

/// How much a ledger keeps in memory and how long it waits.
///
/// @param patience how long a reservation near the limit of a budget waits for money that others
///   hold to come back, before it is refused
/// @param rows how many rows may wait to be written before callers wait
/// @param prompts how many bytes of prompts and answers may wait, about
/// @param retention how long prompts and answers are kept
/// @param kept how long rows are kept, and budgets of windows that are over
public record LedgerSettings(
        Duration patience, int rows, long prompts, Duration retention, Duration kept) {
    public static final LedgerSettings USUAL =
            new LedgerSettings(
                    Duration.ofSeconds(1),
                    50_000,
                    16L << 20,
                    Duration.ofDays(30),
                    Duration.ofDays(400));

    public LedgerSettings withRetention(Duration said, Duration ofRows) {
        return new LedgerSettings(patience, rows, prompts, said, ofRows);
    }

    public LedgerSettings withPatience(Duration other) {
        return new LedgerSettings(other, rows, prompts, retention, kept);
    }
}
