package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A bound of readers, small, over real HTTP. The real one: see
/// `dev.remit.server.live.ReadersTest`.
@Tag("slow")
class ReadersTest {
    private static final int MOST = 8;
    private static final String TEXT = "word, ".repeat(60);

    // A server of its own for each: the places of a test that is over come free at the next write.
    @TempDir Path home;

    private TestServer server;
    private ApiClient client;

    @BeforeEach
    void start() {
        server = new TestServer(home, Map.of("REMIT_MOST_READERS", Integer.toString(MOST)));
        client = server.client;
        client.apply(StreamsTest.teller(10, "${input.text}")).expect(200);
        client.apply(Folders.greeter()).expect(200);
    }

    @AfterEach
    void stop() {
        server.close();
        Leftovers.delete(home);
    }

    private ApiClient.Answer asks(String session) {
        return client.send(
                client.request("/v1/sessions/" + session + "/events?tokens=true")
                        .header("Accept", "text/event-stream"));
    }

    @Test
    void the_one_beyond_the_bound_is_told_so_the_others_read_on_and_a_free_place_is_taken() {
        var id = client.open("teller", Json.object().put("text", TEXT)).expect(201).text("/id");
        var readers = new ArrayList<Listener>();
        try {
            for (int i = 0; i < MOST; i++) {
                readers.add(new Listener(id).at(client));
            }
            var refused = asks(id).expect(503);
            assertThat(refused.text("/type")).endsWith("too-many-readers");
            assertThat(refused.text("/detail")).contains("8 read sessions at this node");
            assertThat(refused.headers()).containsKey("retry-after");
            assertThat(client.get("/v1/sessions/" + id).expect(200).text("/status"))
                    .as("whatever is no stream is answered")
                    .isEqualTo("running");
            readers.getFirst().leave();
            var late = new Listener(id);
            readers.set(0, late);
            untilThereIsAPlace(late);
            for (var reader : readers) {
                reader.untilOver();
                assertThat(reader.faults()).isEmpty();
                assertThat(reader.replies()).containsExactly(TEXT);
            }
        } finally {
            readers.forEach(Listener::close);
        }
    }

    /// A server notices that a reader is gone when it next writes to it.
    private void untilThereIsAPlace(Listener late) {
        try {
            ApiClient.until(
                    () -> {
                        try {
                            late.at(client);
                            return true;
                        } catch (AssertionError refused) {
                            return false;
                        }
                    },
                    there -> there);
        } catch (Exception e) {
            throw new AssertionError("no place becomes free", e);
        }
    }

    @Test
    void of_many_that_come_at_once_each_is_answered_whole_or_refused_clearly() {
        var id = client.open("teller", Json.object().put("text", TEXT)).expect(201).text("/id");
        var answers = new ArrayList<CompletableFuture<Integer>>();
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4 * MOST; i++) {
                answers.add(CompletableFuture.supplyAsync(() -> answered(id), pool));
            }
        }
        var counts = answers.stream().map(CompletableFuture::join).toList();
        assertThat(counts).containsOnly(200, 503);
        assertThat(counts.stream().filter(status -> status == 200))
                .as("whoever comes when the first are through has a place, too")
                .hasSizeGreaterThanOrEqualTo(MOST);
    }

    /// @return how it was answered; a stream is read to its end first
    private int answered(String session) {
        try (var reader = new Listener(session)) {
            reader.at(client).untilOver();
            assertThat(reader.faults()).isEmpty();
            assertThat(reader.replies()).isEqualTo(List.of(TEXT));
            return 200;
        } catch (AssertionError e) {
            if (String.valueOf(e.getMessage()).contains("503")) {
                return 503;
            }
            throw e;
        }
    }

    @Test
    void a_closed_session_is_read_however_many_follow_others() {
        var id = client.open("teller", Json.object().put("text", TEXT)).expect(201).text("/id");
        var old = client.open("greeter", Json.object().put("name", "x")).expect(201).text("/id");
        client.closed(old);
        var readers = new ArrayList<Listener>();
        try {
            for (int i = 0; i < MOST; i++) {
                readers.add(new Listener(id).at(client));
            }
            asks(id).expect(503);
            assertThat(client.follow(old, 0, s -> false))
                    .extracting(ApiClient.Sent::type)
                    .contains("opened", "closed");
        } finally {
            readers.forEach(Listener::close);
        }
    }
}
