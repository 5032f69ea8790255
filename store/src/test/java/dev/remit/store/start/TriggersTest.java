package dev.remit.store.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.identity.Principal;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Json;
import dev.remit.core.session.Mail;
import dev.remit.store.start.PostgresTriggers.Taken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Sessions that events start: each way to gather them. Under faults: see [TriggerHistoriesTest].
class TriggersTest extends StartsOnPostgres {
    private int events;

    /// @param rest of the trigger, behind its event
    private void put(String rest) {
        triggers.put(
                name,
                "digest",
                Starting.json("{\"event\":\"" + name + "\"" + rest + "}"),
                Starting.PERSON,
                now);
    }

    private Taken send(String body) {
        return triggers.take(name, "e" + events++, Starting.json(body), Starting.PERSON, now);
    }

    private void pass(Duration time) {
        later(time);
        look();
    }

    private void look() {
        for (int i = 0; i < 50; i++) {
            var due = triggers.due(now, 100);
            if (due.isEmpty()) {
                return;
            }
            due.forEach(d -> triggers.start(d, now, Starting.OPENER));
        }
    }

    private List<EventStart> starts() {
        return triggers.starts(triggers.find(name).orElseThrow(), 1000).reversed();
    }

    private List<String> states() {
        return starts().stream().map(EventStart::state).toList();
    }

    private String input(int index) {
        return Json.write(Starting.opened(log, session(index)).input().value());
    }

    private SessionId session(int index) {
        return starts().stream().filter(s -> s.session() != null).toList().get(index).session();
    }

    @Test
    void an_event_that_is_wanted_starts_a_session_once() {
        put(",\"when\":\"event.priority == 'high'\"");
        assertThat(send("{\"priority\":\"low\"}")).isEqualTo(new Taken.New(0));
        assertThat(
                        triggers.take(
                                name,
                                "x",
                                Starting.json("{\"priority\":\"high\"}"),
                                Starting.PERSON,
                                now))
                .isEqualTo(new Taken.New(1));
        look();
        assertThat(
                        triggers.take(
                                name,
                                "x",
                                Starting.json("{\"priority\":\"high\"}"),
                                Starting.PERSON,
                                now))
                .isEqualTo(new Taken.Known(1));
        look();
        assertThat(states()).containsExactly("started");
        assertThat(input(0)).isEqualTo("{\"priority\":\"high\"}");
        assertThat(Starting.opened(log, session(0)).cause())
                .containsExactly(new Principal(Principal.Kind.WEBHOOK, name), Starting.PERSON);
    }

    @Test
    void an_input_is_made_of_the_event() {
        put(",\"input\":{\"about\":\"ticket ${event.id}\",\"n\":\"${event.n}\"}");
        send("{\"id\":\"T7\",\"n\":3}");
        look();
        assertThat(input(0)).isEqualTo("{\"about\":\"ticket T7\",\"n\":3}");
        send("{\"id\":\"T8\"}");
        look();
        assertThat(states()).as("what does not fit is kept").containsExactly("started", "failed");
        assertThat(starts().getLast().why()).contains("n");
    }

    @Test
    void a_debounce_waits_until_it_is_quiet_and_takes_the_last_event_of_each_key() {
        put(",\"key\":\"event.k\",\"debounce\":\"30s\"");
        for (int i = 0; i < 5; i++) {
            send("{\"k\":\"a\",\"n\":" + i + "}");
            pass(Duration.ofSeconds(20));
        }
        send("{\"k\":\"b\",\"n\":9}");
        assertThat(states()).isEmpty();
        pass(Duration.ofSeconds(11));
        assertThat(states()).containsExactly("started");
        assertThat(input(0)).isEqualTo("{\"k\":\"a\",\"n\":4}");
        assertThat(starts().getFirst().events()).isEqualTo(5);
        pass(Duration.ofSeconds(20));
        assertThat(input(1)).isEqualTo("{\"k\":\"b\",\"n\":9}");
    }

    @Test
    void a_debounce_that_is_never_quiet_starts_after_its_longest_time() {
        put(",\"debounce\":{\"quiet\":\"30s\",\"at_most\":\"1m\"}");
        for (int i = 0; i < 10; i++) {
            send("{\"n\":" + i + "}");
            pass(Duration.ofSeconds(10));
        }
        assertThat(states()).containsExactly("started");
        assertThat(input(0)).isEqualTo("{\"n\":5}");
    }

    @Test
    void a_batch_starts_when_it_is_full_or_its_time_is_up() {
        put(",\"batch\":{\"most\":3,\"within\":\"1m\"}");
        for (int i = 0; i < 4; i++) {
            send("{\"n\":" + i + "}");
        }
        look();
        assertThat(states()).containsExactly("started");
        assertThat(input(0)).isEqualTo("[{\"n\":0},{\"n\":1},{\"n\":2}]");
        pass(Duration.ofSeconds(61));
        assertThat(input(1)).isEqualTo("[{\"n\":3}]");
    }

    @Test
    void one_at_a_time_skips_or_queues_or_cancels_by_key() {
        put(",\"key\":\"event.k\",\"one_at_a_time\":\"skip\"");
        send("{\"k\":1}");
        send("{\"k\":2}");
        look();
        send("{\"k\":1}");
        look();
        assertThat(states()).containsExactlyInAnyOrder("started", "started", "skipped");
    }

    @Test
    void queued_events_start_one_after_the_other() {
        put(",\"one_at_a_time\":\"queue\"");
        for (int i = 0; i < 3; i++) {
            send("{\"n\":" + i + "}");
        }
        pass(Duration.ofSeconds(1));
        for (int i = 0; i < 3; i++) {
            assertThat(states()).hasSize(i + 1);
            assertThat(input(i)).isEqualTo("{\"n\":" + i + "}");
            Starting.end(log, session(i));
            pass(Duration.ofSeconds(2));
        }
        assertThat(states()).containsOnly("ended");
    }

    @Test
    void a_later_event_cancels_once_and_starts_when_the_earlier_session_has_closed() {
        put(",\"one_at_a_time\":\"cancel\"");
        send("{\"n\":0}");
        look();
        send("{\"n\":1}");
        pass(Duration.ofSeconds(5));
        pass(Duration.ofSeconds(5));
        assertThat(log.mail(session(0), 0)).hasSize(1);
        assertThat(log.mail(session(0), 0).getFirst().mail()).isInstanceOf(Mail.Cancel.class);
        assertThat(states()).containsExactly("cancelling");
        Starting.end(log, session(0));
        pass(Duration.ofSeconds(2));
        assertThat(input(1)).isEqualTo("{\"n\":1}");
    }

    @Test
    void a_rate_lets_others_wait_and_loses_none() {
        put(",\"rate\":{\"starts\":2,\"per\":\"1m\"}");
        for (int i = 0; i < 5; i++) {
            send("{\"n\":" + i + "}");
        }
        look();
        assertThat(states()).hasSize(2);
        pass(Duration.ofSeconds(30));
        assertThat(states()).hasSize(2);
        pass(Duration.ofSeconds(31));
        assertThat(states()).hasSize(4);
        pass(Duration.ofSeconds(61));
        assertThat(states()).hasSize(5);
    }

    @Test
    void a_debounce_of_more_events_than_are_looked_at_is_one_session_with_the_last_one() {
        put(",\"debounce\":\"30s\"");
        send("{\"n\":0}");
        var id = triggers.find(name).orElseThrow().id();
        execute(
                """
                INSERT INTO waiting_event (trigger, key, event, principal, at, body)
                SELECT %d, '', 'more-' || n, 'person:local', now(), '{"n":' || n || '}'
                FROM generate_series(1, 2499) n
                """
                        .formatted(id));
        execute("UPDATE event_group SET events = 2500 WHERE trigger = " + id);
        pass(Duration.ofSeconds(31));
        assertThat(starts()).hasSize(1);
        assertThat(starts().getFirst().events()).isEqualTo(2500);
        assertThat(input(0)).isEqualTo("{\"n\":2499}");
        assertThat(triggers.waiting(triggers.find(name).orElseThrow())).isZero();
    }

    /// An event that comes locks its trigger a little, and then waits for the group that is being
    /// started: if the start waited for it in turn, the database would have to break one of them.
    @Test
    void a_start_with_a_rate_does_not_wait_for_an_event_that_comes() throws Exception {
        put(",\"rate\":{\"starts\":2,\"per\":\"1m\"}");
        send("{\"n\":0}");
        var id = triggers.find(name).orElseThrow().id();
        var patient = Map.of("idle_in_transaction_session_timeout", "0");
        try (var coming = database.connect("coming", patient);
                var insert = coming.createStatement()) {
            coming.setAutoCommit(false);
            insert.executeUpdate(
                    """
                    INSERT INTO waiting_event (trigger, key, event, principal, at, body)
                    VALUES (%d, '', 'x', 'person:local', now(), '{}')
                    """
                            .formatted(id));
            CompletableFuture.runAsync(this::look).get(20, TimeUnit.SECONDS);
            assertThat(states()).containsExactly("started");
        }
    }

    @Test
    void keys_that_no_column_holds_are_kept_apart() {
        put(",\"key\":\"event.k\",\"one_at_a_time\":\"skip\"");
        var long_ = "x".repeat(600);
        for (var key : List.of("a\\u0000b", "a\\u0000c", long_ + "1", long_ + "2", long_ + "2")) {
            send("{\"k\":\"" + key + "\"}");
            look();
        }
        assertThat(states()).containsExactly("started", "started", "started", "started", "skipped");
    }

    @Test
    void many_nodes_take_and_start_each_event_exactly_once() {
        put(",\"key\":\"event.k\"");
        var work = new ArrayList<CompletableFuture<Void>>();
        for (int node = 0; node < 4; node++) {
            work.add(
                    CompletableFuture.runAsync(() -> {
                        for (int i = 0; i < 100; i++) {
                            var body = Starting.json("{\"k\":" + i % 7 + ",\"n\":" + i + "}");
                            triggers.take(name, "same-" + i, body, Starting.PERSON, now);
                            look();
                        }
                    }));
        }
        CompletableFuture.allOf(work.toArray(CompletableFuture[]::new)).join();
        look();
        assertThat(states()).hasSize(100).containsOnly("started");
        assertThat(starts().stream().map(EventStart::session).distinct()).hasSize(100);
        assertThat(triggers.waiting(triggers.find(name).orElseThrow())).isZero();
    }
}
