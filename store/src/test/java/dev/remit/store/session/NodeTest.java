package dev.remit.store.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.SessionId;
import dev.remit.core.session.SessionLog.Answer;
import dev.remit.core.session.SessionLog.Claim;
import dev.remit.core.tool.Ended;
import dev.remit.store.TestDatabases;
import dev.remit.store.database.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Life and death of nodes.
class NodeTest {
    private static Database database;

    @BeforeAll
    static void open() {
        database = TestDatabases.fresh();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void a_living_owner_is_never_robbed() {
        try (var one = PostgresSessionLog.join(database, "one", true);
                var two = PostgresSessionLog.join(database, "two", true)) {
            var id = Sample.open(one);
            Sample.claim(one, id);
            assertThat(two.claim(id)).isEqualTo(new Claim.Refused("node one has it"));
        }
    }

    @Test
    void what_a_node_leaves_behind_is_ready_at_once() {
        var one = PostgresSessionLog.join(database, "one", true);
        var id = Sample.open(one);
        Sample.claim(one, id);
        one.close();
        try (var two = PostgresSessionLog.join(database, "two", true)) {
            assertThat(two.ready(Instant.now(), 1000)).contains(id);
            var claimed = (Claim.Claimed) two.claim(id);
            assertThat(claimed.recovered()).isTrue();
            assertThat(claimed.recoveries()).isEqualTo(1);
        }
    }

    @Test
    void a_node_that_starts_again_has_its_earlier_run_fenced_at_once() {
        try (var earlier = PostgresSessionLog.join(database, "again", true)) {
            var id = Sample.open(earlier);
            var fence = Sample.claim(earlier, id);
            try (var later = PostgresSessionLog.join(database, "again", true)) {
                assertThat(later.ready(Instant.now(), 1000)).contains(id);
                var taken = Sample.claim(later, id);
                assertThat(earlier.append(Sample.keep(earlier, fence, 1, Sample.started(1, "a"))))
                        .isEqualTo(new Answer.Stale());
                assertThat(earlier.claim(id)).isInstanceOf(Claim.Refused.class);
                Sql.await(() -> !earlier.mayStart());
                assertThat(later.append(Sample.keep(later, taken, 1, Sample.started(1, "a"))))
                        .isInstanceOf(Answer.Appended.class);
                assertThat(later.append(Sample.keep(later, fence, 2, Sample.started(1, "a"))))
                        .as("with the fence of the earlier run")
                        .isEqualTo(new Answer.Stale());

                earlier.keep(id, new ActionId("1.1"), 1, new Ended.Unknown("too late to append"));
                assertThat(later.kept(id, new ActionId("1.1"), 1)).isPresent();
            }
        }
    }

    @Test
    void a_node_whose_lease_is_over_is_fenced_by_a_peer_that_hears_of_its_sessions()
            throws SQLException {
        try (var peer = PostgresSessionLog.join(database, "peer", true, Duration.ofSeconds(1));
                var sql = new Sql(database)) {
            var heard = new ConcurrentLinkedQueue<SessionId>();
            peer.listen(
                    new LogListener() {
                        @Override
                        public void appended(SessionId session, long head) {}

                        @Override
                        public void ready(SessionId session) {
                            heard.add(session);
                        }
                    });
            var dead = new Node("dead", Duration.ofSeconds(1));
            dead.join(database, true);
            var id = Sample.open(peer);
            sql.update(
                    "UPDATE session SET owner = ?, epoch = 1, ready_at = NULL WHERE id = ?",
                    dead.incarnation(),
                    id.uuid());
            heard.clear();
            assertThat(peer.claim(id)).isInstanceOf(Claim.Refused.class);
            Sql.await(() -> heard.contains(id));
            assertThat(((Claim.Claimed) peer.claim(id)).fence().epoch()).isEqualTo(2);
        }
    }

    @Test
    void a_node_that_cannot_renew_stops_starting_effects_before_its_lease_is_over() {
        var node = new Node("silent", Duration.ofMillis(1500));
        node.join(database, true);
        assertThat(node.mayStart()).isTrue();
        Sql.await(() -> !node.mayStart());
        assertThat(
                        database.<Boolean>with(connection -> {
                            try (var select =
                                    connection.prepareStatement(
                                            "SELECT lease > clock_timestamp() FROM node WHERE incarnation = ?")) {
                                select.setObject(1, node.incarnation());
                                var row = select.executeQuery();
                                row.next();
                                return row.getBoolean(1);
                            }
                        }))
                .as("the lease still runs")
                .isTrue();
        node.leave(database);
    }

    @Test
    void mail_for_a_session_of_another_node_wakes_that_node_only() throws Exception {
        try (var one = PostgresSessionLog.join(database, "one", true);
                var two = PostgresSessionLog.join(database, "two", true)) {
            var atOne = new ConcurrentLinkedQueue<SessionId>();
            var atTwo = new ConcurrentLinkedQueue<SessionId>();
            one.listen(readyInto(atOne));
            two.listen(readyInto(atTwo));
            var id = Sample.open(one);
            Sample.claim(one, id);
            atOne.clear();
            two.send(id, Sample.message("cancel it"));
            Sql.await(() -> atOne.contains(id));
            assertThat(atTwo).isEmpty();
        }
    }

    private static LogListener readyInto(ConcurrentLinkedQueue<SessionId> heard) {
        return new LogListener() {
            @Override
            public void appended(SessionId session, long head) {}

            @Override
            public void ready(SessionId session) {
                heard.add(session);
            }
        };
    }

    @Test
    void nodes_that_own_nothing_are_forgotten() throws SQLException {
        var gone = PostgresSessionLog.join(database, "gone", true);
        gone.close();
        try (var sql = new Sql(database);
                var connection = database.connect("x", java.util.Map.of())) {
            Fencing.forget(connection);
            assertThat(sql.column("SELECT name FROM node WHERE name = 'gone'")).isEmpty();
        }
    }
}
