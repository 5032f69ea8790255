package dev.remit.store.identity;

import dev.remit.core.identity.Key;
import dev.remit.core.identity.Presented;
import dev.remit.core.identity.Presented.Why;
import dev.remit.core.identity.Principal;
import dev.remit.core.identity.Role;
import dev.remit.store.database.Database;
import dev.remit.store.database.DatabaseException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keys in PostgreSQL, as one node knows them. A key is found in memory; the node hears of every
/// revocation at once, and accepts none when it has heard nothing for a lease's time.
///
/// `docs/security.md` says what holds.
public final class PostgresKeys implements AutoCloseable {
    /// How long a node may go by what it knows.
    public static final Duration LEASE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(PostgresKeys.class);
    private static final int MOST = 100_000;

    private final Database database;
    private final UUID incarnation;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final KeyTable table;
    private final Freshness freshness;
    private final Revocation revocation;
    private final LastUse lastUse;
    private final RulesWatch watch;

    private PostgresKeys(
            Database database,
            UUID incarnation,
            InstantSource clock,
            RandomGenerator random,
            Duration lease) {
        this.database = database;
        this.incarnation = incarnation;
        this.clock = clock;
        this.random = random;
        this.table =
                new KeyTable(
                        id -> database.with(connection -> KeyRows.find(connection, id)),
                        System::nanoTime);
        this.freshness = new Freshness(lease);
        this.revocation = new Revocation(database, lease);
        this.lastUse = new LastUse(table);
        this.watch = new RulesWatch(database, incarnation, lease, table, freshness, lastUse::write);
    }

    /// @param incarnation of the node, which has joined the database
    /// @param random a secure one
    public static PostgresKeys join(
            Database database, UUID incarnation, InstantSource clock, RandomGenerator random) {
        return join(database, incarnation, clock, random, LEASE);
    }

    static PostgresKeys join(
            Database database,
            UUID incarnation,
            InstantSource clock,
            RandomGenerator random,
            Duration lease) {
        var keys = new PostgresKeys(database, incarnation, clock, random, lease);
        database.with(connection -> {
            keys.watch.start();
            return true;
        });
        return keys;
    }

    /// A key that was made.
    ///
    /// @param text the whole key; nobody can tell it again
    public record Made(StoredKey key, String text) {
        /// Without the secret.
        @Override
        public String toString() {
            return key.toString();
        }
    }

    /// Which keys are listed.
    ///
    /// @param team absent: of all
    /// @param agent absent: of all
    /// @param revoked those, too
    /// @param before place of the last of the page before
    public record Filter(
            @Nullable String team,
            @Nullable String agent,
            boolean revoked,
            @Nullable Long before) {}

    /// What is to be said of a key that was shown. Asks the database only about keys that this node
    /// has not heard of.
    ///
    /// @param shown whatever somebody sent
    public Presented find(String shown) {
        var text = KeyText.parse(shown);
        if (text == null) {
            return new Presented.Refused(Why.UNKNOWN);
        }
        if (!freshness.holds()) {
            return new Presented.Refused(Why.UNAVAILABLE); // and the database is not asked
        }
        try {
            return switch (table.find(text.id())) {
                case KeyTable.Found.None none -> new Presented.Refused(none.why());
                case KeyTable.Found.State found -> judged(found.state(), text);
            };
        } catch (DatabaseException e) {
            LOG.warn("a key cannot be looked up: {}", e.getMessage());
            return new Presented.Refused(Why.UNAVAILABLE);
        }
    }

    private Presented judged(KeyState state, KeyText text) {
        if (!state.matches(text)) {
            return new Presented.Refused(Why.UNKNOWN);
        }
        var now = clock.instant();
        if (state.key().isExpired(now)) {
            return new Presented.Refused(Why.EXPIRED);
        }
        if (!state.isLive()) {
            return new Presented.Refused(Why.REVOKED);
        }
        if (!freshness.holds()) {
            return new Presented.Refused(Why.UNAVAILABLE);
        }
        state.used(LastUse.hour(now));
        return new Presented.Accepted(state);
    }

    /// Makes a key. Its principal and its team are entered if they are new.
    ///
    /// @param by who makes it
    /// @throws TooManyKeys if there are as many as a node keeps in memory
    public Made create(NewKey wanted, Principal by) {
        var text = KeyText.fresh(random);
        return database.with(connection ->
                Sql.inTransaction(
                        connection, transaction -> insert(transaction, wanted, text, by)));
    }

    /// The first key, of the first administrator: only if there never was any.
    public Optional<Made> createFirst(String name, Principal principal) {
        var text = KeyText.fresh(random);
        var wanted =
                new NewKey(
                        name,
                        principal,
                        null,
                        null,
                        Set.of(),
                        Role.ADMIN.permissions(),
                        Key.Limits.NONE,
                        null);
        return database.with(connection ->
                Sql.inTransaction(
                        connection,
                        transaction -> {
                            Sql.update(
                                    transaction,
                                    "LOCK TABLE access_key IN SHARE ROW EXCLUSIVE MODE");
                            boolean any =
                                    !Sql.list(
                                                    transaction,
                                                    row -> true,
                                                    "SELECT FROM access_key LIMIT 1")
                                            .isEmpty();
                            return any
                                    ? Optional.empty()
                                    : Optional.of(insert(transaction, wanted, text, principal));
                        }));
    }

    private Made insert(Connection transaction, NewKey wanted, KeyText text, Principal by)
            throws SQLException {
        if (count(transaction) >= MOST) {
            throw new TooManyKeys(MOST);
        }
        Principals.enter(transaction, wanted.principal(), by);
        var team = wanted.team();
        if (team != null) {
            Teams.enter(transaction, team, by);
        }
        KeyRows.insert(transaction, wanted.with(text.id()), text.hash(), by.toString());
        Sql.first(
                transaction,
                row -> true,
                "SELECT pg_notify('" + RulesWatch.CHANNEL + "', ?)",
                text.id());
        var row = KeyRows.find(transaction, text.id()).orElseThrow();
        return new Made(row.stored(), text.reveal());
    }

    private static long count(Connection connection) throws SQLException {
        return Sql.first(
                        connection,
                        row -> row.getLong(1),
                        "SELECT count(*) FROM access_key WHERE revoked_at IS NULL")
                .orElse(0L);
    }

    /// The newest first.
    public List<StoredKey> list(Filter filter, int limit) {
        return database.with(connection -> KeyRows.list(connection, filter, limit));
    }

    public Optional<StoredKey> get(String id) {
        return database.with(connection -> KeyRows.find(connection, id)).map(KeyRows.Row::stored);
    }

    /// Takes a key back. When this returns, no node accepts it any more, and what used it was cut.
    /// Taking back a second time changes nothing.
    ///
    /// @return nothing if there is no such key
    public Optional<StoredKey> revoke(String id, Principal by) {
        return revocation.revoke(id, by.toString());
    }

    /// Takes back all keys of a principal, one after the other.
    ///
    /// @return how many there were
    public int revokeAll(Principal principal, Principal by) {
        var ids =
                database.with(connection ->
                        Sql.list(
                                connection,
                                row -> row.getString(1),
                                """
                                SELECT id FROM access_key
                                WHERE principal_kind = ? AND principal_name = ?
                                  AND revoked_at IS NULL
                                """,
                                KeyRows.word(principal.kind()),
                                principal.name()));
        ids.forEach(id -> revoke(id, by));
        return ids.size();
    }

    /// There are as many live keys as a node keeps in memory.
    public static final class TooManyKeys extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManyKeys(int most) {
            super("there are " + most + " live keys already; revoke those that nobody uses");
        }
    }

    /// Says that this node accepts no keys any more, so that nobody waits for it.
    @Override
    public void close() {
        watch.close();
        try {
            database.with(connection -> {
                lastUse.write(connection);
                return Sql.update(
                        connection, "DELETE FROM rules_seen WHERE incarnation = ?", incarnation);
            });
        } catch (DatabaseException e) {
            LOG.warn("could not say that keys are not accepted any more: {}", e.getMessage());
        }
    }
}
