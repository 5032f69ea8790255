package dev.remit.store.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.SessionId;
import dev.remit.core.session.Event;
import dev.remit.core.session.LogCodec;
import dev.remit.core.session.Mail;
import dev.remit.core.session.Outcome;
import dev.remit.core.session.Recorded;
import dev.remit.core.session.SessionLog.Accepted;
import dev.remit.core.session.SessionLog.Answer;
import dev.remit.core.session.SessionLog.Claim;
import dev.remit.core.session.SessionLog.Delivered;
import dev.remit.core.session.SessionLog.IdempotencyKey;
import dev.remit.core.session.SessionLog.Outgoing;
import dev.remit.core.session.SessionLog.Then;
import dev.remit.core.session.State;
import dev.remit.core.session.StopReason;
import dev.remit.core.session.Waiting;
import dev.remit.core.tool.Ended;
import dev.remit.store.TestDatabases;
import dev.remit.store.database.Database;
import dev.remit.store.session.SessionQueries.Filter;
import dev.remit.store.session.SessionSummary.Status;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What the log does for one who uses it as it is meant.
class SessionLogTest {
    private static Database database;
    private static PostgresSessionLog log;

    @BeforeAll
    static void join() {
        database = TestDatabases.fresh();
        log = PostgresSessionLog.join(database, "here", true);
    }

    @AfterAll
    static void leave() {
        log.close();
        database.close();
    }

    @Test
    void what_was_accepted_is_stored_and_ready() {
        var opening = Sample.opening();
        assertThat(log.open(opening)).isEqualTo(new Accepted.New(opening.id()));

        assertThat(log.events(opening.id(), 0, 10))
                .containsExactly(new Recorded(opening.id(), 1, 0, opening.at(), opening.opened()));
        assertThat(log.ready(Instant.now(), 1000)).contains(opening.id());
    }

    @Test
    void the_same_key_opens_the_same_session_and_another_request_conflicts() {
        var first = Sample.opening(new IdempotencyKey("me", "key", "request"));
        assertThat(log.open(first)).isEqualTo(new Accepted.New(first.id()));
        assertThat(log.open(Sample.opening(new IdempotencyKey("me", "key", "request"))))
                .isEqualTo(new Accepted.Existing(first.id()));
        assertThat(log.open(Sample.opening(new IdempotencyKey("me", "key", "other"))))
                .isEqualTo(new Accepted.Conflict(first.id()));
        var mine = Sample.opening(new IdempotencyKey("you", "key", "request"));
        assertThat(log.open(mine)).isEqualTo(new Accepted.New(mine.id()));
        assertThat(log.open(first)).isEqualTo(new Accepted.Existing(first.id()));
    }

    @Test
    void a_state_is_the_fold_of_the_log_with_or_without_a_snapshot() {
        var id = Sample.open(log);
        var fence = Sample.claim(log, id);
        var state = log.load(id).state();
        for (int i = 0; i < 20; i++) {
            var append =
                    Sample.keep(
                            log,
                            fence,
                            state.seq(),
                            Sample.started(i, "argument " + "y".repeat(i * 100)),
                            Sample.ended(i, "result " + "z".repeat(i * 100)));
            assertThat(log.append(append)).isInstanceOf(Answer.Appended.class);
            for (var event : append.events()) {
                state = state.apply(event, append.at());
            }
            if (i == 12) {
                assertThat(log.snapshot(fence, state)).isPositive();
            }
        }
        var loaded = log.load(id);
        assertThat(encoded(loaded.state())).isEqualTo(encoded(state));
        assertThat(loaded.snapshotBytes()).isPositive();
        assertThat(fold(log.events(id, 0, 1000))).isEqualTo(encoded(state));
    }

    private static String fold(List<Recorded> events) {
        var state = State.first(events.getFirst());
        for (var event : events.subList(1, events.size())) {
            state = state.apply(event);
        }
        return encoded(state);
    }

    private static String encoded(State state) {
        return LogCodec.encode(state).body();
    }

    @Test
    void a_snapshot_never_goes_back_and_a_former_writer_keeps_none() {
        var id = Sample.open(log);
        var fence = Sample.claim(log, id);
        var early = log.load(id).state();
        log.append(Sample.keep(log, fence, 1, Sample.started(1, "a")));
        var late = log.load(id).state();
        log.snapshot(fence, late);
        log.snapshot(fence, early);
        assertThat(log.load(id).tailBytes()).isZero();

        log.append(Sample.keep(log, fence, 2, Sample.ended(1, "a")));
        var latest = log.load(id).state();
        Sample.claim(log, id);
        log.snapshot(fence, latest);
        assertThat(log.load(id).tailBytes()).isPositive();
    }

    @Test
    void a_snapshot_that_another_version_wrote_is_left_aside() throws SQLException {
        var id = Sample.open(log);
        var fence = Sample.claim(log, id);
        log.snapshot(fence, log.load(id).state());
        execute("UPDATE snapshot SET version = 0, body = 'not even JSON'");
        assertThat(log.load(id).snapshotBytes()).isZero();
        assertThat(log.load(id).state().seq()).isEqualTo(1);
    }

    @Test
    void a_log_longer_than_a_page_is_folded_whole() {
        var id = Sample.open(log);
        var fence = Sample.claim(log, id);
        var events = new ArrayList<Event>();
        for (int i = 0; i < 1234; i++) {
            events.add(new Event.TimerFired());
        }
        log.append(Sample.keep(log, fence, 1, events.toArray(Event[]::new)));
        assertThat(log.load(id).state().seq()).isEqualTo(1235);
        assertThat(log.events(id, 1230, 3))
                .extracting(Recorded::seq)
                .containsExactly(1231L, 1232L, 1233L);
    }

    @Test
    void a_large_content_is_stored_once_however_often_it_is_named() throws SQLException {
        var id = Sample.open(log);
        var fence = Sample.claim(log, id);
        var large = "large ".repeat(1000);
        log.append(Sample.keep(log, fence, 1, Sample.started(1, large)));
        log.append(Sample.keep(log, fence, 2, Sample.started(2, large), Sample.ended(1, large)));
        assertThat(log.load(id).tailBytes()).isLessThan(4000);
        assertThat(count("SELECT count(*) FROM blob WHERE session = '" + id + "'")).isEqualTo(1);
        assertThat(log.load(id).state().actions().values()).hasSize(2);
    }

    private static long count(String sql) throws SQLException {
        try (var connection = database.connect("test", java.util.Map.of());
                var statement = connection.createStatement()) {
            var row = statement.executeQuery(sql);
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void a_session_sleeps_until_mail_comes() {
        var id = Sample.open(log);
        var fence = Sample.claim(log, id);
        assertThat(
                        log.append(
                                Sample.park(
                                        log, fence, 1, 0, new Event.Idled(new Waiting.Message()))))
                .isInstanceOfSatisfying(
                        Answer.Appended.class, a -> assertThat(a.parked()).isTrue());
        assertThat(log.ready(Instant.now(), 1000)).doesNotContain(id);
        assertThat(log.queries().find(id).orElseThrow())
                .satisfies(s -> {
                    assertThat(s.status()).isEqualTo(Status.IDLE);
                    assertThat(s.waiting()).isEqualTo(new Waiting.Message());
                });

        assertThat(log.send(id, Sample.message("hello " + "!".repeat(300)))).isTrue();
        assertThat(log.ready(Instant.now(), 1000)).contains(id);
        assertThat(log.mail(id, 0))
                .containsExactly(new Delivered(1, Sample.message("hello " + "!".repeat(300))));
        assertThat(log.mail(id, 1)).isEmpty();
    }

    @Test
    void a_driver_cannot_park_on_mail_it_has_not_seen() {
        var id = Sample.open(log);
        var fence = Sample.claim(log, id);
        log.send(id, Sample.message("quick"));
        var answer =
                (Answer.Appended)
                        log.append(
                                Sample.park(
                                        log, fence, 1, 0, new Event.Idled(new Waiting.Message())));
        assertThat(answer.parked()).isFalse();
        assertThat(answer.mail()).isEqualTo(1);
        assertThat(log.append(Sample.park(log, fence, 2, 1)))
                .isInstanceOfSatisfying(
                        Answer.Appended.class, a -> assertThat(a.parked()).isTrue());
    }

    @Test
    void a_timer_makes_a_session_ready_when_its_time_has_come() {
        var id = Sample.open(log);
        var fence = Sample.claim(log, id);
        var due = Instant.now().plusSeconds(3600).truncatedTo(ChronoUnit.MICROS);
        log.append(
                Sample.append(
                        log,
                        fence,
                        1,
                        new Then.Park(new Waiting.Timer(due, "retry"), due, 0),
                        List.of(),
                        new Event.Idled(new Waiting.Timer(due, "retry"))));
        assertThat(log.outlook().nextDue()).hasValue(due);
        assertThat(log.ready(due.minusMillis(1), 1000)).doesNotContain(id);
        assertThat(log.ready(due, 1000)).contains(id);
        Sample.claim(log, id);
        assertThat(log.outlook().nextDue()).isEmpty();
        assertThat(log.ready(due, 1000)).doesNotContain(id);
    }

    @Test
    void who_has_parked_cannot_append_any_more() {
        var id = Sample.open(log);
        var fence = Sample.claim(log, id);
        log.append(Sample.park(log, fence, 1, 0, new Event.Idled(new Waiting.Message())));
        assertThat(log.append(Sample.keep(log, fence, 2, Sample.started(1, "a"))))
                .isEqualTo(new Answer.Stale());
        assertThat(log.append(Sample.park(log, fence, 2, 0))).isEqualTo(new Answer.Stale());
    }

    @Test
    void a_wrong_head_is_stale() {
        var id = Sample.open(log);
        var fence = Sample.claim(log, id);
        assertThat(log.append(Sample.keep(log, fence, 0, Sample.started(1, "a"))))
                .isEqualTo(new Answer.Stale());
        assertThat(log.append(Sample.keep(log, fence, 2, Sample.started(1, "a"))))
                .isEqualTo(new Answer.Stale());
        assertThat(log.events(id, 0, 10)).hasSize(1);
    }

    @Test
    void claiming_again_voids_the_fence_before_and_counts_until_there_is_progress() {
        var id = Sample.open(log);
        var first = (Claim.Claimed) log.claim(id);
        assertThat(first.recovered()).isFalse();
        assertThat(first.recoveries()).isZero();
        var second = (Claim.Claimed) log.claim(id);
        assertThat(second.recovered()).isTrue();
        assertThat(second.recoveries()).isEqualTo(1);
        assertThat(log.append(Sample.keep(log, first.fence(), 1, Sample.started(1, "a"))))
                .isEqualTo(new Answer.Stale());

        log.append(Sample.keep(log, second.fence(), 1, Sample.started(1, "a")));
        var third = (Claim.Claimed) log.claim(id);
        assertThat(third.recoveries()).isEqualTo(2);
        var keep = Sample.keep(log, third.fence(), 2, Sample.ended(1, "a"));
        log.append(
                new dev.remit.core.session.SessionLog.Append(
                        keep.fence(),
                        keep.head(),
                        keep.at(),
                        keep.events(),
                        keep.outbox(),
                        keep.rules(),
                        true,
                        keep.then()));
        var fourth = (Claim.Claimed) log.claim(id);
        assertThat(fourth.recoveries()).isEqualTo(1);
        log.append(Sample.park(log, fourth.fence(), 3, 0));
        var fifth = (Claim.Claimed) log.claim(id);
        assertThat(fifth.recoveries()).isZero();
        assertThat(fifth.recovered()).isFalse();
    }

    @Test
    void a_child_is_opened_and_its_end_is_told_with_the_events_that_say_so() {
        var parent = Sample.open(log);
        var action = new ActionId("triage");
        var child = SessionId.child(parent, action);
        var fence = Sample.claim(log, parent);
        var opening =
                new dev.remit.core.session.SessionLog.Opening(
                        child,
                        Sample.opened(new Event.Parent(parent, action)),
                        Instant.now(),
                        null);
        var delegated =
                new Event.Delegated(action, child, Sample.AGENT, Sample.content("in"), null);
        var waiting = new Waiting.Session(List.of(child));
        assertThat(
                        log.append(
                                Sample.append(
                                        log,
                                        fence,
                                        1,
                                        new Then.Park(waiting, null, 0),
                                        List.of(new Outgoing.Open(opening)),
                                        delegated,
                                        new Event.Idled(waiting))))
                .isInstanceOf(Answer.Appended.class);
        assertThat(log.ready(Instant.now(), 1000)).contains(child).doesNotContain(parent);
        assertThat(log.queries().list(new Filter(null, null, parent, null), 10))
                .singleElement()
                .satisfies(s -> {
                    assertThat(s.id()).isEqualTo(child);
                    assertThat(s.parent()).isEqualTo(new Event.Parent(parent, action));
                });

        var closed = Sample.closed();
        var mail =
                new Mail.ChildClosed(
                        action,
                        child,
                        closed.reason(),
                        closed.outcome(),
                        closed.output(),
                        null,
                        closed.usage(),
                        closed.cost());
        log.append(
                Sample.append(
                        log,
                        Sample.claim(log, child),
                        1,
                        new Then.End(Long.MAX_VALUE),
                        List.of(new Outgoing.Send(parent, mail)),
                        closed));
        assertThat(log.mail(parent, 0)).containsExactly(new Delivered(1, mail));
        assertThat(log.ready(Instant.now(), 1000)).contains(parent).doesNotContain(child);
        assertThat(log.claim(child)).isInstanceOf(Claim.Refused.class);
        assertThat(log.send(child, Sample.message("too late"))).isFalse();
        assertThat(log.queries().find(child).orElseThrow())
                .satisfies(s -> {
                    assertThat(s.status()).isEqualTo(Status.CLOSED);
                    assertThat(s.reason()).isEqualTo(StopReason.COMPLETED);
                    assertThat(s.outcome()).isEqualTo(Outcome.GOOD);
                    assertThat(s.usage()).isEqualTo(closed.usage());
                    assertThat(s.cost()).isEqualTo(closed.cost());
                });
    }

    @Test
    void nothing_goes_out_with_an_append_that_is_stale() {
        var parent = Sample.open(log);
        var other = Sample.open(log);
        var fence = Sample.claim(log, parent);
        Sample.claim(log, parent);
        var child = Sample.opening();
        assertThat(
                        log.append(
                                Sample.append(
                                        log,
                                        fence,
                                        1,
                                        new Then.Keep(),
                                        List.of(
                                                new Outgoing.Open(child),
                                                new Outgoing.Send(other, Sample.message("x"))),
                                        Sample.started(1, "a"))))
                .isEqualTo(new Answer.Stale());
        assertThat(log.mail(other, 0)).isEmpty();
        assertThatThrownBy(() -> log.load(child.id())).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void changed_rules_refuse_what_was_decided_by_the_old_ones() throws SQLException {
        var id = Sample.open(log);
        var fence = Sample.claim(log, id);
        var before = Sample.keep(log, fence, 1, Sample.started(1, "a"));
        changeRules();
        var answer = (Answer.RulesChanged) log.append(before);
        assertThat(answer.rules()).isEqualTo(before.rules() + 1);
        assertThat(log.rules()).isEqualTo(answer.rules());
        assertThat(log.append(Sample.keep(log, fence, 1, Sample.started(1, "a"))))
                .isInstanceOf(Answer.Appended.class);
    }

    private static void changeRules() throws SQLException {
        try (var connection = database.connect("rules", java.util.Map.of());
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("UPDATE rules SET version = version + 1");
            statement.execute("UPDATE gate SET rules = (SELECT version FROM rules)");
            connection.commit();
        }
    }

    @Test
    void what_is_known_of_an_end_is_kept_once() {
        var id = Sample.open(log);
        var action = new ActionId("1.1");
        var end = new Ended.Done(Sample.content("it happened " + "x".repeat(500)));
        assertThat(log.kept(id, action, 1)).isEmpty();
        log.keep(id, action, 1, end);
        log.keep(id, action, 1, new Ended.Unknown("later and worse"));
        assertThat(log.kept(id, action, 1)).hasValue(end);
        assertThat(log.kept(id, action, 2)).isEmpty();
    }

    @Test
    void sessions_are_listed_newest_first_page_by_page() {
        var older = Sample.open(log);
        var newer =
                new dev.remit.core.session.SessionLog.Opening(
                        SessionId.random(
                                Instant.now().plusSeconds(5),
                                java.util.concurrent.ThreadLocalRandom.current()),
                        Sample.opened(),
                        Instant.now(),
                        null);
        log.open(newer);
        var all = log.queries().list(Filter.ALL, 1000).stream().map(SessionSummary::id).toList();
        assertThat(all).containsSubsequence(newer.id(), older);
        assertThat(log.queries().list(new Filter(null, "triage", null, newer.id()), 1000))
                .extracting(SessionSummary::id)
                .contains(older)
                .doesNotContain(newer.id());
        assertThat(log.queries().list(new Filter(Status.RUNNING, null, null, null), 1000))
                .allSatisfy(s -> assertThat(s.status()).isEqualTo(Status.RUNNING));
        assertThat(log.queries().list(new Filter(null, "nobody", null, null), 10)).isEmpty();
    }

    @Test
    void a_listener_hears_of_events_and_of_what_is_ready() throws Exception {
        var heard = new java.util.concurrent.ConcurrentLinkedQueue<String>();
        try (var listening =
                log.listen(
                        new LogListener() {
                            @Override
                            public void appended(SessionId session, long head) {
                                heard.add(session + " " + head);
                            }

                            @Override
                            public void ready(SessionId session) {
                                heard.add(session + " ready");
                                throw new IllegalStateException("a listener that fails");
                            }
                        })) {
            assertThat(listening).isNotNull();
            var id = Sample.open(log);
            log.append(Sample.keep(log, Sample.claim(log, id), 1, Sample.started(1, "a")));
            log.send(id, Sample.message("x"));
            assertThat(heard).containsExactly(id + " 1", id + " ready", id + " 2", id + " ready");
        }
    }

    @Test
    void an_end_without_the_event_that_says_so_is_refused() {
        var id = Sample.open(log);
        var fence = Sample.claim(log, id);
        var append =
                Sample.append(
                        log,
                        fence,
                        1,
                        new Then.End(Long.MAX_VALUE),
                        List.of(),
                        Sample.started(1, "a"));
        assertThatThrownBy(() -> log.append(append)).isInstanceOf(IllegalArgumentException.class);
        assertThat(log.append(Sample.keep(log, fence, 1, Sample.started(1, "a"))))
                .isInstanceOf(Answer.Appended.class);
    }

    private static void execute(String sql) throws SQLException {
        try (var connection = database.connect("test", java.util.Map.of());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
