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

    /// How long before the end of its lease a node stops starting effects.
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private final String name;
    private final UUID incarnation = UUID.randomUUID();
    private final Duration lease;
    private final AtomicLong rules = new AtomicLong();
    private volatile Renewal renewed;
    private volatile boolean fenced;

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
                    Fencing.fence(connection, earlier, true);
                }
            }
            try (var insert =
                    connection.prepareStatement(
                            """
                            INSERT INTO node (incarnation, name, lease)
                            VALUES (?, ?, clock_timestamp() + ? * interval '1 millisecond')
                            RETURNING (SELECT version FROM rules)
                            """)) {
                new Parameters(insert).set(incarnation).text(name).set(lease.toMillis());
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

    /// Renews the lease, and learns of new rules.
    void renew(Connection connection) throws SQLException {
        var asked = Renewal.now();
        try (var update =
                connection.prepareStatement(
                        """
                        UPDATE node SET lease = clock_timestamp() + ? * interval '1 millisecond'
                        WHERE incarnation = ? AND NOT fenced
                        RETURNING (SELECT version FROM rules)
                        """)) {
            new Parameters(update).set(lease.toMillis()).set(incarnation);
            var row = update.executeQuery();
            if (row.next()) {
                learnRules(row.getLong(1));
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
            Fencing.fence(connection, incarnation, true);
            return true;
        });
    }
}
