package dev.remit.store.identity;

import dev.remit.store.database.Database;
import dev.remit.store.database.DatabaseException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes keys back, on all nodes.
final class Revocation {
    private static final Logger LOG = LoggerFactory.getLogger(Revocation.class);
    private static final int TRIES = 3;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

    private final Database database;
    private final Duration lease;

    Revocation(Database database, Duration lease) {
        this.database = database;
        this.lease = lease;
    }

    /// Once this returns, no node accepts the key, and each has cut what used it. A node that does
    /// not answer is waited for as long as it may go by what it knew: its lease.
    ///
    /// @return nothing if there is no such key
    Optional<StoredKey> revoke(String id, String by) {
        var ordered = ordered(id, by);
        if (ordered.isPresent()) {
            awaitAcknowledged(ordered.get());
        }
        return database.with(connection -> KeyRows.find(connection, id)).map(KeyRows.Row::stored);
    }

    /// Ordering twice is ordering once, so a connection that is lost in between is no reason to
    /// give up.
    private Optional<Long> ordered(String id, String by) {
        for (int attempt = 1; ; attempt++) {
            try {
                return database.with(connection -> order(connection, id, by));
            } catch (DatabaseException e) {
                if (attempt == TRIES || e.kind() != DatabaseException.Kind.NOT_REACHABLE) {
                    throw e;
                }
                LOG.warn("a revocation is tried again: {}", e.getMessage());
            }
        }
    }

    /// Separate statements in one transaction, in the order that V1__sessions.sql says: it waits
    /// out every append that runs under the old rules, and refuses every later one.
    ///
    /// @return the version of the rules since which the key is revoked
    private static Optional<Long> order(Connection connection, String id, String by)
            throws SQLException {
        return Sql.inTransaction(
                connection,
                transaction -> {
                    var version =
                            Sql.first(
                                    transaction,
                                    row -> row.getLong(1),
                                    "UPDATE rules SET version = version + 1 RETURNING version");
                    int revoked =
                            Sql.update(
                                    transaction,
                                    """
                                    UPDATE access_key
                                    SET revoked_at = clock_timestamp(), revoked_by = ?,
                                        revoked_rules = ?
                                    WHERE id = ? AND revoked_at IS NULL
                                    """,
                                    by,
                                    version.orElseThrow(),
                                    id);
                    if (revoked == 0) {
                        transaction.rollback();
                        return Sql.first(
                                transaction,
                                row -> row.getLong(1),
                                """
                                SELECT revoked_rules FROM access_key
                                WHERE id = ? AND revoked_rules IS NOT NULL
                                """,
                                id);
                    }
                    Sql.update(transaction, "UPDATE gate SET rules = (SELECT version FROM rules)");
                    Sql.first(
                            transaction,
                            row -> true,
                            "SELECT pg_notify('" + RulesWatch.CHANNEL + "', '')");
                    return version;
                });
    }

    private void awaitAcknowledged(long version) {
        long end = System.nanoTime() + lease.toNanos();
        for (long pause = FIRST_PAUSE.toNanos(); System.nanoTime() - end < 0; ) {
            if (isAcknowledged(version)) {
                return;
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE.toNanos());
        }
        LOG.warn("a node did not say that it knows rules {}; its lease is over", version);
    }

    private boolean isAcknowledged(long version) {
        try {
            return database.with(connection ->
                    Sql.list(
                                    connection,
                                    row -> true,
                                    """
                                    SELECT FROM rules_seen
                                    WHERE rules < ? AND until > clock_timestamp() LIMIT 1
                                    """,
                                    version)
                            .isEmpty());
        } catch (DatabaseException e) {
            LOG.warn("cannot see who knows rules {}: {}", version, e.getMessage());
            return false;
        }
    }
}
