package dev.remit.store.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.identity.ActionId;
import dev.remit.core.session.SessionLog.Accepted;
import dev.remit.core.session.SessionLog.Answer;
import dev.remit.core.session.SessionLog.Append;
import dev.remit.core.session.SessionLog.Outgoing;
import dev.remit.core.session.SessionLog.Then;
import dev.remit.core.tool.Ended;
import dev.remit.store.TestDatabases;
import dev.remit.store.database.Database;
import dev.remit.store.session.Relay.Break;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Connections that are lost in the middle of an append.
class UnknownTest {
    private static final String WORD = "cut-me-here";

    private static Database direct;
    private Relay relay;
    private Database database;
    private PostgresSessionLog log;

    @BeforeAll
    static void open() {
        direct = TestDatabases.fresh();
    }

    @AfterAll
    static void close() {
        direct.close();
    }

    @BeforeEach
    void join() throws Exception {
        relay = new Relay(direct.address(), WORD);
        database = Database.open(relay.address());
        log = PostgresSessionLog.join(database, "here", true);
    }

    @AfterEach
    void leave() throws Exception {
        log.close();
        database.close();
        relay.close();
    }

    @Test
    void an_append_whose_answer_is_lost_is_unknown_and_found_after_a_claim() {
        var id = Sample.open(log);
        var append = Sample.keep(log, Sample.claim(log, id), 1, Sample.started(1, WORD));
        relay.breakNext(Break.BEFORE_THE_ANSWER);
        assertThat(log.append(append)).isInstanceOf(Answer.Unknown.class);
        Sample.claim(log, id);
        assertThat(log.load(id).state().seq()).isEqualTo(2);
        assertThat(log.append(append)).isEqualTo(new Answer.Stale());
    }

    @Test
    void an_append_that_is_lost_on_the_way_is_unknown_and_not_there_after_a_claim() {
        var id = Sample.open(log);
        var append = Sample.keep(log, Sample.claim(log, id), 1, Sample.started(1, WORD));
        relay.breakNext(Break.BEFORE_THE_SERVER);
        assertThat(log.append(append)).isInstanceOf(Answer.Unknown.class);
        var fence = Sample.claim(log, id);
        assertThat(log.load(id).state().seq()).isEqualTo(1);
        assertThat(log.append(Sample.keep(log, fence, 1, Sample.started(1, "again"))))
                .isInstanceOf(Answer.Appended.class);
    }

    /// The history that breaks who reads the log without a claim: it is not there, and then it is.
    @Test
    void an_append_that_arrives_after_the_claim_changes_nothing() throws Exception {
        var id = Sample.open(log);
        var append = Sample.keep(log, Sample.claim(log, id), 1, Sample.started(1, WORD));
        relay.breakNext(Break.LATE);
        assertThat(log.append(append)).isInstanceOf(Answer.Unknown.class);
        var fence = Sample.claim(log, id);
        assertThat(log.load(id).state().seq()).isEqualTo(1);
        relay.deliver();
        assertThat(log.load(id).state().seq()).isEqualTo(1);
        assertThat(log.append(Sample.keep(log, fence, 1, Sample.started(1, "again"))))
                .isInstanceOf(Answer.Appended.class);
    }

    @Test
    void an_append_that_arrives_late_and_unclaimed_lands() throws Exception {
        var id = Sample.open(log);
        var append = Sample.keep(log, Sample.claim(log, id), 1, Sample.started(1, WORD));
        relay.breakNext(Break.LATE);
        assertThat(log.append(append)).isInstanceOf(Answer.Unknown.class);
        assertThat(log.load(id).state().seq())
                .as("a blind look says that it is not there")
                .isEqualTo(1);
        relay.deliver();
        assertThat(log.load(id).state().seq()).as("and then it is").isEqualTo(2);
    }

    @Test
    void what_goes_out_shares_the_fate_of_its_append() {
        var id = Sample.open(log);
        var child = Sample.opening();
        var append = outgoing(id, child);
        relay.breakNext(Break.BEFORE_THE_SERVER);
        assertThat(log.append(append))
                .as("never committed, so tried again")
                .isInstanceOf(Answer.Appended.class);
        assertThat(log.load(child.id()).state().seq()).isEqualTo(1);
        assertThat(log.load(id).state().seq()).isEqualTo(2);
    }

    private Append outgoing(
            dev.remit.core.identity.SessionId id, dev.remit.core.session.SessionLog.Opening child) {
        return Sample.append(
                log,
                Sample.claim(log, id),
                1,
                new Then.Keep(),
                List.of(new Outgoing.Open(child)),
                Sample.started(1, WORD));
    }

    @Test
    void a_new_session_whose_answer_is_lost_is_found_again() {
        var key = new dev.remit.core.session.SessionLog.IdempotencyKey("me", WORD, "request");
        log.take(Instant.now(), 1000); // nobody is to stand before it
        relay.breakNext(Break.BEFORE_THE_ANSWER);
        var first = Sample.opening(key);
        var begun = log.begin(first, true);
        assertThat(begun.accepted()).isEqualTo(new Accepted.New(first.id()));
        assertThat(begun.mine()).as("nobody knows").isNull();
        assertThat(log.held()).as("but the log").contains(first.id());
        assertThat(log.open(Sample.opening(key))).isEqualTo(new Accepted.Existing(first.id()));
    }

    @Test
    void an_end_that_cannot_be_kept_now_is_remembered_and_kept_when_the_database_answers()
            throws Exception {
        var id = Sample.open(log);
        var action = new ActionId("1.0");
        var end = new Ended.Unknown("the driver knew");
        relay.cut();
        log.keep(id, action, 1, end);
        assertThat(log.kept(id, action, 1)).as("its node knows it at once").contains(end);
        relay.heal();
        try (var peer = PostgresSessionLog.join(direct, "peer", false)) {
            long last = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (peer.kept(id, action, 1).isEmpty()) {
                assertThat(System.nanoTime()).as("the others know it soon").isLessThan(last);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
            assertThat(peer.kept(id, action, 1)).contains(end);
        }
    }

    @Test
    void a_new_session_that_was_never_stored_is_stored_by_another_attempt() {
        var key = new dev.remit.core.session.SessionLog.IdempotencyKey("you", WORD, "new");
        relay.breakNext(Break.BEFORE_THE_SERVER);
        var first = Sample.opening(key);
        assertThat(log.open(first)).isEqualTo(new Accepted.New(first.id()));
        assertThat(log.load(first.id()).state().seq()).isEqualTo(1);
    }
}
