package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import dev.remit.store.database.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The plug is pulled while a model speaks: real servers, a real PostgreSQL, a real `kill -9`.
@Tag("slow")
class StreamsDurabilityTest {
    private static final String TEXT =
            IntStream.range(0, 120)
                    .mapToObj(i -> "word " + i + ",")
                    .collect(Collectors.joining(" "));

    @TempDir Path folder;

    @Test
    void readers_miss_nothing_when_the_node_that_drives_is_killed_in_mid_word() throws Exception {
        try (var postgres = EmbeddedPostgres.start(folder.resolve("db/postgres"));
                var stays = node("stays", postgres);
                var dies = node("dies", postgres)) {
            stays.start();
            dies.start();
            try (var living = stays.client();
                    var dying = dies.client()) {
                living.apply(StreamsTest.teller(40, "${input.text}")).expect(200);
                var id = openedAt(dying, living);
                try (var elsewhere = new Listener(id);
                        var moves = new Listener(id)) {
                    elsewhere.at(living);
                    moves.at(dying).until("some words", l -> l.length() > 200);
                    elsewhere.until("some words", l -> l.length() > 200);
                    dies.kill();
                    moves.leave().at(living);
                    for (var listener : new Listener[] {elsewhere, moves}) {
                        listener.untilOver();
                        assertThat(listener.faults()).isEmpty();
                        assertThat(listener.replies()).containsExactly(TEXT);
                        assertThat(listener.events())
                                .extracting(e -> e.at("/event/type").asString(""))
                                .contains("recovered");
                    }
                }
            }
        } finally {
            Leftovers.delete(folder.resolve("db"));
        }
    }

    private ServerProcess node(String name, EmbeddedPostgres postgres) {
        return new ServerProcess(
                folder.resolve(name),
                folder.resolve(name + ".output"),
                Map.of("REMIT_DATABASE_URL", postgres.address().toUrl()));
    }

    /// Opens a session that is driven there: the other node takes none for that time.
    private static String openedAt(ApiClient there, ApiClient other) throws IOException {
        drain(other, "drain");
        until(other, "draining");
        var id = there.open("teller", Json.object().put("text", TEXT)).expect(201).text("/id");
        there.follow(id, 0, sent -> sent.type().equals("model_called"));
        drain(other, "resume");
        return id;
    }

    private static void drain(ApiClient node, String verb) {
        node.post("/v1/nodes/" + self(node, "id") + ":" + verb, Json.object()).expect(202);
    }

    private static String self(ApiClient node, String field) {
        for (var listed : node.get("/v1/nodes").expect(200).body().path("items")) {
            if (listed.path("this").asBoolean(false)) {
                return listed.path(field).asString("");
            }
        }
        throw new AssertionError("a node that does not list itself");
    }

    private static void until(ApiClient node, String status) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!self(node, "status").equals(status)) {
            assertThat(System.nanoTime()).isLessThan(end);
        }
    }
}
