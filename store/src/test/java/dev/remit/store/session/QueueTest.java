package dev.remit.store.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.Principal;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Hash;
import dev.remit.core.model.ModelChoice;
import dev.remit.core.session.Event;
import dev.remit.core.session.SessionLog.Answer;
import dev.remit.core.session.SessionLog.Claim;
import dev.remit.core.session.SessionLog.Opening;
import dev.remit.core.session.SessionLog.Outgoing;
import dev.remit.core.session.SessionLog.Then;
import dev.remit.core.session.Standing;
import dev.remit.core.session.Standing.Lane;
import dev.remit.core.session.Waiting;
import dev.remit.store.TestDatabases;
import dev.remit.store.database.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Who is next, and who has to wait.
class QueueTest {
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

    private SessionId open(Lane lane, int priority, String team) {
        return open(lane, priority, team, "agent-of-" + team, null);
    }

    private SessionId open(
            Lane lane, int priority, String team, String agent, @Nullable Integer atOnce) {
        var opening = opening(agent, new Standing(lane, priority, team, atOnce));
        one.open(opening);
        return opening.id();
    }

    private static Opening opening(String agent, Standing standing) {
        var opened =
                new Event.Opened(
                        new DefinitionRef(agent, Hash.of("v1")),
                        Sample.content("x"),
                        List.of(Sample.PERSON),
                        null,
                        ModelChoice.rehearsal(1),
                        null,
                        null,
                        null);
        return new Opening(Sample.id(), opened, Instant.now(), null, standing);
    }

    private static List<SessionId> take(PostgresSessionLog log, int most) {
        return log.take(Instant.now(), most).stream().map(c -> c.fence().session()).toList();
    }

    private void close(Claim.Claimed claimed) {
        var fence = claimed.fence();
        var log = fence.node().equals("one") ? one : two;
        assertThat(
                        log.append(
                                Sample.append(
                                        log,
                                        fence,
                                        1,
                                        new Then.End(Long.MAX_VALUE),
                                        List.of(),
                                        Sample.closed())))
                .isInstanceOf(Answer.Appended.class);
    }

    @Test
    void a_node_is_not_given_what_it_leaves_to_others_and_they_are_at_once() {
        var theirs = open(Lane.PEOPLE, 5, "a");
        var mine = open(Lane.PEOPLE, 0, "a");
        var other = open(Lane.DELEGATED, 0, "b");
        var claimed = one.take(Instant.now(), 1).getFirst();
        assertThat(claimed.fence().session()).isEqualTo(theirs);
        one.release(claimed.fence());
        assertThat(one.take(Instant.now(), 10, Set.of(theirs)))
                .extracting(c -> c.fence().session())
                .containsExactly(mine, other);
        assertThat(one.take(Instant.now(), 10, Set.of(theirs))).isEmpty();
        assertThat(take(two, 10)).containsExactly(theirs);
    }

    // ---- order

    @Test
    void people_go_before_agents_and_then_the_higher_priority() {
        var night = open(Lane.UNATTENDED, 9, "a");
        var handed = open(Lane.DELEGATED, 0, "a");
        var urgent = open(Lane.PEOPLE, 5, "a");
        var early = open(Lane.PEOPLE, 0, "a");
        var late = open(Lane.PEOPLE, 0, "a");
        var patient = open(Lane.PEOPLE, -9, "a");
        var taken = new ArrayList<SessionId>();
        for (int i = 0; i < 6; i++) {
            taken.addAll(take(one, 1));
        }
        assertThat(taken).containsExactly(urgent, early, late, patient, handed, night);
        assertThat(take(one, 1)).isEmpty();
    }

    @Test
    void a_team_with_one_session_does_not_wait_for_a_team_with_many() {
        for (int i = 0; i < 300; i++) {
            open(Lane.PEOPLE, 0, "many");
        }
        var single = open(Lane.PEOPLE, 0, "few");
        assertThat(take(one, 4)).contains(single);
    }

    @Test
    void with_a_single_place_teams_take_turns_though_one_was_there_first() {
        for (int i = 0; i < 20; i++) {
            open(Lane.PEOPLE, 0, "many");
        }
        var few = Stream.generate(() -> open(Lane.PEOPLE, 0, "few")).limit(5).toList();
        int served = 0;
        for (int i = 0; i < 10; i++) {
            var claimed = one.take(Instant.now(), 1).getFirst();
            served += few.contains(claimed.fence().session()) ? 1 : 0;
            close(claimed);
        }
        assertThat(served).isEqualTo(5);
    }

    @Test
    void the_team_that_has_fewer_under_way_comes_first() {
        for (int i = 0; i < 10; i++) {
            open(Lane.PEOPLE, 0, "slow");
        }
        take(one, 6);
        var later = Stream.generate(() -> open(Lane.PEOPLE, 0, "new")).limit(5).toList();
        assertThat(take(two, 5)).containsExactlyInAnyOrderElementsOf(later);
    }

    @Test
    void a_child_stands_where_its_parent_stands_behind_people() throws SQLException {
        var parent = open(Lane.PEOPLE, 7, "payers");
        var fence = one.take(Instant.now(), 1).getFirst().fence();
        var cause = List.of(new Principal(Principal.Kind.AGENT, "boss"), Sample.PERSON);
        var opened =
                new Event.Opened(
                        Sample.AGENT,
                        Sample.content("x"),
                        cause,
                        new Event.Parent(parent, new ActionId("1.0")),
                        ModelChoice.rehearsal(1),
                        null,
                        null,
                        null);
        var child = new Opening(Sample.id(), opened, Instant.now(), null);
        one.append(
                Sample.append(
                        one,
                        fence,
                        1,
                        new Then.Keep(),
                        List.of(new Outgoing.Open(child)),
                        Sample.started(1, "x")));
        try (var sql = new Sql(database)) {
            assertThat(
                            sql.column(
                                    "SELECT team || ' ' || urgency FROM session WHERE id = ?",
                                    child.id().uuid()))
                    .containsExactly("payers 93");
        }
    }

    @Test
    void what_is_due_joins_the_queue() {
        var id = open(Lane.PEOPLE, 0, "a");
        var fence = one.take(Instant.now(), 1).getFirst().fence();
        var due = Instant.now().plus(Duration.ofHours(1));
        one.append(
                Sample.append(
                        one,
                        fence,
                        1,
                        new Then.Park(new Waiting.Timer(due, "later"), due, 0),
                        List.of(),
                        new Event.Idled(new Waiting.Timer(due, "later"))));
        assertThat(take(two, 10)).isEmpty();
        assertThat(two.take(due.plusSeconds(1), 10))
                .singleElement()
                .satisfies(c -> assertThat(c.fence().session()).isEqualTo(id))
                .satisfies(c -> assertThat(c.recovered()).isFalse());
    }

    @Test
    void what_a_dead_node_had_is_taken_by_another_which_knows_that_it_was_lost() {
        var id = open(Lane.PEOPLE, 0, "a");
        var dead = one.take(Instant.now(), 1).getFirst();
        assertThat(take(two, 10)).isEmpty();
        one.close();
        var claimed = two.take(Instant.now(), 10);
        assertThat(claimed).singleElement().satisfies(c -> assertThat(c.recovered()).isTrue());
        assertThat(claimed.getFirst().recoveries()).isEqualTo(1);
        assertThat(claimed.getFirst().fence().session()).isEqualTo(id);
        assertThat(claimed.getFirst().fence().epoch()).isEqualTo(dead.fence().epoch() + 1);
    }

    @Test
    void a_session_that_is_handed_over_is_ready_at_once_and_was_not_lost() {
        var id = open(Lane.PEOPLE, 0, "a");
        var fence = one.take(Instant.now(), 1).getFirst().fence();
        var yield =
                Sample.append(
                        one, fence, 1, new Then.Yield(), List.of(), Sample.started(1, "done"));
        assertThat(one.append(yield)).isInstanceOf(Answer.Appended.class);
        assertThat(one.append(Sample.keep(one, fence, 2, Sample.started(2, "x"))))
                .as("after it let go")
                .isEqualTo(new Answer.Stale());
        var claimed = two.take(Instant.now(), 1).getFirst();
        assertThat(claimed.fence().session()).isEqualTo(id);
        assertThat(claimed.recovered()).isFalse();
    }

    @Test
    void a_fenced_node_takes_nothing() throws SQLException {
        open(Lane.PEOPLE, 0, "a");
        try (var connection = database.connect("x", Map.of())) {
            Fencing.fence(connection, one.node().incarnation(), Fencing.Why.KNOWN);
        }
        Sql.await(() -> {
            try {
                return take(one, 10).isEmpty() && !one.mayStart();
            } catch (RuntimeException e) {
                return false; // its connection was terminated
            }
        });
        assertThat(take(two, 10)).hasSize(1);
    }

    @Test
    void a_node_knows_what_it_holds_though_it_never_got_the_answer() {
        var id = open(Lane.PEOPLE, 0, "a");
        one.take(Instant.now(), 1);
        assertThat(one.held()).containsExactly(id);
        assertThat(two.held()).isEmpty();
    }

    // ---- limits

    @Test
    void an_agent_is_never_driven_more_often_at_once_than_its_limit_by_all_nodes_together()
            throws Exception {
        for (int i = 0; i < 300; i++) {
            open(Lane.PEOPLE, 0, "a", "limited", 3);
        }
        var underWay = new AtomicInteger();
        var most = new AtomicInteger();
        var done = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Callable<Void>>();
            for (var log : List.of(one, two, one, two, one, two)) {
                all.add(() -> {
                    while (done.get() < 300) {
                        for (var claimed : log.take(Instant.now(), 5)) {
                            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                            Thread.yield();
                            underWay.decrementAndGet();
                            close(claimed);
                            done.incrementAndGet();
                        }
                    }
                    return null;
                });
            }
            for (var future : threads.invokeAll(all)) {
                future.get();
            }
        }
        assertThat(done).hasValue(300);
        assertThat(most.get()).isBetween(1, 3);
    }

    @Test
    void a_claim_by_id_does_not_pass_the_limit_either() {
        var first = open(Lane.PEOPLE, 0, "a", "limited", 1);
        var second = open(Lane.PEOPLE, 0, "a", "limited", 1);
        assertThat(one.claim(first)).isInstanceOf(Claim.Claimed.class);
        assertThat(one.claim(first)).as("its own again").isInstanceOf(Claim.Claimed.class);
        assertThat(two.claim(second)).isInstanceOf(Claim.Refused.class);
        assertThat(take(two, 10)).isEmpty();
    }

    @Test
    void an_agent_at_its_limit_keeps_nobody_else_waiting() {
        for (int i = 0; i < 50; i++) {
            open(Lane.PEOPLE, 9, "a", "limited", 2);
        }
        var other = open(Lane.UNATTENDED, -9, "a", "other", null);
        assertThat(take(one, 10)).hasSize(3).contains(other);
    }

    @Test
    void a_team_has_no_more_under_way_than_its_limit_and_a_new_limit_counts_at_once() {
        one.limitTeams(Map.of("a", 2, "b", 7));
        for (int i = 0; i < 10; i++) {
            open(Lane.PEOPLE, 0, "a", "agent-" + i, null);
        }
        assertThat(take(one, 10)).hasSize(2);
        assertThat(take(two, 10)).isEmpty();
        two.limitTeams(Map.of("a", 3));
        assertThat(take(two, 10)).hasSize(1);
        two.limitTeams(Map.of());
        assertThat(take(two, 10)).hasSize(7);
    }

    @Test
    void the_places_of_a_dead_node_are_free() {
        for (int i = 0; i < 4; i++) {
            open(Lane.PEOPLE, 0, "a", "limited", 2);
        }
        assertThat(take(one, 10)).hasSize(2);
        assertThat(take(two, 10)).isEmpty();
        one.close();
        assertThat(take(two, 10)).hasSize(2);
    }

    // ---- places at tools

    @Test
    void places_at_a_tool_go_to_whoever_asked_first_on_whatever_node() {
        var heard = new ConcurrentLinkedQueue<SessionId>();
        two.listen(
                new LogListener() {
                    @Override
                    public void appended(SessionId session, long head) {}

                    @Override
                    public void ready(SessionId session) {
                        heard.add(session);
                    }
                });
        var a = fence(one);
        var b = fence(two);
        var c = fence(two);
        var action = new ActionId("1.0");
        assertThat(one.place(a, action, "crm", 1)).isTrue();
        assertThat(one.place(a, action, "crm", 1)).as("it keeps it").isTrue();
        assertThat(two.place(b, action, "crm", 1)).isFalse();
        assertThat(two.place(c, action, "crm", 1)).isFalse();
        assertThat(two.place(c, action, "other", 1)).as("one ticket an action").isFalse();
        heard.clear();
        one.vacate(a.session(), List.of(action));
        Sql.await(() -> heard.contains(b.session()));
        assertThat(two.place(c, action, "crm", 1)).isFalse();
        assertThat(two.place(b, action, "crm", 1)).isTrue();
        two.vacate(b.session(), List.of(action));
        assertThat(two.place(c, action, "crm", 1)).isTrue();
    }

    @Test
    void a_dead_nodes_places_at_tools_are_free_and_a_stale_claim_gets_none() {
        var a = fence(one);
        var b = fence(two);
        assertThat(one.place(a, new ActionId("1.0"), "crm", 1)).isTrue();
        assertThat(two.place(b, new ActionId("1.0"), "crm", 1)).isFalse();
        one.close();
        assertThat(two.place(b, new ActionId("1.0"), "crm", 1)).isTrue();
        Sample.claim(two, b.session()); // a new epoch
        assertThat(two.place(b, new ActionId("1.1"), "crm", 9)).isFalse();
    }

    private dev.remit.core.session.SessionLog.Fence fence(PostgresSessionLog log) {
        open(Lane.PEOPLE, 0, "a");
        return log.take(Instant.now(), 1).getFirst().fence();
    }
}
