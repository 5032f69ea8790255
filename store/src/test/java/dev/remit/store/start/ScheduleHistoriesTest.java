package dev.remit.store.start;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Schedules in seeded histories, in a real PostgreSQL: each time that is due has one session or is
/// listed with its reason, whatever happens to nodes, connections, commits and clocks.
class ScheduleHistoriesTest extends StartsOnPostgres {
    private void play(long from, long to, int steps) throws Exception {
        try (var node = new FaultyNode(database.address(), log.within())) {
            LongStream.range(from, to)
                    .forEach(seed -> new ScheduleHistory(seed, database, log, node).run(steps));
        }
    }

    @Test
    void each_time_has_one_session_or_a_reason_whatever_happens() throws Exception {
        play(0, 6, 40);
    }

    @Tag("slow")
    @Test
    void each_time_has_one_session_or_a_reason_in_many_histories() throws Exception {
        play(100, 115, 60);
    }
}
