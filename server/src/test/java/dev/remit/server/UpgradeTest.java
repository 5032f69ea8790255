package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Two servers on one PostgreSQL, one of which is as if it were of a later version: it brings a
/// migration along that the other one does not know, and writes events that the other one cannot
/// read. Two versions that really were: `./remit campaign --beside`.
@Tag("slow")
class UpgradeTest extends TwoServers {
    private static final long SECONDS = 50;
    private static final int ROUND = 5;
    private static final long A_MOMENT = 20_000_000;

    /// Adds to tables that are in use, as a migration may, and raises the version of events.
    private ServerProcess.Program newer() throws IOException {
        var classes = folder.resolve("newer");
        var migrations = Files.createDirectories(classes.resolve("dev/remit/store/migrations"));
        Files.writeString(
                migrations.resolve("V1000__zones.sql"),
                """
                ALTER TABLE session ADD COLUMN zone text;
                ALTER TABLE node ADD COLUMN rack int NOT NULL DEFAULT 0;
                CREATE TABLE zone (name text PRIMARY KEY);
                """);
        return new ServerProcess.Program(
                List.of("-Dremit.log.version=2"), classes + File.pathSeparator);
    }

    @Test
    void an_old_server_and_a_new_one_stand_side_by_side_under_load_and_nothing_is_lost()
            throws Exception {
        var over = new AtomicBoolean();
        var load = Thread.ofPlatform().name("load").start(() -> keepOpening(over, A_MOMENT));
        sessionsCome();
        b.becomes(newer());
        assertThat(b.stop()).isEqualTo(143);
        b.start(); // changes the tables under the old one
        sessionsCome();
        a.kill();
        sessionsCome();
        a.start(); // on tables that are newer than it knows
        sessionsCome();

        try (var client = b.client()) {
            accepted.addAll(Scribes.opened(client));
            accepted.addAll(Scribes.opened(client));
        }
        assertThat(b.stop()).isEqualTo(143); // hands over what only it understands
        sessionsCome();
        assertThat(leftBy("a")).as("the old one met something that it could not read").isPositive();
        b.start();
        sessionsCome();

        over.set(true);
        load.join();
        try (var client = b.client()) {
            Scribes.allEnd(client, homes(), accepted, 0);
        }
        Scribes.eachLineOnce(homes(), accepted, 0);
    }

    private long leftBy(String node) throws IOException {
        try (var lines = Files.lines(folder.resolve(node).resolve("logs/server.log"))) {
            return lines.filter(line -> line.contains("is left to another node")).count();
        }
    }

    private void sessionsCome() {
        int before = accepted.size();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (accepted.size() < before + ROUND) {
            assertThat(System.nanoTime())
                    .as("%s and more sessions come; the last answer: %s", before, lastAnswer)
                    .isLessThan(end);
            LockSupport.parkNanos(A_MOMENT);
        }
    }
}
