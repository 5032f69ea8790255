package dev.remit.runtime;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The simulated world for as long as one likes: `./remit campaign --simulated --steps 5000000`.
@Tag("slow")
class HistoriesTest {
    /// What a build has the time for.
    private static final long USUAL = 600_000;

    /// Not those that [WorldTest] plays.
    private static final long FIRST = 1_000_000;

    @Test
    void no_history_of_millions_of_steps_loses_repeats_or_strands_anything()
            throws InterruptedException {
        var histories =
                new Histories(
                        Long.getLong("remit.seed", FIRST),
                        Long.getLong("remit.steps", USUAL),
                        System.out);
        var failed = histories.play();
        if (failed != null) {
            throw new AssertionError(
                    "the history of "
                            + failed.history()
                            + " fails (again: ./remit campaign --simulated --steps 1 --seed "
                            + failed.history().seed()
                            + "): "
                            + failed.why().getMessage(),
                    failed.why());
        }
    }
}
