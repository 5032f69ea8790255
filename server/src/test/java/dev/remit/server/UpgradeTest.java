package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import dev.remit.store.database.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two servers on one PostgreSQL, one of which is as if it were of a later version: it brings a
/// migration along that the other one does not know, and writes events that the other one cannot
/// read. Two versions that really were: `./remit campaign --beside`.
@Tag("slow")
class UpgradeTest {
    private static final long SECONDS = 50;
    private static final int ROUND = 5;
    private static final long A_MOMENT = 20_000_000;

    @TempDir Path folder;

    private EmbeddedPostgres postgres;
    private ServerProcess a;
    private ServerProcess b;
    private final List<String> accepted = new CopyOnWriteArrayList<>();
    private volatile String lastAnswer = "";

    @BeforeEach
    void start() throws Exception {
        postgres = EmbeddedPostgres.start(folder.resolve("db/postgres"));
        a = node("a");
        b = node("b");
        a.start();
        b.start();
        try (var client = a.client()) {
            client.apply(Scribes.scribe()).expect(200);
        }
    }

    @AfterEach
    void stop() {
        a.close();
        b.close();
        postgres.close();
        Leftovers.delete(folder.resolve("db"));
    }

    private ServerProcess node(String name) {
        return new ServerProcess(
                folder.resolve(name),
                folder.resolve(name + ".output"),
                Map.of("REMIT_DATABASE_URL", postgres.address().toUrl()));
    }

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
        var load = Thread.ofPlatform().name("load").start(() -> keepOpening(over));
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

    private List<Path> homes() {
        return List.of(folder.resolve("a"), folder.resolve("b"));
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

    /// Opens sessions one after the other, at whichever server answers, until it is told an id.
    private void keepOpening(AtomicBoolean over) {
        for (int i = 0; !over.get(); i++) {
            var body = Json.object().put("agent", "scribe").set("input", Json.object());
            boolean opened = false;
            for (int attempt = i; !opened && !over.get(); attempt++) {
                try (var client = (attempt % 2 == 0 ? a : b).client()) {
                    var answer =
                            client.send(
                                    client.request("/v1/sessions")
                                            .header("Idempotency-Key", "load-" + i)
                                            .POST(
                                                    BodyPublishers.ofByteArray(
                                                            Json.canonical(body))));
                    lastAnswer = answer.status() + " " + answer.body();
                    opened = answer.status() == 201 || answer.status() == 200;
                    if (opened) {
                        accepted.add(answer.text("/id"));
                    }
                } catch (IOException | AssertionError notThere) {
                    lastAnswer = notThere.toString(); // being restarted: the other one is asked
                }
                LockSupport.parkNanos(A_MOMENT);
            }
        }
    }
}
