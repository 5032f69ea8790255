package dev.remit.runtime;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Promises 1 to 4, 10 and 12 under random histories of crashes, pauses, cut connections and clock
/// jumps. A failure names its seed; `-Dremit.seed=N` plays that history again.
class WorldTest {
    private static final long FIRST = 1;

    @Test
    void no_history_loses_repeats_or_strands_anything() {
        histories(300, 4, 400);
    }

    @Test
    @Tag("slow")
    void no_long_history_loses_repeats_or_strands_anything() {
        histories(5_000, 6, 1_500);
    }

    private static void histories(int count, int sessions, int steps) {
        var only = Long.getLong("remit.seed");
        long first = only == null ? FIRST : only;
        for (long seed = first; seed < (only == null ? first + count : first + 1); seed++) {
            try {
                new World(seed).live(sessions, steps);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "history of seed "
                                + seed
                                + " (play it again with -Dremit.seed="
                                + seed
                                + "): "
                                + e.getMessage(),
                        e);
            }
        }
    }
}
