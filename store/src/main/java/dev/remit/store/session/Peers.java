package dev.remit.store.session;

import dev.remit.store.database.Database;
import dev.remit.store.database.DatabaseException;
import dev.remit.store.session.Fencing.Why;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks after the other nodes, and fences those that are dead.
///
/// A node's lease decides whether it lives. It also holds a lock for as long as its connection
/// lasts, and a lock that is free *shortens* the wait: the kernel closes a dead process's
/// connections at once. A free lock says nothing right after PostgreSQL has restarted, or when our
/// own connection has just been broken, for then those of the living were broken as well. And a
/// living node whose connection was cut gets a moment to come back.
final class Peers {
    private static final Logger LOG = LoggerFactory.getLogger(Peers.class);

    /// In which a living node whose connection was cut takes its lock again.
    static final Duration GRACE = Duration.ofMillis(150);

    /// For so long after our own connection was made, a free lock says nothing.
    private static final Duration SETTLING = Duration.ofSeconds(2);

    private static final int HINTS = 1000;

    private static final String LOOK =
            """
            SELECT incarnation,
                   lease < clock_timestamp()
                       AND pg_postmaster_start_time() + ? * interval '1 millisecond' < clock_timestamp(),
                   CASE WHEN held > pg_postmaster_start_time()
                       THEN pg_try_advisory_xact_lock_shared(SPACE, lock_key) ELSE false END
            FROM node WHERE NOT fenced AND incarnation <> ?
            """
                    .replace("SPACE", Integer.toString(Node.LOCK_SPACE));

    private final Database database;
    private final Node node;
    private final Listeners listeners;

    /// Since when a lock was seen free.
    private final Map<UUID, Long> free = new HashMap<>();

    private final Set<UUID> ending = ConcurrentHashMap.newKeySet();

    Peers(Database database, Node node, Listeners listeners) {
        this.database = database;
        this.node = node;
        this.listeners = listeners;
    }

    private volatile boolean alone;

    /// Whether no other node lived when this one looked last.
    boolean isAlone() {
        return alone;
    }

    private record Seen(UUID peer, boolean overdue, boolean gone) {}

    /// To be called often, by one thread. Whatever takes time is done by others.
    ///
    /// @param connectedAt when this connection was made, by the monotonic clock
    void look(Connection connection, long connectedAt) throws SQLException {
        long now = System.nanoTime();
        boolean settled = now - connectedAt > SETTLING.toNanos();
        var still = new HashSet<UUID>();
        try (var select = connection.prepareStatement(LOOK)) {
            new Parameters(select).set(node.lease().toMillis()).set(node.incarnation());
            var all =
                    Parameters.list(
                            select,
                            row ->
                                    new Seen(
                                            row.getObject(1, UUID.class),
                                            row.getBoolean(2),
                                            row.getBoolean(3)));
            alone = all.isEmpty();
            for (var seen : all) {
                if (seen.overdue()) {
                    end(seen.peer(), Why.OVERDUE);
                } else if (seen.gone() && settled) {
                    still.add(seen.peer());
                    long since = free.computeIfAbsent(seen.peer(), peer -> now);
                    if (now - since >= GRACE.toNanos()) {
                        end(seen.peer(), Why.GONE);
                    }
                }
            }
        }
        free.keySet().retainAll(still);
    }

    private void end(UUID peer, Why why) {
        if (ending.add(peer)) {
            Thread.ofVirtual().name("fencing " + peer).start(() -> fence(peer, why));
        }
    }

    private void fence(UUID peer, Why why) {
        try {
            boolean done = database.with(connection -> Fencing.fence(connection, peer, why));
            if (done) {
                LOG.info(
                        "node {} {} and was fenced",
                        peer,
                        why == Why.GONE ? "lost its connection" : "let its lease run out");
                listeners.queued();
                var left =
                        database.with(
                                connection -> Schedule.ready(connection, Instant.EPOCH, HINTS));
                left.forEach(listeners::ready);
            }
        } catch (DatabaseException e) {
            LOG.warn("node {} cannot be fenced yet: {}", peer, e.getMessage());
        } finally {
            ending.remove(peer);
        }
    }
}
