package dev.remit.store.identity;

import dev.remit.store.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The background of a node's keys, on a connection of its own: hears of new and revoked keys, cuts
/// what uses revoked ones, and then tells the database which rules this node goes by.
final class RulesWatch implements AutoCloseable {
    static final String CHANNEL = "remit_keys";

    private static final Logger LOG = LoggerFactory.getLogger(RulesWatch.class);
    private static final int BEATS_A_LEASE = 5;
    private static final Duration CUT_WITHIN = Duration.ofSeconds(1);

    private final Database database;
    private final UUID incarnation;
    private final Duration lease;
    private final KeyTable table;
    private final Freshness freshness;
    private final Chores chores;
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable Connection connection;

    /// What is done at every beat besides.
    @FunctionalInterface
    interface Chores {
        void run(Connection connection) throws SQLException;
    }

    RulesWatch(
            Database database,
            UUID incarnation,
            Duration lease,
            KeyTable table,
            Freshness freshness,
            Chores chores) {
        this.database = database;
        this.incarnation = incarnation;
        this.lease = lease;
        this.table = table;
        this.freshness = freshness;
        this.chores = chores;
        this.thread = Thread.ofPlatform().daemon().name("remit-keys").unstarted(this::run);
    }

    /// Learns everything first, so that the first key is known when this returns.
    void start() throws SQLException {
        var open = open();
        Sql.update(
                open,
                """
                INSERT INTO rules_seen (incarnation, rules, until)
                VALUES (?, 0, clock_timestamp() + ? * interval '1 millisecond')
                """,
                incarnation,
                lease.toMillis());
        refresh(open, true);
        thread.start();
    }

    private void run() {
        while (!closed) {
            try {
                boolean anew = connection == null;
                var open = open();
                if (!refresh(open, anew)) {
                    freshness.end();
                    LOG.error("this node was taken for dead: it accepts no keys any more");
                    break;
                }
                chores.run(open);
                listen(open);
            } catch (SQLException e) {
                if (!closed) {
                    LOG.warn("what is known of keys cannot be renewed: {}", e.getMessage());
                    disconnect();
                    pause();
                }
            }
        }
        disconnect();
    }

    private Connection open() throws SQLException {
        var open = connection;
        if (open == null) {
            open = database.connect("remit keys " + incarnation, Map.of());
            connection = open;
            try (var statement = open.createStatement()) {
                statement.execute("LISTEN " + CHANNEL);
            }
        }
        return open;
    }

    /// @param all loads every live key: notifications may have been missed
    /// @return whether this node is still one
    private boolean refresh(Connection open, boolean all) throws SQLException {
        var asked = Freshness.Moment.now();
        apply(open);
        if (all) {
            loadAll(open);
        }
        boolean alive =
                Sql.update(
                                open,
                                """
                                UPDATE rules_seen SET rules = ?,
                                    until = clock_timestamp() + ? * interval '1 millisecond'
                                WHERE incarnation = ? AND EXISTS (
                                    SELECT FROM node WHERE incarnation = ? AND NOT fenced)
                                """,
                                table.rules(),
                                lease.toMillis(),
                                incarnation,
                                incarnation)
                        == 1;
        if (alive) {
            freshness.renewed(asked);
        }
        return alive;
    }

    private void apply(Connection open) throws SQLException {
        record Change(long version, @Nullable String id) {}
        List<Change> changes =
                Sql.list(
                        open,
                        row -> new Change(row.getLong(1), row.getString(2)),
                        """
                        SELECT r.version, k.id
                        FROM rules r LEFT JOIN access_key k ON k.revoked_rules > ?
                        """,
                        table.rules());
        var ids = changes.stream().map(Change::id).filter(Objects::nonNull).toList();
        long version = changes.stream().mapToLong(Change::version).max().orElse(0);
        cut(table.revoke(ids, version));
    }

    /// All at once, each on a thread of its own, and waits until they are done.
    private static void cut(List<Runnable> cuts) {
        if (cuts.isEmpty()) {
            return;
        }
        var left = new CountDownLatch(cuts.size());
        for (var cut : cuts) {
            Thread.ofVirtual()
                    .name("remit-cut")
                    .start(() -> {
                        try {
                            cut.run();
                        } catch (RuntimeException e) {
                            LOG.error("what used a revoked key could not be cut", e);
                        } finally {
                            left.countDown();
                        }
                    });
        }
        try {
            if (!left.await(CUT_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("{} uses of revoked keys take long to be cut", left.getCount());
            }
        } catch (InterruptedException e) {
            LOG.debug("woken to stop", e);
        }
    }

    private void loadAll(Connection open) throws SQLException {
        int page = 5000;
        var after = "";
        List<KeyRows.Row> rows;
        do {
            rows = KeyRows.live(open, after, page);
            rows.forEach(table::add);
            if (!rows.isEmpty()) {
                after = rows.getLast().stored().key().id();
            }
        } while (rows.size() == page);
    }

    /// Until something happens, or the next beat.
    private void listen(Connection open) throws SQLException {
        var postgres = open.unwrap(PGConnection.class);
        int beat = (int) lease.dividedBy(BEATS_A_LEASE).toMillis();
        for (var notification : postgres.getNotifications(beat)) {
            var id = notification.getParameter();
            if (!id.isEmpty()) {
                KeyRows.find(open, id)
                        .filter(row -> row.stored().revokedAt() == null)
                        .ifPresent(table::add);
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(lease.dividedBy(BEATS_A_LEASE));
        } catch (InterruptedException e) {
            LOG.debug("woken to stop", e);
        }
    }

    private void disconnect() {
        var open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.debug("a connection that failed cannot be closed", e);
            }
        }
    }

    /// Breaks off the wait for notifications, which nothing else can.
    @Override
    public void close() {
        closed = true;
        freshness.end();
        thread.interrupt();
        var open = connection;
        try {
            if (open != null) {
                open.abort(Runnable::run);
            }
            thread.join(lease);
        } catch (SQLException e) {
            LOG.debug("a connection cannot be aborted", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
