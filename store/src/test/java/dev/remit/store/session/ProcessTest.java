package dev.remit.store.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.SessionId;
import dev.remit.core.session.SessionLog.Answer;
import dev.remit.core.session.SessionLog.Claim;
import dev.remit.store.TestDatabases;
import dev.remit.store.database.Database;
import dev.remit.store.database.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Real processes, really killed.
@Tag("slow")
class ProcessTest {

    @Test
    void a_process_that_was_stopped_past_its_lease_can_neither_append_nor_claim() throws Exception {
        try (var database = TestDatabases.fresh();
                var log = PostgresSessionLog.join(database, "here", true, Duration.ofSeconds(2))) {
            var id = Sample.open(log);
            try (var zombie = Child.start("zombie", database.address().toUrl(), id.toString())) {
                assertThat(zombie.line()).isEqualTo("claimed");
                assertThat(log.claim(id)).isInstanceOf(Claim.Refused.class);
                Child.signal("STOP", zombie.pid());
                Sql.await(() -> log.ready(Instant.now(), 10).contains(id));
                var fence = Sample.claim(log, id);
                assertThat(log.append(Sample.keep(log, fence, 1, Sample.started(1, "from here"))))
                        .isInstanceOf(Answer.Appended.class);
                zombie.say("go on");
                Child.signal("CONT", zombie.pid());
                var answers = new ArrayList<String>();
                for (int i = 0; i < 5; i++) {
                    answers.add(zombie.line());
                }
                // Its connections were terminated: the first append finds that out.
                assertThat(answers.getLast()).isEqualTo("Stale");
                assertThat(answers).isSubsetOf("Unknown", "Busy", "Stale");
                assertThat(zombie.line()).isEqualTo("Refused");
                assertThat(zombie.line()).isEqualTo("kept");
                assertThat(log.kept(id, new ActionId("1.1"), 1)).isPresent();
                assertThat(log.load(id).state().seq()).isEqualTo(2);
            }
        }
    }

    @Test
    void killing_the_process_leaves_no_postgres_and_loses_nothing() throws Exception {
        killAndLook(false, 3);
    }

    @Test
    void killing_both_loses_nothing() throws Exception {
        killAndLook(true, 3);
    }

    private static void killAndLook(boolean both, int times) throws Exception {
        var home = Files.createTempDirectory("remit-process-");
        var random = new Random(7);
        try {
            for (int i = 0; i < times; i++) {
                long postgres;
                SessionId id;
                long acknowledged = 1;
                try (var child = Child.start("own", home.toString())) {
                    var first = child.line().split(" ");
                    postgres = Long.parseLong(first[0]);
                    id = SessionId.parse(first[1]);
                    for (int n = random.nextInt(300); n >= 0; n--) {
                        acknowledged = Long.parseLong(child.line());
                    }
                    if (both) {
                        Child.signal("KILL", postgres);
                    }
                    child.kill();
                    for (var line = child.line(); line != null; line = child.line()) {
                        acknowledged = Long.parseLong(line); // on its way when it died
                    }
                }
                look(home, id, acknowledged);
                long pid = postgres;
                Sql.await(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
            }
        } finally {
            delete(home);
        }
    }

    /// Starts on the same data, while the former PostgreSQL may still be stopping.
    private static void look(Path home, SessionId id, long acknowledged) {
        try (var server = EmbeddedPostgres.start(home);
                var database = Database.open(server.address());
                var log = PostgresSessionLog.join(database, "own", true)) {
            var state = log.load(id).state();
            assertThat(state.seq()).isBetween(acknowledged, acknowledged + 1);
            assertThat(log.ready(Instant.now(), 100)).contains(id);
            assertThat(((Claim.Claimed) log.claim(id)).recovered()).isTrue();
        }
    }

    private static void delete(Path home) throws IOException {
        var roots = new ArrayList<>(List.of(home));
        var server = home.resolve("server");
        if (Files.isSymbolicLink(server)) {
            roots.add(server.toRealPath());
        }
        for (var root : roots) {
            try (var files = Files.walk(root)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
