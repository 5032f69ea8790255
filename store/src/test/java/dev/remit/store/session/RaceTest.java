package dev.remit.store.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.identity.SessionId;
import dev.remit.core.session.Event;
import dev.remit.core.session.SessionLog.Answer;
import dev.remit.core.session.SessionLog.Append;
import dev.remit.core.session.SessionLog.Claim;
import dev.remit.core.session.SessionLog.Outgoing;
import dev.remit.core.session.SessionLog.Then;
import dev.remit.core.session.Waiting;
import dev.remit.store.TestDatabases;
import dev.remit.store.database.Database;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The races that break weaker statements, brought about by holding a lock at the worst moment.
/// Each comes twice: what the log does, and what a naive statement does in the same race, so that
/// the test is known to see the difference.
class RaceTest {
    private static Database database;
    private PostgresSessionLog log;
    private Sql sql;

    @BeforeAll
    static void open() {
        database = TestDatabases.fresh();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void join() throws SQLException {
        log = PostgresSessionLog.join(database, "here", true);
        sql = new Sql(database);
    }

    @AfterEach
    void leave() throws SQLException {
        sql.close();
        log.close();
    }

    private static <T> Future<T> meanwhile(Callable<T> work) {
        var result = new CompletableFuture<T>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        result.complete(work.call());
                    } catch (Exception e) {
                        result.completeExceptionally(e);
                    }
                });
        return result;
    }

    @Nested
    class A_takeover_while_the_former_writer_appends {
        private SessionId id;

        /// Another node takes the session; not committed yet.
        private void takeOver() throws SQLException {
            sql.begin()
                    .update(
                            "UPDATE session SET epoch = epoch + 1, owner = ? WHERE id = ?",
                            UUID.randomUUID(),
                            id.uuid());
        }

        @Test
        void the_append_is_stale_and_nothing_is_written() throws Exception {
            id = Sample.open(log);
            var fence = Sample.claim(log, id);
            for (var append :
                    List.of(
                            Sample.keep(log, fence, 1, Sample.started(1, "a")),
                            Sample.park(log, fence, 1, 0, new Event.Idled(new Waiting.Message())),
                            Sample.append(
                                    log,
                                    fence,
                                    1,
                                    new Then.Keep(),
                                    List.of(new Outgoing.Open(Sample.opening())),
                                    Sample.started(1, "a")),
                            Sample.append(
                                    log,
                                    fence,
                                    1,
                                    new Then.End(Long.MAX_VALUE),
                                    List.of(),
                                    Sample.closed()))) {
                sql.begin()
                        .update(
                                "UPDATE session SET epoch = 1, owner = ? WHERE id = ?",
                                UUID.fromString(fence.incarnation()),
                                id.uuid());
                sql.commit();
                takeOver();
                var answer = meanwhile(() -> log.append(append));
                sql.awaitBlocked(1);
                sql.commit();
                assertThat(answer.get()).isEqualTo(new Answer.Stale());
            }
            assertThat(log.events(id, 0, 10)).hasSize(1);
        }

        @Test
        void an_insert_from_a_row_that_was_only_read_lets_the_former_writer_write()
                throws Exception {
            id = Sample.open(log);
            Sample.claim(log, id);
            takeOver();
            try (var zombie = new Sql(database)) {
                int written =
                        zombie.update(
                                """
                                INSERT INTO event (session, seq, epoch, at, version, body)
                                SELECT id, head + 1, epoch, 0, 1, '{}' FROM session
                                WHERE id = ? AND epoch = 1 AND head = 1
                                """,
                                id.uuid());
                sql.commit();
                assertThat(written)
                        .as("naive: the zombie wrote after the takeover began")
                        .isEqualTo(1);
            }
        }

        @Test
        void a_batch_leaves_the_session_out_and_appends_to_the_others() throws Exception {
            id = Sample.open(log);
            var other = Sample.open(log);
            var stale =
                    Request.of(Sample.keep(log, Sample.claim(log, id), 1, Sample.started(1, "a")));
            var good =
                    Request.of(
                            Sample.keep(log, Sample.claim(log, other), 1, Sample.started(1, "a")));
            takeOver();
            try (var writer = new Writer(database, log.node())) {
                assertThat(BatchAppend.execute(writer, List.of(stale, good)))
                        .satisfiesExactly(
                                a -> assertThat(a).isEqualTo(new Answer.Busy()),
                                a -> assertThat(a).isInstanceOf(Answer.Appended.class));
                sql.commit();
                assertThat(BatchAppend.execute(writer, List.of(stale, good)))
                        .containsOnly(new Answer.Stale());
            }
        }
    }

    @Nested
    class Two_claims_of_one_session {
        @Test
        void only_one_wins_when_the_owner_is_dead() throws Exception {
            var id = Sample.open(log);
            Sample.claim(log, id);
            log.close();
            var one = PostgresSessionLog.join(database, "one", true);
            var two = PostgresSessionLog.join(database, "two", true);
            sql.begin().column("SELECT id::text FROM session WHERE id = ? FOR UPDATE", id.uuid());
            var first = meanwhile(() -> one.claim(id));
            var second = meanwhile(() -> two.claim(id));
            sql.awaitBlocked(2);
            sql.commit();
            assertThat(List.of(first.get(), second.get()))
                    .filteredOn(c -> c instanceof Claim.Claimed)
                    .hasSize(1);
            one.close();
            two.close();
        }

        @Test
        void a_claim_that_only_asks_whether_the_owner_lives_has_two_winners() throws Exception {
            var id = Sample.open(log);
            Sample.claim(log, id);
            var one = UUID.randomUUID();
            var two = UUID.randomUUID();
            sql.update(
                    "INSERT INTO node (incarnation, name, lease) VALUES (?, 'one', now() + interval '1 h'), (?, 'two', now() + interval '1 h')",
                    one,
                    two);
            sql.update(
                    "UPDATE node SET fenced = true WHERE incarnation = ?",
                    log.node().incarnation());
            var naive =
                    """
                    UPDATE session s SET epoch = s.epoch + 1, owner = ?
                    WHERE s.id = ? AND NOT EXISTS (
                        SELECT FROM node n WHERE n.incarnation = s.owner AND NOT n.fenced)
                    """;
            try (var first = new Sql(database);
                    var second = new Sql(database)) {
                sql.begin()
                        .column("SELECT id::text FROM session WHERE id = ? FOR UPDATE", id.uuid());
                var a = meanwhile(() -> first.update(naive, one, id.uuid()));
                var b = meanwhile(() -> second.update(naive, two, id.uuid()));
                sql.awaitBlocked(2);
                sql.commit();
                assertThat(a.get() + b.get()).as("naive: winners").isEqualTo(2);
            }
        }
    }

    @Nested
    class Mail_that_comes_while_a_driver_parks {
        @Test
        void keeps_it_awake() throws Exception {
            var id = Sample.open(log);
            var fence = Sample.claim(log, id);
            sql.begin().update("UPDATE session SET mail = mail + 1 WHERE id = ?", id.uuid());
            sql.update(
                    "INSERT INTO inbox (session, position, body) VALUES (?, 1, '{}')", id.uuid());
            var parking =
                    meanwhile(() ->
                            log.append(
                                    Sample.park(
                                            log,
                                            fence,
                                            1,
                                            0,
                                            new Event.Idled(new Waiting.Message()))));
            sql.awaitBlocked(1);
            sql.commit();
            assertThat(((Answer.Appended) parking.get()).parked()).isFalse();
        }

        @Test
        void is_slept_on_by_who_only_looks_for_unread_mail() throws Exception {
            var id = Sample.open(log);
            Sample.claim(log, id);
            sql.begin()
                    .update(
                            "UPDATE session SET ready_at = CASE WHEN owner IS NULL THEN now() END WHERE id = ?",
                            id.uuid());
            sql.update(
                    "INSERT INTO inbox (session, position, body) VALUES (?, 1, '{}')", id.uuid());
            try (var driver = new Sql(database)) {
                var parking =
                        meanwhile(() ->
                                driver.update(
                                        """
                                        UPDATE session SET owner = NULL WHERE id = ? AND NOT EXISTS (
                                            SELECT FROM inbox WHERE session = ? AND position > 0)
                                        """,
                                        id.uuid(),
                                        id.uuid()));
                sql.awaitBlocked(1);
                sql.commit();
                assertThat(parking.get()).as("naive: parked on unread mail").isEqualTo(1);
                assertThat(log.ready(java.time.Instant.now(), 10)).doesNotContain(id);
            }
        }
    }

    @Nested
    class A_change_of_rules_while_an_append_is_under_way {
        private Append append(SessionId id) {
            return Sample.keep(log, Sample.claim(log, id), 1, Sample.started(1, "a"));
        }

        @Test
        void refuses_every_append_that_was_decided_before() throws Exception {
            var append = append(Sample.open(log));
            sql.begin().update("UPDATE rules SET version = version + 1");
            sql.update("UPDATE gate SET rules = (SELECT version FROM rules)");
            var answer = meanwhile(() -> log.append(append));
            sql.awaitBlocked(1);
            sql.commit();
            assertThat(answer.get()).isEqualTo(new Answer.RulesChanged(append.rules() + 1));
        }

        @Test
        void also_one_that_goes_through_a_connection_that_is_opened_meanwhile() throws Exception {
            var append = append(Sample.open(log));
            sql.begin().update("UPDATE rules SET version = version + 1");
            sql.update("UPDATE gate SET rules = (SELECT version FROM rules)");
            try (var writer = new Writer(database, log.node())) {
                var answer = meanwhile(() -> SingleAppend.execute(writer, Request.of(append)));
                sql.awaitBlocked(1);
                sql.commit();
                assertThat(answer.get()).isEqualTo(new Answer.RulesChanged(append.rules() + 1));
            }
        }

        @Test
        void leaks_past_who_only_asks_whether_there_is_a_kill() throws Exception {
            var id = Sample.open(log);
            var append = append(id);
            sql.update("CREATE TABLE naive_kill (scope text)");
            try (var driver = new Sql(database)) {
                // The append holds nothing that the kill waits for: the kill is committed first.
                driver.begin()
                        .update(
                                "UPDATE session SET head = head + 1 WHERE id = ? AND NOT EXISTS (SELECT FROM naive_kill)",
                                id.uuid());
                sql.update("INSERT INTO naive_kill VALUES ('all')");
                assertThat(sql.column("SELECT scope FROM naive_kill")).hasSize(1);
                driver.commit();
            }
            assertThat(sql.column("SELECT head::text FROM session WHERE id = ?", id.uuid()))
                    .as("naive: appended after the kill was acknowledged")
                    .containsExactly("" + (append.head() + 1));
        }
    }

    @Test
    void fencing_waits_for_an_append_that_is_under_way_and_refuses_the_next() throws Exception {
        var id = Sample.open(log);
        var fence = Sample.claim(log, id);
        sql.begin()
                .column(
                        "SELECT id::text FROM gate WHERE incarnation = ? FOR SHARE",
                        log.node().incarnation());
        try (var peer = database.connect("peer", java.util.Map.of())) {
            var fencing =
                    meanwhile(
                            () -> Fencing.fence(peer, log.node().incarnation(), Fencing.Why.KNOWN));
            sql.awaitBlocked(1);
            assertThat(fencing.isDone()).isFalse();
            sql.commit();
            assertThat(fencing.get()).isTrue();
        }
        assertThat(log.append(Sample.keep(log, fence, 1, Sample.started(1, "a"))))
                .isIn(new Answer.Stale(), new Answer.Busy());
        assertThat(log.append(Sample.keep(log, fence, 1, Sample.started(1, "a"))))
                .isEqualTo(new Answer.Stale());
        assertThat(log.claim(id)).isInstanceOf(Claim.Refused.class);
        assertThat(log.events(id, 0, 10)).hasSize(1);
    }

    @Test
    void two_of_one_session_in_one_statement_would_lose_one() throws Exception {
        var id = Sample.open(log);
        var fence = Sample.claim(log, id);
        var one = Request.of(Sample.keep(log, fence, 1, Sample.started(1, "a")));
        var two = Request.of(Sample.keep(log, fence, 1, Sample.started(2, "b")));
        try (var writer = new Writer(database, log.node())) {
            assertThatBatchFailsOrDrops(writer, List.of(one, two));
        }
        var answers =
                List.of(
                        meanwhile(() -> log.append(one.append())),
                        meanwhile(() -> log.append(two.append())));
        for (var answer : answers) {
            assertThat(answer.get()).isInstanceOfAny(Answer.Appended.class, Answer.Stale.class);
        }
        assertThat(log.load(id).state().seq()).isEqualTo(2);
    }

    /// Which is why a batch takes each session once.
    private static void assertThatBatchFailsOrDrops(Writer writer, List<Request> requests) {
        try {
            var answers = BatchAppend.execute(writer, requests);
            assertThat(answers).isNotEqualTo(null);
        } catch (SQLException e) {
            assertThat(SqlFailure.of(e)).isEqualTo(SqlFailure.REFUSED);
        }
    }
}
