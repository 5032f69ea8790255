package dev.remit.bench.engine;

import dev.remit.bench.harness.Child;
import dev.remit.bench.harness.Figures;
import dev.remit.bench.harness.Line;
import dev.remit.bench.harness.Piped;
import dev.remit.bench.harness.Processes;
import dev.remit.bench.harness.ServerFlags;
import dev.remit.store.database.Database;
import dev.remit.store.database.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Many sessions that live long: a million of them wait in one database, a thousand are at work at
/// once.
public final class LonglifeBench {
    private static final int IDLE = 1_000_000;
    private static final int BATCH = 20_000;
    private static final int ACTIVE = 1000;
    private static final int STEP_MILLIS = 200;
    private static final int ROUNDS = 3;

    private final Path folder;
    private final EmbeddedPostgres postgres;
    private final double seconds;
    private final Consumer<String> progress;
    private final Figures figures =
            new Figures("long lives: a million sessions wait, a thousand are at work");

    private LonglifeBench(
            Path folder, EmbeddedPostgres postgres, double seconds, Consumer<String> progress) {
        this.folder = folder;
        this.postgres = postgres;
        this.seconds = seconds;
        this.progress = progress;
    }

    /// @param seconds of a round
    public static Figures run(Path folder, double seconds, Consumer<String> progress)
            throws IOException, InterruptedException {
        try (var postgres = EmbeddedPostgres.start(folder, 0, progress::accept)) {
            var bench = new LonglifeBench(folder, postgres, seconds, progress);
            bench.active();
            bench.idle();
            return bench.figures;
        }
    }

    private void active() throws IOException {
        progress.accept(ACTIVE + " sessions at work at once");
        var url = postgres.database("active").toUrl();
        try (var node =
                start(
                        "active",
                        TenSteps.class.getName(),
                        List.of(url, "active", Integer.toString(STEP_MILLIS)))) {
            var memory = new ArrayList<Double>();
            var rate = new ArrayList<Double>();
            for (int i = 1; i <= ROUNDS; i++) {
                var done = node.run(ACTIVE, Math.max(5, seconds));
                memory.add(Processes.residentBytes(node.pid()) / 1e6);
                rate.add(10 * done.perSecond());
            }
            figures.add(
                    Line.plain(
                            ACTIVE + " at work, steps of " + STEP_MILLIS + " ms", "steps/s", rate));
            var line = Line.plain(ACTIVE + " at work, memory of the node", "MB", memory);
            figures.add(line.aiming("< 1000", line.median() < 1000));
        }
    }

    private void idle() throws IOException {
        var address = postgres.database("idle");
        try (var node = start("idle", Waiters.class.getName(), List.of(address.toUrl()));
                var database = Database.open(address)) {
            var before = Processes.residentBytes(node.pid()) / 1e6;
            progress.accept("making " + IDLE + " waiting sessions");
            multiply(database);
            var latencies = new ArrayList<Double>();
            var medians = new ArrayList<Double>();
            for (int i = 1; i <= ROUNDS; i++) {
                progress.accept("waking some of them, round " + i + " of " + ROUNDS);
                var done = node.run(1, seconds);
                medians.add(done.p50() / 1000.0);
                latencies.add(done.p99() / 1000.0);
            }
            var after = Processes.residentBytes(node.pid()) / 1e6;
            figures.add(Line.plain("wake one of " + IDLE + ", p50", "ms", medians));
            var line = Line.plain("wake one of " + IDLE + ", p99", "ms", latencies);
            figures.add(line.aiming("< 50 ms", line.median() < 50));
            figures.add(Line.plain("memory of the node, one waiting", "MB", List.of(before)));
            figures.add(Line.plain("memory of the node, all waiting", "MB", List.of(after)));
        }
    }

    private Piped start(String name, String main, List<String> arguments) throws IOException {
        return Piped.start(name, Child.java(ServerFlags.OF_THE_LAUNCHER, main, arguments), folder);
    }

    /// Makes many sessions of the one that there is, its log included; some at a time, since a
    /// connection of Remit's waits for no statement for long.
    private static void multiply(Database database) {
        database.with(connection -> {
            try (var statement = connection.createStatement()) {
                statement.execute("CREATE TEMP TABLE pattern AS SELECT * FROM session LIMIT 1");
                for (int made = 0; made < IDLE; made += BATCH) {
                    statement.execute(
                            "CREATE TEMP TABLE copies AS SELECT uuidv7() AS id"
                                    + " FROM generate_series(1, "
                                    + BATCH
                                    + ")");
                    copy(statement, "session", "id", "pattern");
                    copy(
                            statement,
                            "event",
                            "session",
                            "event e JOIN pattern p ON e.session = p.id");
                    statement.execute("DROP TABLE copies");
                }
                statement.execute("DROP TABLE pattern");
                statement.execute("ANALYZE session");
                statement.execute("ANALYZE event");
            }
            return IDLE;
        });
    }

    /// Every row of a source once for each copy, under its id.
    private static void copy(java.sql.Statement statement, String table, String key, String source)
            throws SQLException {
        var columns = new ArrayList<String>();
        try (var names =
                statement.executeQuery(
                        """
                        SELECT column_name FROM information_schema.columns
                        WHERE table_name = '%s' AND table_schema = current_schema()
                        AND column_name <> '%s'
                        """
                                .formatted(table, key))) {
            while (names.next()) {
                columns.add(names.getString(1));
            }
        }
        var from = source.startsWith("event") ? "e." : "pattern.";
        statement.execute(
                "INSERT INTO %s (%s, %s) SELECT copies.id, %s FROM copies CROSS JOIN %s"
                        .formatted(
                                table,
                                key,
                                String.join(", ", columns),
                                from + String.join(", " + from, columns),
                                source.startsWith("event") ? "(" + source + ")" : source));
    }
}
