package dev.remit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeMap;
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
        int compactions = 0;
        int lost = 0;
        var waited = new TreeMap<String, Integer>();
        for (long seed = first; seed < (only == null ? first + count : first + 1); seed++) {
            try {
                var world = new World(seed);
                world.live(sessions, steps);
                compactions += world.compactions();
                lost += world.lostCompactions();
                world.waited().forEach((how, times) -> waited.merge(how, times, Integer::sum));
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
        if (only == null) {
            assertThat(compactions).as("summaries in these histories").isGreaterThan(10);
            assertThat(lost).as("summaries whose node died").isPositive();
            assertThat(waited)
                    .as("each way for those to end who ask, wait and take back")
                    .containsKeys(
                            "asks COMPLETED",
                            "asks DENIED, taken back",
                            "asks FAILED, taken back",
                            "asks CANCELLED, taken back",
                            "checks-keep COMPLETED",
                            "checks-stop COMPLETED",
                            "checks-stop FAILED, taken back");
        }
    }
}
