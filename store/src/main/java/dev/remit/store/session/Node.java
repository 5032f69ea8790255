package dev.remit.store.session;

import dev.remit.store.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/// This run of this server, as the database knows it: alive as long as its lease.
public final class Node {
    /// How long a node may be silent before its peers take over.
    public static final Duration LEASE = Duration.ofSeconds(5);

    /// Of the locks that nodes hold while they are connected.
    static final int LOCK_SPACE = 1919249512;

    /// How long before the end of its lease a node stops starting effects.
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private final String name;
    private final UUID incarnation = UUID.randomUUID();
    private final Duration lease;
    private final AtomicLong rules = new AtomicLong();
    private volatile Renewal renewed;
    private volatile boolean held;
    private volatile boolean draining;
    private volatile Report report = Report.NONE;
    private volatile boolean fenced;

    /// What a node tells of itself; asked for at each renewal of its lease.
    public interface Report {
        Report NONE =
                new Report() {
                    @Override
                    public String version() {
                        return "";
                    }

                    @Override
                    public String url() {
                        return "";
                    }

                    @Override
                    public int places() {
                        return 0;
                    }

                    @Override
                    public int driven() {
                        return 0;
                    }
                };

        String version();

        String url();

        /// How many sessions it drives at most.
        int places();

        int driven();
    }

    /// When the lease was last asked for, by both clocks: a suspended machine stops the monotonic
    /// one, and people set the other one.
    private record Renewal(long monotonic, long wall) {
        static Renewal now() {
            return new Renewal(System.nanoTime(), InstantSource.system().millis());
        }

        Duration elapsed() {
            long monotonicPart = System.nanoTime() - monotonic;
            long wallPart = (InstantSource.system().millis() - wall) * 1_000_000;
            return Duration.ofNanos(Math.max(monotonicPart, wallPart));
        }
    }

    Node(String name, Duration lease) {
        this.name = name;
        this.lease = lease;
        this.renewed = Renewal.now();
    }

    /// Stays the same over restarts.
    public String name() {
        return name;
    }

    /// New with each start.
    public UUID incarnation() {
        return incarnation;
    }

    /// What to show of this node from now on.
    public void reports(Report by) {
        report = by;
    }

    /// Whether somebody wants this node to hand its sessions over.
    public boolean isDraining() {
        return draining;
    }

    int lockKey() {
        return incarnation.hashCode();
    }

    /// Takes the lock that shows that this node is connected, if nobody looks at it right now.
    void hold(Connection connection) throws SQLException {
        if (held) {
            return;
        }
        try (var select = connection.prepareStatement("SELECT pg_try_advisory_lock(?, ?)")) {
            new Parameters(select).set(LOCK_SPACE).set(lockKey());
            var row = select.executeQuery();
            held = row.next() && row.getBoolean(1);
        }
    }

    /// The connection is gone, and the lock with it.
    void release() {
        held = false;
    }

    Duration lease() {
        return lease;
    }

    /// Of connections; by it they are found and terminated when the node is fenced.
    public String applicationName() {
        return applicationName(incarnation);
    }

    static String applicationName(UUID incarnation) {
        return "remit " + incarnation;
    }

    public boolean isFenced() {
        return fenced;
    }

    /// Whether it may begin something that has an effect: its lease runs for long enough, by both
    /// clocks, and nobody has fenced it.
    public boolean mayStart() {
        return !fenced && renewed.elapsed().compareTo(lease.minus(MARGIN)) < 0;
    }

    long rules() {
        return rules.get();
    }

    void learnRules(long version) {
        rules.accumulateAndGet(version, Math::max);
    }

    /// Enters the database.
    ///
    /// @param exclusive the caller holds a lock that only one process with this name can hold, so
    ///   every earlier run of that name is dead
    void join(Database database, boolean exclusive) {
        var asked = Renewal.now();
        database.with(connection -> {
            if (exclusive) {
                for (var earlier : earlierRuns(connection)) {
                    Fencing.fence(connection, earlier, Fencing.Why.KNOWN);
                }
            }
            try (var insert =
                    connection.prepareStatement(
                            """
                            INSERT INTO node (incarnation, name, lease, lock_key)
                            VALUES (?, ?, clock_timestamp() + ? * interval '1 millisecond', ?)
                            RETURNING (SELECT version FROM rules)
                            """)) {
                new Parameters(insert)
                        .set(incarnation)
                        .text(name)
                        .set(lease.toMillis())
                        .set(lockKey());
                var row = insert.executeQuery();
                row.next();
                learnRules(row.getLong(1));
            }
            return true;
        });
        renewed = asked;
    }

    private Iterable<UUID> earlierRuns(Connection connection) throws SQLException {
        try (var select =
                connection.prepareStatement(
                        "SELECT incarnation FROM node WHERE name = ? AND NOT fenced")) {
            select.setString(1, name);
            return Parameters.list(select, row -> row.getObject(1, UUID.class));
        }
    }

    /// Renews the lease, shows how this node does, and learns of new rules.
    void renew(Connection connection) throws SQLException {
        var asked = Renewal.now();
        try (var update =
                connection.prepareStatement(
                        """
                        UPDATE node SET lease = clock_timestamp() + ? * interval '1 millisecond',
                            held = CASE WHEN ? THEN clock_timestamp() END,
                            version = ?, url = ?, places = ?, driven = ?, load = ?
                        WHERE incarnation = ? AND NOT fenced
                        RETURNING (SELECT version FROM rules), draining
                        """)) {
            var now = report;
            new Parameters(update)
                    .set(lease.toMillis())
                    .set(held)
                    .text(now.version())
                    .text(now.url())
                    .set(now.places())
                    .set(now.driven())
                    .set((float) Load.now())
                    .set(incarnation);
            var row = update.executeQuery();
            if (row.next()) {
                learnRules(row.getLong(1));
                draining = row.getBoolean(2);
                renewed = asked;
            } else {
                fenced = true;
            }
        }
    }

    /// Lets go of everything at once, so that others need not wait for the lease.
    void leave(Database database) {
        fenced = true;
        database.with(connection -> {
            Fencing.fence(connection, incarnation, Fencing.Why.KNOWN);
            return true;
        });
    }
}
