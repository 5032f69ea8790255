package dev.remit.store.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.identity.SessionId;
import dev.remit.core.session.Event;
import dev.remit.core.session.Mail;
import dev.remit.core.session.SessionLog.Accepted;
import dev.remit.core.session.SessionLog.Forking;
import dev.remit.core.session.SessionLog.IdempotencyKey;
import dev.remit.store.TestDatabases;
import dev.remit.store.database.Database;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Sessions made of other ones, in a real PostgreSQL.
class ForkTest {
    private static Database database;
    private PostgresSessionLog log;

    @BeforeAll
    static void open() {
        database = TestDatabases.fresh();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void join() {
        log = PostgresSessionLog.join(database, "here", true);
    }

    @AfterEach
    void leave() {
        log.close();
    }

    private static Forking forking(
            SessionId from, long at, boolean rewind, @Nullable IdempotencyKey key) {
        var forked =
                new Event.Forked(
                        from,
                        at,
                        List.of(Sample.PERSON),
                        null,
                        null,
                        Sample.content("m".repeat(3000)),
                        rewind);
        return new Forking(
                from, at, Sample.id(), Sample.AGENT, forked, List.of(), Instant.now(), key);
    }

    private SessionId withEvents(int events) {
        var id = Sample.open(log);
        var fence = Sample.claim(log, id);
        for (int i = 0; i < events; i++) {
            log.append(Sample.keep(log, fence, i + 1, Sample.started(i, "x".repeat(2000) + i)));
        }
        return id;
    }

    @Test
    void a_fork_has_the_events_and_the_contents_up_to_its_place_and_is_ready() {
        var id = withEvents(10);
        var forking = forking(id, 6, false, null);
        assertThat(log.fork(forking)).isEqualTo(new Accepted.New(forking.id()));
        var copied = log.events(forking.id(), 0, 100);
        assertThat(copied).hasSize(7);
        assertThat(copied.getLast().event()).isEqualTo(forking.forked());
        var original = log.events(id, 0, 100);
        for (int i = 0; i < 6; i++) {
            assertThat(copied.get(i).event()).isEqualTo(original.get(i).event());
            assertThat(copied.get(i).at()).isEqualTo(original.get(i).at());
        }
        assertThat(original).as("the original stays").hasSize(11);
        assertThat(log.ready(Instant.now(), 100)).contains(forking.id());
        var fence = Sample.claim(log, forking.id());
        assertThat(log.load(forking.id()).state().actions()).as("nothing is open").isEmpty();
        assertThat(log.append(Sample.keep(log, fence, 7, Sample.started(1, "on"))).toString())
                .contains("Appended");
    }

    @Test
    void the_same_key_forks_once() {
        var id = withEvents(2);
        var key = new IdempotencyKey("person:local", "k" + id, "r");
        var first = (Accepted.New) log.fork(forking(id, 2, false, key));
        assertThat(log.fork(forking(id, 2, false, key)))
                .isEqualTo(new Accepted.Existing(first.id()));
        var other = new IdempotencyKey("person:local", "k" + id, "another");
        assertThat(log.fork(forking(id, 2, false, other)))
                .isEqualTo(new Accepted.Conflict(first.id()));
        assertThat(log.queries().forks(id)).hasSize(1);
    }

    @Test
    void what_is_not_there_cannot_be_forked() {
        var id = withEvents(1);
        assertThatThrownBy(() -> log.fork(forking(id, 3, false, null)))
                .isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> log.fork(forking(Sample.id(), 1, false, null)))
                .isInstanceOf(NoSuchElementException.class);
        assertThat(log.queries().forks(id)).isEmpty();
    }

    @Test
    void a_rewound_session_is_marked_and_told_to_cancel_in_the_same_transaction() {
        var id = withEvents(3);
        var forking = forking(id, 2, true, null);
        log.fork(forking);
        assertThat(log.mail(id, 0).getFirst().mail())
                .isInstanceOfSatisfying(
                        Mail.Cancel.class,
                        cancel -> assertThat(cancel.why()).contains(forking.id().toString()));
        assertThat(log.queries().forks(id).getFirst().rewind()).isTrue();
        assertThat(log.queries().origin(forking.id()).orElseThrow().origin()).isEqualTo(id);
    }

    @Test
    void a_session_is_forked_while_it_runs() {
        var id = Sample.open(log);
        var fence = Sample.claim(log, id);
        var forks = new ArrayList<CompletableFuture<Accepted>>();
        for (int i = 1; i <= 100; i++) {
            log.append(Sample.keep(log, fence, i, Sample.started(i, "x".repeat(2000) + i)));
            long at = i;
            forks.add(CompletableFuture.supplyAsync(() -> log.fork(forking(id, at, false, null))));
        }
        for (int i = 0; i < forks.size(); i++) {
            var fork = ((Accepted.New) forks.get(i).join()).id();
            assertThat(log.load(fork).state().seq()).isEqualTo(i + 2);
        }
        assertThat(log.load(id).state().seq()).isEqualTo(101);
    }

    @Test
    void why_a_driver_failed_is_kept_with_how_often() {
        var id = withEvents(1);
        assertThat(log.failure(id)).isEmpty();
        log.failed(id, "first");
        log.failed(id, "second");
        var failure = log.failure(id).orElseThrow();
        assertThat(failure.what()).isEqualTo("second");
        assertThat(failure.times()).isEqualTo(2);
        assertThat(failure.node()).isEqualTo("here");
    }
}
