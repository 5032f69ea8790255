package dev.remit.bench;

import dev.remit.bench.Report.Comparison;
import dev.remit.core.identity.SessionId;
import dev.remit.runtime.Engine;
import dev.remit.runtime.Parts;
import dev.remit.store.database.Database;
import dev.remit.store.session.PostgresSessionLog;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// Whether step 10,000 of a session costs what step 10 did. A turn of the real driver is a step: a
/// model call and the tool call that comes of it. The early and the late steps are taken in turns,
/// the early ones from new sessions.
final class Growth {
    private static final int FIRST = 10;
    private static final int LATE = 10_000;
    private static final int STEPS = 200;
    private static final int ROUNDS = 5;

    /// In which a session is read back, in microseconds.
    private static final double RESUMES_WITHIN = 100_000;

    private static final int READINGS = 20;

    private Growth() {}

    static List<Comparison> measure(
            Database database, PostgresSessionLog log, Consumer<String> progress)
            throws InterruptedException {
        var actor = new Actor();
        var parts =
                new Parts(
                        log,
                        ref -> actor.definition(),
                        actor,
                        actor,
                        Actor.NOTHING_SECRET,
                        InstantSource.system(),
                        new Random(1),
                        Parts.Progress.NONE);
        try (var engine = new Engine(parts)) {
            engine.start();
            progress.accept("taking a session to step " + LATE);
            var old = actor.open(engine);
            actor.playTo(old, LATE);
            var rounds = new Rounds();
            int at = LATE;
            for (int round = 1; round <= ROUNDS; round++) {
                progress.accept("early and late steps, round " + round + " of " + ROUNDS);
                var young = actor.open(engine);
                actor.playTo(young, FIRST);
                rounds.early(actor, database, young, FIRST);
                rounds.late(actor, database, old, at);
                rounds.read(log, young, old);
                at += STEPS;
            }
            return rounds.compared();
        }
    }

    /// What the rounds showed.
    private static final class Rounds {
        private final List<Double> earlyTime = new ArrayList<>();
        private final List<Double> lateTime = new ArrayList<>();
        private final List<Double> earlyBytes = new ArrayList<>();
        private final List<Double> lateBytes = new ArrayList<>();
        private final List<Double> earlyRead = new ArrayList<>();
        private final List<Double> lateRead = new ArrayList<>();

        void early(Actor actor, Database database, SessionId id, int from)
                throws InterruptedException {
            measure(actor, database, id, from, earlyTime, earlyBytes);
        }

        void late(Actor actor, Database database, SessionId id, int from)
                throws InterruptedException {
            measure(actor, database, id, from, lateTime, lateBytes);
        }

        /// Back into memory, as whoever takes a session over reads it: nothing of it is cached.
        void read(PostgresSessionLog log, SessionId young, SessionId old) {
            for (int i = 0; i < READINGS; i++) {
                earlyRead.add(read(log, young));
                lateRead.add(read(log, old));
            }
        }

        private static double read(PostgresSessionLog log, SessionId id) {
            long start = System.nanoTime();
            log.load(id);
            return (System.nanoTime() - start) / 1000.0;
        }

        private static void measure(
                Actor actor,
                Database database,
                SessionId id,
                int from,
                List<Double> times,
                List<Double> bytes)
                throws InterruptedException {
            long before = stored(database, id);
            var took = actor.playTo(id, from + STEPS);
            times.add(took.toNanos() / 1000.0 / STEPS);
            bytes.add((stored(database, id) - before) / (double) STEPS);
        }

        List<Comparison> compared() {
            var late = "steps %,d to %,d".formatted(LATE, LATE + ROUNDS * STEPS);
            var early = "steps %d to %d".formatted(FIRST, FIRST + STEPS);
            return List.of(
                    Comparison.atMost(
                            "time of a step of a long session, by the driver",
                            new Series(late, "us", lateTime),
                            new Series(early, "us", earlyTime),
                            1.2),
                    Comparison.atMost(
                            "bytes stored for a step of a long session",
                            new Series(late, "bytes", lateBytes),
                            new Series(early, "bytes", earlyBytes),
                            1.2),
                    Comparison.within(
                            "a session read back, as after a restart",
                            new Series("after step %,d".formatted(LATE), "us", lateRead),
                            new Series("after step %d".formatted(FIRST + STEPS), "us", earlyRead),
                            RESUMES_WITHIN));
        }
    }

    /// Bytes of all that a session has in the log, its snapshot included.
    private static long stored(Database database, SessionId id) {
        return database.with(connection -> {
            try (var select =
                    connection.prepareStatement(
                            """
                            SELECT (SELECT sum(octet_length(body)) FROM event WHERE session = ?)
                                 + (SELECT coalesce(sum(octet_length(body)), 0)
                                    FROM blob WHERE session = ?)
                                 + (SELECT coalesce(sum(octet_length(body)), 0)
                                    FROM snapshot WHERE session = ?)
                            """)) {
                for (int i = 1; i <= 3; i++) {
                    select.setObject(i, id.uuid());
                }
                var row = select.executeQuery();
                row.next();
                return row.getLong(1);
            }
        });
    }

    /// How long a session may stand still before the benchmark gives up.
    static final Duration PATIENCE = Duration.ofMinutes(10);
}
