package dev.remit.store.identity;

import dev.remit.core.identity.Key;
import dev.remit.core.identity.Permission;
import dev.remit.core.identity.Principal;
import dev.remit.store.database.Database;
import dev.remit.store.session.PostgresSessionLog;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Nodes on one database, and what tests do with them.
final class Nodes {
    static final Principal ADA = new Principal(Principal.Kind.PERSON, "ada@example.org");
    static final Principal BOT = new Principal(Principal.Kind.SERVICE, "growth-bot");

    private Nodes() {}

    /// One node: its log, which renews its lease, and its keys.
    record Node(PostgresSessionLog log, PostgresKeys keys) implements AutoCloseable {
        @Override
        public void close() {
            keys.close();
            log.close();
        }
    }

    static Node join(Database database, String name, Duration lease) {
        var log = PostgresSessionLog.join(database, name, true);
        return new Node(
                log,
                PostgresKeys.join(
                        database,
                        log.node().incarnation(),
                        InstantSource.system(),
                        new SecureRandom(),
                        lease));
    }

    static Node join(Database database, String name) {
        return join(database, name, PostgresKeys.LEASE);
    }

    static NewKey wanted(String team) {
        return new NewKey(
                "for tests",
                BOT,
                team,
                null,
                Set.of("fast"),
                Set.of(Permission.MODELS_USE),
                new Key.Limits(60, 100_000, 4),
                null);
    }

    /// What a node that joined said it knows: nothing, for as long as asked.
    static UUID silent(Database database, Duration lease) {
        var incarnation = UUID.randomUUID();
        database.with(connection -> {
            Sql.update(
                    connection,
                    """
                    INSERT INTO node (incarnation, name, lease)
                    VALUES (?, 'silent', clock_timestamp() + interval '10 minutes')
                    """,
                    incarnation);
            return Sql.update(
                    connection,
                    """
                    INSERT INTO rules_seen (incarnation, rules, until)
                    VALUES (?, 0, clock_timestamp() + ? * interval '1 millisecond')
                    """,
                    incarnation,
                    lease.toMillis());
        });
        return incarnation;
    }

    static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not happen within a minute");
            }
            LockSupport.parkNanos(2_000_000);
        }
    }
}
