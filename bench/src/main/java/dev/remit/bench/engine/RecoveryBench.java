package dev.remit.bench.engine;

import dev.remit.bench.harness.Child;
import dev.remit.bench.harness.Figures;
import dev.remit.bench.harness.Line;
import dev.remit.bench.harness.Piped;
import dev.remit.bench.harness.Processes;
import dev.remit.bench.harness.ServerFlags;
import dev.remit.store.database.Database;
import dev.remit.store.database.EmbeddedPostgres;
import dev.remit.store.session.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// How long the sessions of a node stand still when it dies under load: from the signal to the
/// first event that another node wrote, for each session that it had.
public final class RecoveryBench {
    private static final int KILLS = 8;
    private static final int PAUSES = 3;
    private static final int AT_ONCE = 100;
    private static final int STEP_MILLIS = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final double FOR_EVER = 3600;

    private final Path folder;
    private final Database database;
    private final Consumer<String> progress;

    private RecoveryBench(Path folder, Database database, Consumer<String> progress) {
        this.folder = folder;
        this.database = database;
        this.progress = progress;
    }

    public static Figures run(Path folder, Consumer<String> progress)
            throws IOException, InterruptedException {
        try (var postgres = EmbeddedPostgres.start(folder, 0, progress::accept);
                var database = Database.open(postgres.address())) {
            return new RecoveryBench(folder, database, progress).measure();
        }
    }

    private Figures measure() throws IOException, InterruptedException {
        var figures =
                new Figures(
                        "two nodes, %d sessions each, steps of %d ms: one node ends"
                                .formatted(AT_ONCE, STEP_MILLIS));
        try (var survivor = node("survivor")) {
            survivor.begin(AT_ONCE, FOR_EVER);
            var killed = rounds("KILL", KILLS);
            figures.add(line("killed with -9, p50", killed, 0.5, 500));
            figures.add(line("killed with -9, p99", killed, 0.99, 2000));
            var paused = rounds("STOP", PAUSES);
            var lease = Node.LEASE.toMillis();
            figures.add(line("paused, p99 (lease " + lease + " ms)", paused, 0.99, lease + 2000));
        }
        return figures;
    }

    private static Line line(String what, List<List<Long>> rounds, double share, long target) {
        var each =
                rounds.stream().map(r -> (double) r.get((int) (share * (r.size() - 1)))).toList();
        var line = Line.plain(what, "ms", each);
        return line.aiming("< " + target + " ms", line.median() < target);
    }

    private Piped node(String name) throws IOException {
        return Piped.start(
                name,
                Child.java(
                        ServerFlags.OF_THE_LAUNCHER,
                        TenSteps.class.getName(),
                        List.of(database.address().toUrl(), name, Integer.toString(STEP_MILLIS))),
                folder);
    }

    /// @return of each round the gaps of its sessions in milliseconds, the shortest first
    private List<List<Long>> rounds(String signal, int rounds)
            throws IOException, InterruptedException {
        var all = new ArrayList<List<Long>>();
        for (int i = 1; i <= rounds; i++) {
            progress.accept("SIG" + signal + ", round " + i + " of " + rounds);
            try (var victim = node("victim-" + signal + "-" + i)) {
                victim.begin(AT_ONCE, FOR_EVER);
                TimeUnit.SECONDS.sleep(4);
                all.add(gaps("victim-" + signal + "-" + i, victim, signal));
                if (signal.equals("STOP")) {
                    Processes.signal(victim.pid(), "CONT");
                    Processes.signal(victim.pid(), "KILL");
                }
            }
        }
        return all;
    }

    private List<Long> gaps(String name, Piped victim, String signal)
            throws IOException, InterruptedException {
        var at = Instant.now();
        Processes.signal(victim.pid(), signal);
        var owned = owned(name);
        if (owned.isEmpty()) {
            throw new IOException(name + " had no sessions");
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            var open = owned.stream().filter(this::isNotOver).toList();
            var moved = moved(open, at);
            if (moved.size() == open.size()) {
                return moved;
            }
            if (System.nanoTime() > end) {
                throw new IOException(
                        (open.size() - moved.size()) + " sessions of " + name + " never moved");
            }
            TimeUnit.MILLISECONDS.sleep(500);
        }
    }

    /// A session of a node at the moment of its end, and the epoch in which it drove it.
    private record Owned(UUID id, long epoch) {}

    private List<Owned> owned(String name) {
        return database.with(connection -> {
            try (var select =
                    connection.prepareStatement(
                            """
                            SELECT s.id, s.epoch FROM session s JOIN node n ON n.incarnation = s.owner
                            WHERE n.name = ? AND NOT s.closed
                            """)) {
                select.setString(1, name);
                var rows = select.executeQuery();
                var all = new ArrayList<Owned>();
                while (rows.next()) {
                    all.add(new Owned(rows.getObject(1, UUID.class), rows.getLong(2)));
                }
                return List.copyOf(all);
            }
        });
    }

    /// Whether its node has not ended it, with a commit that was on its way as the node ended.
    private boolean isNotOver(Owned one) {
        return database.with(connection -> {
            try (var select =
                    connection.prepareStatement(
                            "SELECT FROM session WHERE id = ? AND epoch = ? AND closed")) {
                select.setObject(1, one.id());
                select.setLong(2, one.epoch());
                return !select.executeQuery().next();
            }
        });
    }

    private List<Long> moved(List<Owned> owned, Instant since) {
        return database.with(connection -> {
            try (var select =
                    connection.prepareStatement(
                            "SELECT min(at) FROM event WHERE session = ? AND epoch > ?")) {
                var gaps = new ArrayList<Long>();
                for (var one : owned) {
                    select.setObject(1, one.id());
                    select.setLong(2, one.epoch());
                    var row = select.executeQuery();
                    row.next();
                    long nanos = row.getLong(1);
                    if (!row.wasNull()) {
                        gaps.add(TimeUnit.NANOSECONDS.toMillis(nanos) - since.toEpochMilli());
                    }
                }
                gaps.sort(null);
                return List.copyOf(gaps);
            }
        });
    }
}
