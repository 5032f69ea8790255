package dev.remit.store.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.identity.Principal;
import dev.remit.core.identity.SessionId;
import dev.remit.core.session.Mail;
import dev.remit.core.start.Overlap;
import dev.remit.store.database.DatabaseException;
import dev.remit.store.session.PostgresSessionLog;
import dev.remit.store.session.SessionQueries.Filter;
import dev.remit.store.start.Fire.State;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// Schedules: each policy and each command. Under faults: see [ScheduleHistoriesTest].
class SchedulesTest extends StartsOnPostgres {
    private Schedule put(String spec) {
        return schedules.put(name, "digest", Starting.json(spec), Starting.PERSON, now);
    }

    private void minutes(int count) {
        for (int i = 0; i < count; i++) {
            now = now.plus(Duration.ofMinutes(1));
            look();
        }
    }

    private List<SessionId> look() {
        return schedules.look(name, now, Starting.OPENER).told();
    }

    private List<Fire> fires() {
        return schedules.fires(schedules.find(name).orElseThrow(), 1000).reversed();
    }

    private List<State> states() {
        return fires().stream().map(Fire::state).toList();
    }

    private SessionId started(int index) {
        return fires().stream()
                .filter(f -> f.session() != null)
                .map(Fire::session)
                .toList()
                .get(index);
    }

    @Test
    void each_time_starts_one_session_whose_cause_is_the_schedule() {
        put("{\"every\":\"1m\",\"overlap\":\"allow\",\"input\":{\"topic\":\"x\"}}");
        look();
        assertThat(fires()).as("nothing before its time").isEmpty();
        minutes(3);
        assertThat(states()).containsExactly(State.STARTED, State.STARTED, State.STARTED);
        assertThat(fires().stream().map(Fire::nominal))
                .containsExactly(
                        NOON.plusSeconds(60), NOON.plusSeconds(120), NOON.plusSeconds(180));
        var opened = Starting.opened(log, started(0));
        assertThat(opened.cause()).containsExactly(new Principal(Principal.Kind.SCHEDULE, name));
        assertThat(opened.input().value()).isEqualTo(Starting.json("{\"topic\":\"x\"}"));
        look();
        assertThat(fires()).as("and not twice").hasSize(3);
    }

    @Test
    void skip_starts_nothing_while_an_earlier_session_is_open() {
        put("{\"every\":\"1m\"}");
        minutes(3);
        assertThat(states()).containsExactly(State.STARTED, State.SKIPPED, State.SKIPPED);
        Starting.end(log, started(0));
        minutes(1);
        assertThat(states())
                .containsExactly(State.ENDED, State.SKIPPED, State.SKIPPED, State.STARTED);
    }

    @Test
    void buffer_one_keeps_one_and_starts_it_when_the_earlier_one_has_ended() {
        put("{\"every\":\"1m\",\"overlap\":\"buffer_one\"}");
        minutes(4);
        assertThat(states())
                .containsExactly(State.STARTED, State.BUFFERED, State.SKIPPED, State.SKIPPED);
        Starting.end(log, started(0));
        now = now.plusSeconds(2);
        look();
        assertThat(states())
                .as("soon, not at the next time")
                .containsExactly(State.ENDED, State.SKIPPED, State.SKIPPED, State.STARTED);
    }

    @Test
    void buffer_all_keeps_them_in_order_up_to_its_bound() {
        put("{\"every\":\"1m\",\"overlap\":\"buffer_all\",\"buffer\":2}");
        minutes(4);
        assertThat(states())
                .containsExactly(State.STARTED, State.BUFFERED, State.BUFFERED, State.SKIPPED);
        for (int i = 0; i < 2; i++) {
            Starting.end(log, started(i));
            now = now.plusSeconds(2);
            look();
        }
        assertThat(fires().stream().filter(f -> f.session() != null).map(Fire::nominal))
                .containsExactly(
                        NOON.plusSeconds(60), NOON.plusSeconds(120), NOON.plusSeconds(180));
    }

    @Test
    void cancel_tells_the_earlier_one_and_starts_when_it_has_closed() {
        put("{\"every\":\"1m\",\"overlap\":\"cancel\"}");
        minutes(2);
        assertThat(states()).containsExactly(State.STARTED, State.BUFFERED);
        assertThat(log.mail(started(0), 0).getFirst().mail()).isInstanceOf(Mail.Cancel.class);
        minutes(1);
        assertThat(states())
                .as("the newest time counts")
                .containsExactlyInAnyOrder(State.STARTED, State.SKIPPED, State.BUFFERED);
        Starting.end(log, started(0));
        now = now.plusSeconds(2);
        look();
        assertThat(fires().stream().filter(f -> f.state() == State.STARTED).map(Fire::nominal))
                .containsExactly(NOON.plusSeconds(180));
    }

    @Test
    void what_was_due_while_no_node_ran_is_caught_up_with_within_the_window_and_else_missed() {
        put("{\"every\":\"1m\",\"overlap\":\"allow\",\"catch_up\":\"5m\"}");
        now = NOON.plus(Duration.ofMinutes(60)).plusSeconds(10);
        look();
        var missed = fires().stream().filter(f -> f.state() == State.MISSED).toList();
        assertThat(missed).hasSize(1);
        assertThat(missed.getFirst().times()).isEqualTo(55);
        assertThat(missed.getFirst().nominal()).isEqualTo(NOON.plusSeconds(60));
        assertThat(fires().stream().filter(f -> f.state() == State.STARTED).map(Fire::nominal))
                .containsExactly(
                        NOON.plus(Duration.ofMinutes(56)),
                        NOON.plus(Duration.ofMinutes(57)),
                        NOON.plus(Duration.ofMinutes(58)),
                        NOON.plus(Duration.ofMinutes(59)),
                        NOON.plus(Duration.ofMinutes(60)));
    }

    @Test
    void a_year_without_a_node_is_counted_and_costs_one_look() {
        put("{\"every\":\"1m\"}");
        now = now.plus(Duration.ofDays(60));
        look();
        assertThat(
                        fires().stream()
                                .filter(f -> f.state() == State.MISSED)
                                .mapToLong(Fire::times)
                                .sum())
                .isBetween(86_000L, 86_400L);
        assertThat(fires().stream().filter(f -> f.session() != null)).hasSize(1);
    }

    @Test
    void nothing_is_started_while_it_is_paused_and_what_came_meanwhile_is_listed() {
        put("{\"every\":\"1m\",\"overlap\":\"allow\"}");
        schedules.pause(name, Starting.PERSON, "the team is away", now);
        minutes(5);
        assertThat(fires()).isEmpty();
        assertThat(schedules.find(name).orElseThrow().pause().note()).isEqualTo("the team is away");
        schedules.resume(name, now);
        look();
        minutes(1);
        assertThat(states()).containsExactly(State.SKIPPED, State.STARTED);
        assertThat(fires().getFirst().times()).isEqualTo(5);
        assertThat(fires().getFirst().nominal()).isEqualTo(NOON.plusSeconds(60));
        assertThat(fires().getFirst().why()).contains("paused").contains("person:local");
        assertThat(schedules.find(name).orElseThrow().pause()).isNull();
    }

    @Test
    void a_time_that_was_due_when_the_schedule_was_changed_is_listed_and_what_waits_goes_on() {
        put("{\"every\":\"1m\",\"overlap\":\"buffer_one\"}");
        minutes(2);
        assertThat(states()).containsExactly(State.STARTED, State.BUFFERED);
        now = now.plus(Duration.ofMinutes(3)); // nobody looks
        put("{\"every\":\"24h\",\"overlap\":\"buffer_one\"}");
        Starting.end(log, started(0));
        now = now.plusSeconds(2);
        look();
        assertThat(states())
                .as("what waited is started now, not tomorrow")
                .containsExactlyInAnyOrder(State.ENDED, State.STARTED, State.SKIPPED);
        var listed = fires().stream().filter(f -> f.state() == State.SKIPPED).findFirst();
        assertThat(listed.orElseThrow().times()).isEqualTo(3);
        assertThat(listed.orElseThrow().why()).contains("changed");
    }

    @Test
    void a_schedule_that_is_written_again_as_it_is_loses_none_of_its_times() {
        put("{\"every\":\"1m\",\"overlap\":\"allow\"}");
        now = now.plus(Duration.ofMinutes(3));
        put("{\"every\":\"1m\",\"overlap\":\"allow\"}");
        look();
        assertThat(states()).containsExactly(State.STARTED, State.STARTED, State.STARTED);
    }

    @Test
    void a_start_that_is_put_off_by_its_jitter_is_not_missed_however_short_its_catch_up_is() {
        var spec =
                "{\"every\":\"24h\",\"overlap\":\"allow\",\"jitter\":\"1h\",\"catch_up\":\"10s\"}";
        var put = put(spec);
        while (put.due().isBefore(put.nextAt().plusSeconds(30))) { // it is drawn by its time
            schedules.remove(name);
            now = now.plus(Duration.ofDays(1));
            put = put(spec);
        }
        now = put.nextAt().plusSeconds(20);
        execute("UPDATE schedule SET due = next_at WHERE name = '" + name + "'");
        look();
        assertThat(fires()).as("not yet").isEmpty();
        now = put.due().plusSeconds(1);
        look();
        assertThat(states()).containsExactly(State.STARTED);
    }

    @Test
    void a_time_waits_in_the_place_that_becomes_free_at_the_same_look() {
        put("{\"every\":\"1m\",\"overlap\":\"buffer_one\"}");
        minutes(2);
        Starting.end(log, started(0));
        minutes(1);
        assertThat(states())
                .as("the second is started, so the third has its place")
                .containsExactly(State.ENDED, State.STARTED, State.BUFFERED);
    }

    @Test
    void a_session_is_told_to_cancel_once_however_many_times_come() {
        put("{\"every\":\"1m\",\"overlap\":\"cancel\"}");
        minutes(5);
        assertThat(log.mail(started(0), 0)).hasSize(1);
        assertThat(fires().getFirst().why()).contains("told to cancel");
    }

    @Test
    void a_backfill_takes_no_place_of_the_times_that_come() {
        put("{\"every\":\"1m\",\"overlap\":\"buffer_one\"}");
        minutes(1);
        var past = List.of(NOON.minusSeconds(120), NOON.minusSeconds(60));
        schedules.backfill(name, past, Starting.PERSON, now);
        minutes(1);
        assertThat(fires().stream().filter(f -> f.kind() == Fire.Kind.TIME).map(Fire::state))
                .containsExactly(State.STARTED, State.BUFFERED);
    }

    @Test
    void somebody_may_start_it_now_once_for_each_request() {
        put("{\"every\":\"24h\",\"overlap\":\"allow\"}");
        var first = trigger("r1", null).orElseThrow().fire();
        assertThat(first.state()).isEqualTo(State.STARTED);
        assertThat(trigger("r1", null).orElseThrow().fire().session()).isEqualTo(first.session());
        assertThat(trigger("r2", null).orElseThrow().fire().session())
                .isNotEqualTo(first.session());
        assertThat(Starting.opened(log, first.session()).cause())
                .containsExactly(new Principal(Principal.Kind.SCHEDULE, name), Starting.PERSON);
        assertThat(trigger("r3", Overlap.SKIP).orElseThrow().fire().state())
                .isEqualTo(State.SKIPPED);
    }

    private java.util.Optional<PostgresSchedules.Triggered> trigger(String id, Overlap overlap) {
        return schedules.trigger(name, id, Starting.PERSON, overlap, now, Starting.OPENER);
    }

    @Test
    void a_backfill_starts_what_was_not_started_one_after_the_other() {
        put("{\"every\":\"1m\"}");
        minutes(3); // started, skipped, skipped
        var times = List.of(NOON.plusSeconds(60), NOON.plusSeconds(120), NOON.plusSeconds(180));
        var done = schedules.backfill(name, times, Starting.PERSON, now).orElseThrow();
        assertThat(done.done()).containsExactly(NOON.plusSeconds(60));
        assertThat(done.wanted()).containsExactly(NOON.plusSeconds(120), NOON.plusSeconds(180));
        look();
        for (int i = 0; i < 3; i++) {
            assertThat(fires().stream().filter(f -> f.state() == State.STARTED)).hasSize(1);
            var open = fires().stream().filter(f -> f.state() == State.STARTED).findFirst();
            Starting.end(log, open.get().session());
            now = now.plusSeconds(2);
            look();
        }
        assertThat(fires().stream().filter(f -> f.session() != null)).hasSize(3);
        assertThat(schedules.backfill(name, times, Starting.PERSON, now).orElseThrow().wanted())
                .as("again: nothing")
                .isEmpty();
    }

    @Test
    void a_start_that_is_refused_is_kept_with_its_reason() {
        put("{\"every\":\"1m\",\"input\":{\"bad\":true}}");
        minutes(1);
        assertThat(fires().getFirst().state()).isEqualTo(State.FAILED);
        assertThat(fires().getFirst().why()).contains("does not take that");
    }

    /// Several nodes look at once, and their connections are killed again and again: in the end
    /// every time has exactly one session.
    @Test
    void many_nodes_and_many_deaths_start_each_time_exactly_once() throws Exception {
        put("{\"every\":\"1s\",\"overlap\":\"allow\",\"catch_up\":\"1h\"}");
        var clock = new AtomicReference<>(now);
        var over = new AtomicBoolean();
        var nodes = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < 4; i++) {
            var node = PostgresSessionLog.join(database, "node-" + i, true);
            nodes.add(
                    CompletableFuture.runAsync(() -> {
                        var mine = new PostgresSchedules(database, node.within());
                        while (!over.get()) {
                            try {
                                mine.look(name, clock.get(), Starting.OPENER);
                            } catch (DatabaseException e) {
                                // its connection was killed
                            }
                        }
                        node.close();
                    }));
        }
        for (int second = 0; second < 200; second++) {
            clock.set(clock.get().plusSeconds(1));
            if (second % 10 == 0) {
                kill();
            }
            Thread.yield();
        }
        over.set(true);
        CompletableFuture.allOf(nodes.toArray(CompletableFuture[]::new)).join();
        now = clock.get();
        lookUntilNothingIsDue();
        var started = fires().stream().filter(f -> f.session() != null).toList();
        assertThat(started.stream().map(Fire::nominal).distinct()).hasSize(200);
        assertThat(started).hasSize(200);
        var sessions =
                log.queries().list(new Filter(null, "digest", null, null), 100_000).stream()
                        .filter(s ->
                                Starting.opened(log, s.id()).cause().getFirst().name().equals(name))
                        .count();
        assertThat(sessions).as("and no session beside them").isEqualTo(200);
    }

    /// Connections that were killed while nobody used them are still in the pool.
    private void lookUntilNothingIsDue() {
        for (int i = 0; i < 100; i++) {
            try {
                if (schedules.due(now, 1).isEmpty()) {
                    return;
                }
                look();
            } catch (DatabaseException e) {
                // the next one is another
            }
        }
    }

    /// All connections of the pool, in the middle of whatever they are at.
    private static void kill() throws SQLException {
        try (var connection = database.connect("killer", java.util.Map.of());
                var statement = connection.createStatement()) {
            statement.execute(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()
                      AND application_name NOT LIKE 'remit %'
                    """);
        }
    }
}
