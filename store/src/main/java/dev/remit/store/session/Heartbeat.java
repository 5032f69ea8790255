package dev.remit.store.session;

import dev.remit.store.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The background of a node, on a connection of its own: renews the lease, fences dead peers, and
/// hears the wake-ups that other nodes send.
final class Heartbeat implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    private static final int BEATS_A_LEASE = 5;
    private static final int BEATS_BETWEEN_CLEANING = 60;
    private static final int HINTS = 1000;

    private final Database database;
    private final Node node;
    private final Listeners listeners;
    private final Duration beat;
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable Connection connection;
    private long beats;

    Heartbeat(Database database, Node node, Listeners listeners) {
        this.database = database;
        this.node = node;
        this.listeners = listeners;
        this.beat = node.lease().dividedBy(BEATS_A_LEASE);
        this.thread = Thread.ofPlatform().daemon().name("remit-heartbeat").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!closed && !node.isFenced()) {
            try {
                var open = open();
                node.renew(open);
                fencePeers(open);
                listen(open);
            } catch (SQLException e) {
                if (!closed) {
                    LOG.warn("the lease of this node cannot be renewed: {}", e.getMessage());
                    disconnect();
                    pause();
                }
            }
        }
        if (node.isFenced() && !closed) {
            LOG.error("this node was taken for dead and fenced: it starts nothing any more");
        }
        disconnect();
    }

    private Connection open() throws SQLException {
        var open = connection;
        if (open == null) {
            open = database.connect(node.applicationName(), Map.of());
            connection = open;
            try (var statement = open.createStatement()) {
                statement.execute("LISTEN remit_wake");
            }
        }
        return open;
    }

    private void fencePeers(Connection open) throws SQLException {
        boolean found = false;
        for (var peer : Fencing.overdue(open)) {
            if (!peer.equals(node.incarnation()) && Fencing.fence(open, peer, false)) {
                LOG.info("node {} let its lease run out and was fenced", peer);
                found = true;
            }
        }
        if (found) {
            Schedule.ready(open, Instant.EPOCH, HINTS).forEach(listeners::ready);
        }
        if (beats++ % BEATS_BETWEEN_CLEANING == 0) {
            Fencing.forget(open);
        }
    }

    /// Until the next beat.
    private void listen(Connection open) throws SQLException {
        var postgres = open.unwrap(PGConnection.class);
        long end = System.nanoTime() + beat.toNanos();
        for (long left = beat.toMillis(); left > 0 && !closed; ) {
            var notifications = postgres.getNotifications((int) left);
            for (var notification : notifications) {
                if (Inbox.isFor(notification.getParameter(), node.incarnation())) {
                    listeners.ready(Inbox.wokenBy(notification.getParameter()));
                }
            }
            left = (end - System.nanoTime()) / 1_000_000;
        }
    }

    private void pause() {
        try {
            Thread.sleep(beat);
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
        thread.interrupt();
        var open = connection;
        try {
            if (open != null) {
                open.abort(Runnable::run);
            }
            thread.join(beat.multipliedBy(2));
        } catch (SQLException e) {
            LOG.debug("a connection cannot be aborted", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
