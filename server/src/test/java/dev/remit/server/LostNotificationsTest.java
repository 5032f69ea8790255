package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import dev.remit.store.database.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Notifications between nodes are hints: four of five are lost here, on their way from PostgreSQL
/// to two servers, and all that may come of it is that things take longer.
@Tag("slow")
class LostNotificationsTest {
    private static final int LOST_PERCENT = 80;
    private static final int SESSIONS = 6;
    private static final int ROUNDS = 3;
    private static final String TEXT =
            IntStream.range(0, 60)
                    .mapToObj(i -> "word " + i + ",")
                    .collect(Collectors.joining(" "));

    private static final Pattern NUMBER = Pattern.compile("\"n\":(\\d)");

    @TempDir Path folder;

    private interface Play {
        void at(ApiClient one, ApiClient two) throws Exception;
    }

    private void play(Play play) throws Exception {
        try (var postgres = EmbeddedPostgres.start(folder.resolve("db/postgres"));
                var toOne = new DeafRelay(postgres.address(), LOST_PERCENT, 1);
                var toTwo = new DeafRelay(postgres.address(), LOST_PERCENT, 2);
                var one = node("one", toOne);
                var two = node("two", toTwo)) {
            play.at(one.client, two.client);
            assertThat(toOne.lost.get() + toTwo.lost.get()).as("lost").isPositive();
            assertThat(toOne.passed.get() + toTwo.passed.get()).as("not lost").isPositive();
        } finally {
            Leftovers.delete(folder.resolve("db"));
        }
    }

    private TestServer node(String name, DeafRelay database) {
        return new TestServer(folder.resolve(name), Map.of("REMIT_DATABASE_URL", database.url()));
    }

    /// Waits for one event after the other.
    private static Map<String, String> waiter() {
        var text = new StringBuilder("remit: workflow/v1\nname: waiter\nsteps:\n");
        var names = new ArrayList<String>();
        for (int i = 0; i < ROUNDS; i++) {
            text.append(
                    "  - wait: { event: round-%1$d, within: 1h }\n    as: r%1$d\n".formatted(i));
            names.add("r" + i + ": r" + i);
        }
        text.append("output: { ").append(String.join(", ", names)).append(" }\n");
        return new TreeMap<>(Map.of("workflow.yaml", text.toString()));
    }

    @Test
    void what_is_sent_to_sessions_that_wait_or_speak_arrives_once_and_in_order() throws Exception {
        play((one, two) -> {
            one.apply(waiter()).expect(200);
            one.apply(StreamsTest.teller(30, "${input.text}")).expect(200);
            var waiting = opened(List.of(one, two), "waiter", Json.object());
            var speaking = opened(List.of(one), "teller", Json.object().put("text", TEXT));
            for (var session : speaking) {
                one.follow(session, 0, s -> s.type().equals("model_called"));
            }
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < SESSIONS; i++) {
                    event(round % 2 == 0 ? one : two, waiting.get(i), round);
                    message(two, speaking.get(i), round);
                }
            }
            for (int i = 0; i < SESSIONS; i++) {
                assertThat(two.closed(waiting.get(i)).path("output"))
                        .isEqualTo(
                                Json.parse("{\"r0\":{\"n\":0},\"r1\":{\"n\":1},\"r2\":{\"n\":2}}"));
                assertThat(received(one, waiting.get(i))).isEqualTo("n0 n1 n2");
                assertThat(received(one, speaking.get(i))).isEqualTo("n0 n1 n2");
            }
        });
    }

    private static List<String> opened(List<ApiClient> nodes, String agent, JsonNode input) {
        var sessions = new ArrayList<String>();
        for (int i = 0; i < SESSIONS; i++) {
            var node = nodes.get(i % nodes.size());
            sessions.add(node.open(agent, input).expect(201).text("/id"));
        }
        return sessions;
    }

    private static void event(ApiClient node, String session, int number) {
        tell(
                node,
                session,
                Json.object()
                        .put("type", "event")
                        .put("name", "round-" + number)
                        .set("body", Json.object().put("n", number)));
    }

    private static void message(ApiClient node, String session, int number) {
        tell(node, session, Json.object().put("type", "message").put("text", "\"n\":" + number));
    }

    private static void tell(ApiClient node, String session, JsonNode what) {
        node.post("/v1/sessions/" + session + "/events", what).expect(202);
    }

    /// The numbers of what the session has taken in, in order.
    private static String received(ApiClient node, String session) {
        return node.follow(session, 0, s -> s.type().equals("closed")).stream()
                .filter(s -> s.type().equals("received"))
                .map(s -> NUMBER.matcher(s.data().toString().replace("\\", "")))
                .map(found -> found.find() ? "n" + found.group(1) : "none")
                .collect(Collectors.joining(" "));
    }

    @Test
    void who_reads_at_either_node_misses_no_event_and_no_word_and_hears_none_twice()
            throws Exception {
        play((one, two) -> {
            one.apply(StreamsTest.teller(30, "${input.text}")).expect(200);
            var readers = new ArrayList<Listener>();
            for (var at : List.of(one, two)) {
                var id = at.open("teller", Json.object().put("text", TEXT)).expect(201).text("/id");
                for (var node : List.of(one, two, two, one)) {
                    readers.add(new Listener(id).at(node));
                }
            }
            for (var reader : readers) {
                try (reader) {
                    reader.untilOver();
                    assertThat(reader.faults()).isEmpty();
                    assertThat(reader.replies()).containsExactly(TEXT);
                }
            }
        });
    }
}
