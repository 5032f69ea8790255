package dev.remit.store.start;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Events in seeded histories, in a real PostgreSQL: each is used once and as the trigger says,
/// whatever happens to nodes, connections and commits.
class TriggerHistoriesTest extends StartsOnPostgres {
    private void play(long from, long to, int steps) throws Exception {
        try (var node = new FaultyNode(database.address(), log.within())) {
            LongStream.range(from, to)
                    .forEach(seed -> new TriggerHistory(seed, database, log, node).run(steps));
        }
    }

    @Test
    void each_event_is_used_once_and_as_its_trigger_says_whatever_happens() throws Exception {
        play(0, 8, 40);
    }

    @Tag("slow")
    @Test
    void each_event_is_used_once_and_as_its_trigger_says_in_many_histories() throws Exception {
        play(100, 120, 60);
    }
}
