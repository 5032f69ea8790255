package dev.remit.server;

import dev.remit.core.json.Json;
import dev.remit.store.database.EmbeddedPostgres;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Two servers, each a process of its own, on one PostgreSQL, that know the agent of [Scribes].
abstract class TwoServers {
    @TempDir Path folder;

    private EmbeddedPostgres postgres;
    ServerProcess a;
    ServerProcess b;

    /// The sessions that somebody was told of.
    final List<String> accepted = new CopyOnWriteArrayList<>();

    /// What the load was told last.
    volatile String lastAnswer = "";

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

    List<Path> homes() {
        return List.of(folder.resolve("a"), folder.resolve("b"));
    }

    /// Opens sessions one after the other, at whichever server answers, until it is told an id: the
    /// key makes sure that it is one session however often it is asked for.
    ///
    /// @param pause after each answer, in nanoseconds
    void keepOpening(AtomicBoolean over, long pause) {
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
                LockSupport.parkNanos(pause);
            }
        }
    }
}
