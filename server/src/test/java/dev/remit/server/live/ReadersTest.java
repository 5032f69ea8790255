package dev.remit.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.identity.Principal;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.model.ModelChoice;
import dev.remit.core.secret.PatternRedactor;
import dev.remit.core.session.Event;
import dev.remit.core.session.SessionLog;
import dev.remit.http.server.EventStream;
import dev.remit.store.database.Database;
import dev.remit.store.database.EmbeddedPostgres;
import dev.remit.store.session.PostgresSessionLog;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How many may read at a node, in process: the real bound, without its sockets. Over HTTP: see
/// `dev.remit.server.ReadersTest`.
@Tag("slow")
class ReadersTest {
    @TempDir static Path folder;

    private static EmbeddedPostgres postgres;
    private static Database database;
    private PostgresSessionLog log;
    private Live live;
    private SessionId session;

    @BeforeAll
    static void open() {
        postgres = EmbeddedPostgres.start(folder.resolve("postgres"));
        database = Database.open(postgres.address());
    }

    @AfterAll
    static void close() {
        database.close();
        postgres.close();
    }

    @BeforeEach
    void join() {
        log = PostgresSessionLog.join(database, "here", true);
        live =
                new Live(
                        log,
                        new PatternRedactor(),
                        r -> EventStream.frame(Long.toString(r.seq()), "event", "{}"),
                        Live.MOST_READERS);
        session = opened();
    }

    @AfterEach
    void leave() {
        live.close();
        log.close();
    }

    private SessionId opened() {
        var at = Instant.now();
        var id = SessionId.random(at, ThreadLocalRandom.current());
        var event =
                new Event.Opened(
                        new DefinitionRef("read", Hash.of("v1")),
                        Content.derived(Json.object()),
                        List.of(new Principal(Principal.Kind.PERSON, "local")),
                        null,
                        ModelChoice.rehearsal(1),
                        null,
                        null,
                        null);
        log.open(new SessionLog.Opening(id, event, at, null));
        return id;
    }

    @Test
    void of_many_that_come_at_once_as_many_as_the_bound_read_and_a_place_that_is_left_is_free() {
        var readers = new ArrayList<Live.Watch>();
        var asked = new ArrayList<CompletableFuture<Boolean>>();
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < Live.MOST_READERS + 200; i++) {
                asked.add(CompletableFuture.supplyAsync(() -> reads(readers), pool));
            }
        }
        assertThat(asked.stream().filter(CompletableFuture::join)).hasSize(Live.MOST_READERS);
        assertThat(live.watch(session, () -> {})).as("one more").isEmpty();
        readers.getFirst().close();
        readers.getFirst().close(); // twice frees one place all the same
        var next = live.watch(session, () -> {});
        assertThat(next).as("in the place of one that left").isPresent();
        assertThat(live.watch(session, () -> {})).isEmpty();
        readers.forEach(Live.Watch::close);
        next.get().close();
        assertThat(live.isWatched(session)).as("nothing is kept of them").isFalse();
    }

    private boolean reads(List<Live.Watch> readers) {
        var watch = live.watch(session, () -> {});
        synchronized (readers) {
            watch.ifPresent(readers::add);
        }
        return watch.isPresent();
    }

    @Test
    void those_that_read_are_told_while_others_are_refused() throws Exception {
        var told = new CountDownLatch(Live.MOST_READERS);
        var readers = new ArrayList<Live.Watch>();
        for (int i = 0; i < Live.MOST_READERS; i++) {
            var first = new AtomicBoolean();
            var watch =
                    live.watch(
                            session,
                            () -> {
                                if (first.compareAndSet(false, true)) {
                                    told.countDown();
                                }
                            });
            readers.add(watch.orElseThrow());
        }
        assertThat(live.watch(session, () -> {})).isEmpty();
        live.appended(session);
        live.tokens(session, 1);
        assertThat(told.await(30, TimeUnit.SECONDS)).as("every one of them").isTrue();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (readers.getLast().moment().tokens() != 1) {
            assertThat(System.nanoTime()).as("of the token, too").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        readers.forEach(Live.Watch::close);
    }
}
