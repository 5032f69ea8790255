package dev.remit.store.identity;

import static dev.remit.store.identity.Nodes.ADA;
import static dev.remit.store.identity.Nodes.BOT;
import static dev.remit.store.identity.Nodes.await;
import static dev.remit.store.identity.Nodes.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.identity.Key;
import dev.remit.core.identity.LiveKey;
import dev.remit.core.identity.Permission;
import dev.remit.core.identity.Presented;
import dev.remit.core.identity.Presented.Accepted;
import dev.remit.core.identity.Presented.Refused;
import dev.remit.core.identity.Presented.Why;
import dev.remit.core.identity.Role;
import dev.remit.core.secret.PatternRedactor;
import dev.remit.store.TestDatabases;
import dev.remit.store.database.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Keys on a real database, seen by two nodes.
class PostgresKeysTest {
    private static Database database;
    private static Nodes.Node one;
    private static Nodes.Node two;

    @BeforeAll
    static void open() {
        database = TestDatabases.fresh();
        one = Nodes.join(database, "one");
        two = Nodes.join(database, "two");
    }

    @AfterAll
    static void close() {
        two.close();
        one.close();
        database.close();
    }

    private static PostgresKeys.Made made() {
        return one.keys().create(wanted("growth"), ADA);
    }

    private static LiveKey accepted(PostgresKeys keys, String text) {
        return ((Accepted) keys.find(text)).key();
    }

    private static Presented refused(Why why) {
        return new Refused(why);
    }

    // ---- made and shown

    @Test
    void a_key_is_known_on_every_node_by_its_whole_text_alone() {
        var made = made();
        assertThat(made.text()).matches("rmt_[a-z2-7]{12}_[A-Za-z0-9_-]{43}");
        for (var node : List.of(one, two)) {
            assertThat(accepted(node.keys(), made.text()).key()).isEqualTo(made.key().key());
        }
        int secret = made.text().length() - 1;
        char last = made.text().charAt(secret) == 'A' ? 'B' : 'A';
        for (var wrong :
                List.of(
                        made.text().substring(0, secret) + last,
                        made.text().substring(0, secret),
                        made.text() + "A",
                        made.text().toUpperCase(java.util.Locale.ROOT),
                        made.key().key().id(),
                        "",
                        "rmt_" + "a".repeat(12) + "_" + "A".repeat(43),
                        "rmt_" + "\0".repeat(12) + "_" + "A".repeat(43),
                        "' OR 1=1 --")) {
            assertThat(two.keys().find(wrong)).as(wrong).isEqualTo(refused(Why.UNKNOWN));
        }
    }

    @Test
    void what_was_asked_for_is_what_the_key_stands_for() {
        var expires = Instant.parse("2126-11-21T12:00:00Z");
        var wanted =
                new NewKey(
                        "a name",
                        BOT,
                        "growth",
                        "writer",
                        Set.of("fast", "openai/gpt-5"),
                        Set.of(Permission.MODELS_USE, Permission.MONEY_READ),
                        new Key.Limits(1, 2, 3),
                        expires);
        var key = accepted(two.keys(), one.keys().create(wanted, ADA).text()).key();
        assertThat(key).isEqualTo(wanted.with(key.id()));
        var stored = one.keys().get(key.id()).orElseThrow();
        assertThat(stored.createdBy()).isEqualTo("person:ada@example.org");
        assertThat(stored.key()).isEqualTo(key);
    }

    @Test
    void the_secret_is_nowhere_in_the_database_nor_in_what_is_listed_or_printed() {
        var made = made();
        var secret = made.text().substring(made.text().length() - 43);
        one.keys().find(made.text());
        var everything = everything();
        assertThat(everything).contains(made.key().key().id()).doesNotContain(secret);
        assertThat(made + " " + KeyText.parse(made.text())).doesNotContain(secret);
        assertThat(one.keys().list(all(), 1000).toString()).doesNotContain(secret);
        var redactor = new PatternRedactor(Set::of);
        assertThat(redactor.redact("it said " + made.text() + "."))
                .isEqualTo("it said [redacted:remit-key].");
    }

    private static PostgresKeys.Filter all() {
        return new PostgresKeys.Filter(null, null, true, null);
    }

    /// Every row of every table as text.
    private static String everything() {
        return database.with(connection -> {
            var text = new StringBuilder();
            for (var table :
                    Sql.list(
                            connection,
                            row -> row.getString(1),
                            "SELECT tablename FROM pg_tables WHERE schemaname = 'remit'")) {
                Sql.list(
                                connection,
                                row -> row.getString(1),
                                "SELECT to_jsonb(t)::text FROM remit." + table + " t")
                        .forEach(row -> text.append(row).append('\n'));
            }
            return text.toString();
        });
    }

    @Test
    void keys_are_listed_newest_first_by_team_and_page() {
        var team = "listed";
        var ids = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            ids.addFirst(one.keys().create(wanted(team), ADA).key().key().id());
        }
        one.keys().revoke(ids.getFirst(), ADA);
        var withRevoked = new PostgresKeys.Filter(team, null, true, null);
        assertThat(ids(one.keys().list(withRevoked, 10))).isEqualTo(ids);
        var live = one.keys().list(new PostgresKeys.Filter(team, null, false, null), 1);
        assertThat(ids(live)).containsExactly(ids.get(1));
        var next = new PostgresKeys.Filter(team, null, false, live.getFirst().place());
        assertThat(ids(one.keys().list(next, 10))).containsExactly(ids.get(2));
        assertThat(new PostgresDirectory(database).team(team).orElseThrow().keys()).isEqualTo(2);
    }

    private static List<String> ids(List<StoredKey> keys) {
        return keys.stream().map(stored -> stored.key().id()).toList();
    }

    @Test
    void an_expired_key_is_refused() {
        var wanted = wanted("growth");
        var made =
                one.keys()
                        .create(
                                new NewKey(
                                        wanted.name(),
                                        wanted.principal(),
                                        wanted.team(),
                                        null,
                                        Set.of(),
                                        wanted.permissions(),
                                        wanted.limits(),
                                        Instant.now().minusSeconds(1)),
                                ADA);
        assertThat(two.keys().find(made.text())).isEqualTo(refused(Why.EXPIRED));
    }

    @Test
    void the_hour_of_the_last_use_is_written_down() {
        var made = made();
        two.keys().find(made.text());
        await(() -> one.keys().get(made.key().key().id()).orElseThrow().lastUsed() != null);
        var used = one.keys().get(made.key().key().id()).orElseThrow().lastUsed();
        assertThat(used).isBeforeOrEqualTo(Instant.now());
        assertThat(used.getEpochSecond() % 3600).isZero();
    }

    // ---- revoked

    @Test
    void once_revoked_a_key_is_refused_on_every_node_and_what_used_it_was_cut() {
        var made = made();
        var id = made.key().key().id();
        var cut = new AtomicInteger();
        var streams = List.of(accepted(one.keys(), made.text()), accepted(two.keys(), made.text()));
        streams.forEach(stream -> stream.onRevoked(cut::incrementAndGet));
        streams.getFirst().onRevoked(() -> cut.addAndGet(100)).close();

        var revoked = one.keys().revoke(id, ADA).orElseThrow();

        assertThat(cut).as("cut before it returned, but for the one that was over").hasValue(2);
        assertThat(streams).noneMatch(LiveKey::isLive);
        for (var node : List.of(one, two)) {
            assertThat(node.keys().find(made.text())).isEqualTo(refused(Why.REVOKED));
            assertThat(node.keys().find(made.text().substring(0, 59) + "?"))
                    .isEqualTo(refused(Why.UNKNOWN));
        }
        assertThat(revoked.revokedAt()).isNotNull();
        assertThat(revoked.revokedBy()).isEqualTo(ADA.toString());
        streams.getLast().onRevoked(cut::incrementAndGet);
        assertThat(cut).as("who comes too late is cut at once").hasValue(3);
    }

    @Test
    void revoking_again_changes_nothing_and_revoking_nothing_says_so() {
        var id = made().key().key().id();
        var first = one.keys().revoke(id, ADA);
        assertThat(two.keys().revoke(id, BOT)).isEqualTo(first);
        assertThat(one.keys().revoke("nosuchkey234", ADA)).isEqualTo(Optional.empty());
    }

    @Test
    void a_revocation_changes_the_rules_at_every_gate() {
        var before = rules();
        one.keys().revoke(made().key().key().id(), ADA);
        assertThat(rules()).isGreaterThan(before);
        var behind =
                database.with(connection ->
                        Sql.list(
                                connection,
                                row -> row.getLong(1),
                                """
                                SELECT g.id FROM gate g, rules r WHERE g.rules < r.version
                                """));
        assertThat(behind).isEmpty();
    }

    private static long rules() {
        return database.with(connection ->
                Sql.first(connection, row -> row.getLong(1), "SELECT version FROM rules")
                        .orElseThrow());
    }

    @Test
    void a_revocation_returns_only_when_every_living_node_knows_of_it() throws Exception {
        var made = made();
        var id = made.key().key().id();
        var silent = Nodes.silent(database, Duration.ofMinutes(10));
        var done = CompletableFuture.supplyAsync(() -> one.keys().revoke(id, ADA));
        await(() -> one.keys().get(id).orElseThrow().revokedAt() != null);
        await(() -> two.keys().find(made.text()).equals(refused(Why.REVOKED)));
        assertThat(done.isDone()).isFalse();
        database.with(connection ->
                Sql.update(
                        connection,
                        """
                        UPDATE rules_seen SET rules = (SELECT version FROM rules)
                        WHERE incarnation = ?
                        """,
                        silent));
        assertThat(done.get(30, TimeUnit.SECONDS)).isPresent();
        database.with(connection ->
                Sql.update(connection, "DELETE FROM node WHERE incarnation = ?", silent));
    }

    @Test
    void a_node_that_says_nothing_is_waited_for_no_longer_than_its_lease() {
        var own = TestDatabases.fresh();
        try (var node = Nodes.join(own, "patient", Duration.ofMillis(1500))) {
            var made = node.keys().create(wanted("growth"), ADA);
            Nodes.silent(own, Duration.ofMinutes(10));
            long began = System.nanoTime();
            assertThat(node.keys().revoke(made.key().key().id(), ADA)).isPresent();
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(1500));
        } finally {
            own.close();
        }
    }

    @Test
    void many_keys_revoked_at_once_from_both_nodes_are_all_refused() throws Exception {
        var made = IntStream.range(0, 20).mapToObj(i -> made()).toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var work =
                    IntStream.range(0, 40)
                            .<Callable<Boolean>>mapToObj(i ->
                                    () -> {
                                        var keys = i % 2 == 0 ? one.keys() : two.keys();
                                        var text = made.get(i / 2).text();
                                        keys.revoke(made.get(i / 2).key().key().id(), ADA);
                                        return one.keys().find(text) instanceof Refused
                                                && two.keys().find(text) instanceof Refused;
                                    })
                            .toList();
            for (var done : threads.invokeAll(work)) {
                assertThat(done.get()).isTrue();
            }
        }
    }

    @Test
    void a_node_that_cannot_reach_the_database_for_its_lease_accepts_no_keys() {
        var own = TestDatabases.fresh();
        try (var node = Nodes.join(own, "cut off", Duration.ofSeconds(2))) {
            var made = node.keys().create(wanted("growth"), ADA);
            await(() -> node.keys().find(made.text()) instanceof Accepted);
            allowConnections(own, false);
            await(() -> node.keys().find(made.text()).equals(refused(Why.UNAVAILABLE)));
            allowConnections(own, true);
            await(() -> node.keys().find(made.text()) instanceof Accepted);
        } finally {
            own.close();
        }
    }

    private static void allowConnections(Database target, boolean allowed) {
        var name = target.address().database();
        database.with(connection -> {
            Sql.update(connection, "ALTER DATABASE \"" + name + "\" ALLOW_CONNECTIONS " + allowed);
            return Sql.list(
                    connection,
                    row -> true,
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ?",
                    allowed ? "" : name);
        });
    }

    @Test
    void a_fenced_node_accepts_no_keys() {
        var made = made();
        try (var three = Nodes.join(database, "three")) {
            assertThat(three.keys().find(made.text())).isInstanceOf(Accepted.class);
            database.with(connection ->
                    Sql.update(
                            connection,
                            "UPDATE node SET fenced = true WHERE incarnation = ?",
                            three.log().node().incarnation()));
            await(() -> three.keys().find(made.text()).equals(refused(Why.UNAVAILABLE)));
        }
    }

    // ---- the first key, principals, roles

    @Test
    void the_first_key_is_made_once_whoever_asks() throws Exception {
        var own = TestDatabases.fresh();
        try (var node = Nodes.join(own, "first");
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var work =
                    IntStream.range(0, 8)
                            .<Callable<Optional<PostgresKeys.Made>>>mapToObj(
                                    i -> () -> node.keys().createFirst("first", ADA))
                            .toList();
            int made = 0;
            for (var done : threads.invokeAll(work)) {
                made += done.get().isPresent() ? 1 : 0;
            }
            assertThat(made).isEqualTo(1);
            var key = node.keys().list(all(), 10).getFirst().key();
            assertThat(key.permissions()).containsExactlyInAnyOrder(Permission.values());
            node.keys().revoke(key.id(), ADA);
            assertThat(node.keys().createFirst("again", ADA)).isEmpty();
        } finally {
            own.close();
        }
    }

    @Test
    void roles_give_permissions_over_the_organisation_or_one_team() {
        var directory = new PostgresDirectory(database);
        var roles =
                Set.of(new HeldRole(Role.VIEWER, null), new HeldRole(Role.FINANCE, "accounting"));
        directory.putPrincipal(ADA, roles, BOT);
        assertThat(directory.permissions(ADA, null)).isEqualTo(Role.VIEWER.permissions());
        assertThat(directory.permissions(ADA, "growth")).isEqualTo(Role.VIEWER.permissions());
        assertThat(directory.permissions(ADA, "accounting"))
                .containsAll(Role.VIEWER.permissions())
                .containsAll(Role.FINANCE.permissions());
        directory.putPrincipal(ADA, Set.of(), BOT);
        assertThat(directory.permissions(ADA, "accounting")).isEmpty();
        assertThat(directory.principals(null, 10))
                .extracting(known -> known.principal())
                .contains(ADA);
    }

    @Test
    void all_keys_of_a_principal_are_revoked_together() {
        var wanted = wanted("growth");
        var eve = new dev.remit.core.identity.Principal(BOT.kind(), "eve");
        var hers =
                new NewKey(
                        "hers",
                        eve,
                        null,
                        null,
                        Set.of(),
                        wanted.permissions(),
                        wanted.limits(),
                        null);
        var texts =
                List.of(one.keys().create(hers, ADA).text(), two.keys().create(hers, ADA).text());
        var others = made();
        assertThat(two.keys().revokeAll(eve, ADA)).isEqualTo(2);
        for (var text : texts) {
            assertThat(one.keys().find(text)).isEqualTo(refused(Why.REVOKED));
        }
        assertThat(one.keys().find(others.text())).isInstanceOf(Accepted.class);
    }
}
