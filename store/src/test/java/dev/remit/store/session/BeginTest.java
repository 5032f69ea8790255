package dev.remit.store.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.identity.SessionId;
import dev.remit.core.session.SessionLog.Accepted;
import dev.remit.core.session.SessionLog.Answer;
import dev.remit.core.session.SessionLog.Begun;
import dev.remit.core.session.SessionLog.Fence;
import dev.remit.core.session.SessionLog.IdempotencyKey;
import dev.remit.core.session.SessionLog.Mine;
import dev.remit.core.session.SessionLog.Opening;
import dev.remit.core.session.SessionLog.Outgoing;
import dev.remit.core.session.SessionLog.Then;
import dev.remit.core.session.Standing;
import dev.remit.core.session.StopReason;
import dev.remit.store.TestDatabases;
import dev.remit.store.database.Database;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Sessions that are claimed as they are opened, and many that are opened or closed at once.
class BeginTest {
    private Database database;
    private PostgresSessionLog one;
    private PostgresSessionLog two;

    @BeforeEach
    void open() {
        database = TestDatabases.fresh();
        one = PostgresSessionLog.join(database, "one", true);
        two = PostgresSessionLog.join(database, "two", true);
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
        database.close();
    }

    private static Opening standing(String team, Integer atOnce) {
        var opening = Sample.opening();
        var lane = opening.standing().lane();
        return new Opening(
                opening.id(),
                opening.opened(),
                opening.at(),
                null,
                new Standing(lane, null, team, atOnce));
    }

    private static <T> List<T> atOnce(int threads, java.util.function.IntFunction<T> work)
            throws Exception {
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var all =
                    IntStream.range(0, threads)
                            .mapToObj(i -> (Callable<T>) () -> work.apply(i))
                            .toList();
            var results = new ArrayList<T>();
            for (var one : pool.invokeAll(all)) {
                results.add(one.get());
            }
            return results;
        }
    }

    @Test
    void what_nobody_waits_before_is_claimed_as_it_is_opened_and_is_as_if_it_had_been_loaded() {
        var opening = Sample.opening();
        var mine = one.begin(opening, true).mine();
        assertThat(mine.loaded().state()).isEqualTo(one.load(opening.id()).state());
        assertThat(one.held()).containsExactly(opening.id());
        assertThat(two.take(Instant.now(), 10)).isEmpty();
        var written =
                one.append(Sample.keep(one, mine.claimed().fence(), 1, Sample.started(1, "a")));
        assertThat(written).isInstanceOf(Answer.Appended.class);
    }

    @Test
    void who_would_not_drive_it_does_not_get_it() {
        var opening = Sample.opening();
        assertThat(one.begin(opening, false).mine()).isNull();
        assertThat(two.take(Instant.now(), 10)).hasSize(1);
    }

    @Test
    void nobody_passes_those_who_wait() {
        var waiting = Sample.open(one);
        assertThat(one.begin(Sample.opening(), true).mine()).isNull();
        assertThat(two.take(Instant.now(), 1).getFirst().fence().session()).isEqualTo(waiting);
    }

    @Test
    void what_a_limit_may_hold_back_stands_in_the_queue() {
        assertThat(one.begin(standing("growth", 1), true).mine()).isNull();
        assertThat(one.take(Instant.now(), 10)).hasSize(1);
        one.limitTeams(Map.of("growth", 5));
        assertThat(one.begin(standing("growth", null), true).mine()).isNull();
        assertThat(one.take(Instant.now(), 10)).hasSize(1);
        assertThat(one.begin(standing("support", null), true).mine()).isNotNull();
    }

    @Test
    void a_fenced_node_accepts_and_leaves_it_to_others() throws SQLException {
        try (var connection = database.connect("x", Map.of())) {
            Fencing.fence(connection, one.node().incarnation(), Fencing.Why.KNOWN);
        }
        var opening = Sample.opening();
        assertThat(one.begin(opening, true))
                .isEqualTo(new Begun(new Accepted.New(opening.id()), null));
        assertThat(two.take(Instant.now(), 10).getFirst().fence().session())
                .isEqualTo(opening.id());
    }

    @Test
    void what_a_dead_node_had_begun_is_taken_by_another() throws SQLException {
        var opening = Sample.opening();
        var mine = one.begin(opening, true).mine();
        try (var connection = database.connect("x", Map.of())) {
            Fencing.fence(connection, one.node().incarnation(), Fencing.Why.KNOWN);
        }
        var heir = two.take(Instant.now(), 10).getFirst();
        assertThat(heir.fence().session()).isEqualTo(opening.id());
        assertThat(heir.recovered()).isTrue();
        var late = one.append(Sample.keep(one, mine.claimed().fence(), 1, Sample.started(1, "a")));
        assertThat(late).isNotInstanceOf(Answer.Appended.class);
    }

    @Test
    void of_many_openings_with_one_key_a_single_one_counts() throws Exception {
        var key = new IdempotencyKey("person:ada", "k", "what was asked");
        var all =
                atOnce(
                        60,
                        i ->
                                (i % 2 == 0 ? one : two)
                                        .begin(Sample.opening(key), i % 3 == 0)
                                        .accepted());
        var opened = all.stream().filter(Accepted.New.class::isInstance).toList();
        assertThat(opened).hasSize(1);
        var id = ((Accepted.New) opened.getFirst()).id();
        assertThat(all)
                .filteredOn(a -> !opened.contains(a))
                .containsOnly(new Accepted.Existing(id));
        var other = new IdempotencyKey("person:ada", "k", "something else");
        assertThat(one.open(Sample.opening(other))).isEqualTo(new Accepted.Conflict(id));
    }

    @Test
    void nobody_s_mail_is_left_unread_however_many_end_at_once() throws Exception {
        var fences = new ArrayList<Fence>();
        for (int i = 0; i < 64; i++) {
            var id = Sample.open(one);
            fences.add(Sample.claim(one, id));
            if (i % 2 == 0) {
                assertThat(one.send(id, Sample.message("wait"))).isTrue();
            }
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var ends = new ArrayList<Future<Answer>>();
            for (var fence : fences) {
                ends.add(threads.submit(() -> end(fence, 0)));
            }
            for (int i = 0; i < ends.size(); i++) {
                if (i % 2 == 0) {
                    assertThat(ends.get(i).get()).isEqualTo(new Answer.MailCame(1));
                    assertThat(one.events(fences.get(i).session(), 0, 10)).hasSize(1);
                    assertThat(end(fences.get(i), 1)).isInstanceOf(Answer.Appended.class);
                } else {
                    assertThat(ends.get(i).get()).isInstanceOf(Answer.Appended.class);
                }
            }
        }
    }

    private Answer end(Fence fence, long seen) {
        return one.append(
                Sample.append(one, fence, 1, new Then.End(seen), List.of(), Sample.closed()));
    }

    @Test
    void one_that_ends_and_tells_its_parent_reads_its_mail_first() {
        var parent = Sample.open(one);
        var child = Sample.open(one);
        var fence = Sample.claim(one, child);
        one.send(child, Sample.message("wait"));
        var told = List.<Outgoing>of(new Outgoing.Send(parent, Sample.message("it is over")));
        assertThat(one.append(Sample.append(one, fence, 1, new Then.End(0), told, Sample.closed())))
                .isEqualTo(new Answer.MailCame(1));
        assertThat(one.mail(parent, 0)).isEmpty();
        assertThat(one.append(Sample.append(one, fence, 1, new Then.End(1), told, Sample.closed())))
                .isInstanceOf(Answer.Appended.class);
        assertThat(one.mail(parent, 0)).hasSize(1);
    }

    @Test
    void many_that_are_opened_and_closed_at_once_are_each_there_and_each_closed() throws Exception {
        var ids = new ArrayList<SessionId>();
        var begun =
                atOnce(
                        200,
                        i -> {
                            var mine = one.begin(Sample.opening(), true).mine();
                            return end(mine, i % 4 == 0);
                        });
        begun.forEach(id -> {
            ids.add(id);
            var listed = one.queries().find(id).orElseThrow();
            assertThat(listed.reason()).isEqualTo(StopReason.COMPLETED);
            assertThat(listed.usage()).isEqualTo(Sample.closed().usage());
            assertThat(one.load(id).state().isClosed()).isTrue();
            assertThat(one.send(id, Sample.message("too late"))).isFalse();
        });
        assertThat(ids).doesNotHaveDuplicates().hasSize(200);
        assertThat(one.held()).isEmpty();
        assertThat(two.take(Instant.now(), 10)).isEmpty();
    }

    /// In one append, or with another before, so that batches hold both kinds.
    private SessionId end(Mine mine, boolean inTwo) {
        var fence = mine.claimed().fence();
        long head = 1;
        if (inTwo) {
            var step = one.append(Sample.keep(one, fence, 1, Sample.started(1, "a")));
            head = ((Answer.Appended) step).head();
        }
        var answer =
                one.append(
                        Sample.append(
                                one,
                                fence,
                                head,
                                new Then.End(Long.MAX_VALUE),
                                List.of(),
                                Sample.closed()));
        assertThat(answer).isInstanceOf(Answer.Appended.class);
        assertThat(((Answer.Appended) answer).parked()).isTrue();
        return fence.session();
    }

    @Test
    void a_look_tells_whether_anybody_stands_in_the_queue() {
        assertThat(one.outlook().waiting()).isFalse();
        var id = Sample.open(one);
        assertThat(two.outlook().waiting()).isTrue();
        Sample.claim(one, id);
        assertThat(two.outlook().waiting()).as("it is driven").isFalse();
    }
}
