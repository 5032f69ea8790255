package dev.remit.store.session;

import dev.remit.store.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The background of a node, on a connection of its own: renews the lease, looks after its peers,
/// and hears and sends the wake-ups between nodes.
final class Heartbeat implements AutoCloseable {
    /// Means: there may be something in the queue for whoever has a place.
    static final String QUEUED = "queued";

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    private static final int BEATS_A_LEASE = 5;
    private static final int BEATS_BETWEEN_CLEANING = 60;

    /// How often it looks after its peers.
    private static final Duration LOOK = Duration.ofMillis(100);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final Database database;
    private final Node node;
    private final Listeners listeners;
    private final Peers peers;
    private final Relays relays;
    private final Duration beat;
    private final Duration look;
    private final Thread thread;
    private final AtomicBoolean toCall = new AtomicBoolean();
    private volatile boolean closed;
    private volatile @Nullable Connection connection;
    private long connectedAt;
    private long renewedAt;
    private long beats;
    private boolean draining;
    private int failures;

    Heartbeat(Database database, Node node, Listeners listeners, Relays relays) {
        this.database = database;
        this.node = node;
        this.listeners = listeners;
        this.relays = relays;
        this.peers = new Peers(database, node, listeners);
        this.beat = node.lease().dividedBy(BEATS_A_LEASE);
        this.look = beat.compareTo(LOOK) < 0 ? beat : LOOK;
        this.thread = Thread.ofPlatform().daemon().name("remit-heartbeat").unstarted(this::run);
    }

    boolean isAlone() {
        return peers.isAlone();
    }

    void start() {
        thread.start();
    }

    /// Has all nodes told that there may be something in the queue for them. Costs nothing more
    /// however often it is asked for within a moment.
    void callOthers() {
        toCall.set(true);
    }

    private void run() {
        while (!closed && !node.isFenced()) {
            try {
                var open = open();
                node.hold(open);
                if (System.nanoTime() - renewedAt >= beat.toNanos()) {
                    beat(open);
                }
                peers.look(open, connectedAt);
                if (toCall.getAndSet(false)) {
                    Fencing.call(open);
                }
                listen(open);
            } catch (SQLException e) {
                disconnect();
                if (!closed) {
                    say(e);
                    pause();
                }
            }
        }
        disconnect();
        if (node.isFenced() && !closed) {
            LOG.error("this node was taken for dead and fenced: it starts nothing any more");
            listeners.fenced();
        }
    }

    private Connection open() throws SQLException {
        var open = connection;
        if (open == null) {
            open = database.connect(node.applicationName(), Map.of());
            connection = open;
            // an answer that takes longer than the lease is of no use
            open.setNetworkTimeout(Runnable::run, (int) node.lease().toMillis());
            connectedAt = System.nanoTime();
            renewedAt = connectedAt - beat.toNanos();
            try (var statement = open.createStatement()) {
                statement.execute("LISTEN remit_wake");
                statement.execute("LISTEN " + relays.channel());
            }
            if (failures > 0) {
                LOG.info("the database answers again after {} attempts", failures);
                failures = 0;
                listeners.queued();
            }
        }
        return open;
    }

    private void beat(Connection open) throws SQLException {
        node.renew(open);
        renewedAt = System.nanoTime();
        if (node.isDraining() != draining) {
            draining = node.isDraining();
            listeners.drain(draining);
        }
        if (beats++ % BEATS_BETWEEN_CLEANING == 0) {
            Fencing.forget(open);
        }
    }

    /// Until the next look.
    private void listen(Connection open) throws SQLException {
        var postgres = open.unwrap(PGConnection.class);
        long end = System.nanoTime() + look.toNanos();
        for (long left = look.toMillis(); left > 0 && !closed; ) {
            var notifications = postgres.getNotifications((int) left);
            for (var notification : notifications) {
                hear(notification.getName(), notification.getParameter());
            }
            left = (end - System.nanoTime()) / 1_000_000;
        }
    }

    private void hear(String channel, String payload) {
        if (channel.equals(relays.channel())) {
            relays.hear(payload);
        } else if (payload.equals(QUEUED)) {
            listeners.queued();
        } else if (payload.startsWith(Relays.INTEREST)) {
            relays.interest(payload);
        } else if (Inbox.isFor(payload, node.incarnation())) {
            listeners.ready(Inbox.wokenBy(payload));
        }
    }

    /// The first failure and then fewer and fewer: a database that is away for a day is no reason
    /// for a log of a million lines.
    private void say(SQLException e) {
        failures++;
        if (Integer.bitCount(failures) == 1) {
            LOG.warn(
                    "the lease of this node cannot be renewed ({}), attempt {}",
                    e.getMessage(),
                    failures);
        }
    }

    private void pause() {
        long millis = FIRST_PAUSE.toMillis() << Math.min(failures, 10);
        try {
            Thread.sleep(Math.min(millis, LONGEST_PAUSE.toMillis()));
        } catch (InterruptedException e) {
            LOG.debug("woken to stop", e);
        }
    }

    private void disconnect() {
        var open = connection;
        connection = null;
        node.release();
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
            if (!Thread.currentThread().equals(thread)) {
                thread.join(beat.multipliedBy(2));
            }
        } catch (SQLException e) {
            LOG.debug("a connection cannot be aborted", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
