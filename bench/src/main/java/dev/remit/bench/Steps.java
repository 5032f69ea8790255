package dev.remit.bench;

import dev.remit.bench.Report.Comparison;
import dev.remit.store.database.Database;
import dev.remit.store.database.EmbeddedPostgres;
import dev.remit.store.session.PostgresSessionLog;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Durable steps on the embedded PostgreSQL, with fsync on. The rounds of what is compared take
/// turns, so that whatever else the machine does meets both.
final class Steps {
    static final int ROUNDS = 5;

    private static final int SESSIONS = 64;
    private static final int ROWS_A_STEP = 2;

    private Steps() {}

    static Report run(Path home, double seconds, Consumer<String> progress) throws Exception {
        try (var server = EmbeddedPostgres.start(home, 0, progress::accept);
                var database = Database.open(server.address())) {
            var comparisons = new ArrayList<Comparison>();
            // a node each: what the lanes have claimed is nothing for the engine to drive
            try (var log = PostgresSessionLog.join(database, "lanes", true)) {
                comparisons.addAll(appends(database, log, seconds, progress));
            }
            try (var log = PostgresSessionLog.join(database, "engine", true)) {
                comparisons.addAll(Growth.measure(database, log, progress));
            }
            return new Report(Instant.now(), where(), comparisons);
        }
    }

    private static String where() {
        return "%d processors, Java %s, embedded PostgreSQL with fsync on, events of %d bytes"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("java.version"),
                        Samples.EVENT_BYTES);
    }

    private static List<Comparison> appends(
            Database database, PostgresSessionLog log, double seconds, Consumer<String> progress)
            throws Exception {
        PlainLane.createTables(database);
        var lanes = lanes(() -> new LogLane(log));
        var plain = lanes(() -> new PlainLane(database, ROWS_A_STEP));
        var row = new PlainLane(database, 1);
        progress.accept("warming up");
        Load.run(lanes, 4 * seconds);
        Load.run(plain, seconds);
        Load.run(lanes.subList(0, 1), 2 * seconds);
        Load.run(List.of(row), seconds);
        var many = new ArrayList<Double>();
        var manyPlain = new ArrayList<Double>();
        var alone = new ArrayList<Double>();
        var alonePlain = new ArrayList<Double>();
        for (int round = 1; round <= ROUNDS; round++) {
            progress.accept("round " + round + " of " + ROUNDS);
            many.add(Load.run(lanes, seconds).stepsPerSecond());
            manyPlain.add(Load.run(plain, seconds).stepsPerSecond());
            alone.add(Load.run(lanes.subList(0, 1), seconds).micros(0.5));
            alonePlain.add(Load.run(List.of(row), seconds).micros(0.5));
        }
        close(plain);
        row.close();
        return List.of(
                Comparison.atLeast(
                        SESSIONS
                                + " sessions, each step the end of an action and the start of the next",
                        new Series("in one append, through the log", "steps/s", many),
                        new Series("row by row, plain JDBC, 64 threads", "steps/s", manyPlain),
                        4),
                Comparison.atMost(
                        "one session alone, median time",
                        new Series("a step of two events, through the log", "us", alone),
                        new Series("one row, plain JDBC", "us", alonePlain),
                        1.3));
    }

    /// Makes a lane.
    private interface Opener {
        Lane open() throws SQLException;
    }

    private static List<Lane> lanes(Opener opener) throws SQLException {
        var lanes = new ArrayList<Lane>();
        for (int i = 0; i < SESSIONS; i++) {
            lanes.add(opener.open());
        }
        return lanes;
    }

    private static void close(List<Lane> lanes) throws SQLException {
        for (var lane : lanes) {
            lane.close();
        }
    }
}
