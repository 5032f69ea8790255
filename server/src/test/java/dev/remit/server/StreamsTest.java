package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import dev.remit.store.database.Database;
import dev.remit.store.database.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many read a session while its model speaks, at the node that drives it and at another: over real
/// HTTP, with a real PostgreSQL.
@Tag("slow")
class StreamsTest {
    private static final String TEXT =
            IntStream.range(0, 90)
                    .mapToObj(i -> "word " + i + ",")
                    .collect(Collectors.joining(" "));

    @TempDir static Path folder;

    private static TestServer one;
    private static TestServer two;

    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeAll
    static void start() {
        one = new TestServer(folder.resolve("one"));
        two = new TestServer(folder.resolve("two"), "--database", folder.resolve("one").toString());
        one.client.apply(teller(60, "${input.text}")).expect(200);
    }

    @AfterAll
    static void stop() {
        two.close();
        one.close();
        Leftovers.delete(folder.resolve("one"));
    }

    @AfterEach
    void endReading() throws Exception {
        for (var reader : open) {
            reader.close();
        }
    }

    /// Says what it is told to, and how fast.
    static Map<String, String> teller(int tokensPerSecond, String answer) {
        return teller("tokens_per_second: " + tokensPerSecond, answer);
    }

    private static Map<String, String> teller(String pace, String answer) {
        var files = new TreeMap<String, String>();
        files.put(
                "agent.yaml",
                "remit: agent/v1\nname: teller\ndescription: Says what it is told.\nowner: press\n");
        files.put("instructions.md", "Say it.\n");
        files.put(
                "rehearsal.yaml",
                """
                remit: rehearsal/v1
                replies:
                  - when: "true"
                    %s
                    answer: %s
                """
                        .formatted(pace, Json.write(Json.text(answer))));
        return files;
    }

    private static String told(ApiClient client) {
        return client.open("teller", Json.object().put("text", TEXT)).expect(201).text("/id");
    }

    private Listener listener(String session) {
        var listener = new Listener(session);
        open.add(listener);
        return listener;
    }

    @Test
    void many_hear_the_same_words_in_order_at_any_node_while_they_are_said() {
        var id = told(one.client);
        var all = new ArrayList<Listener>();
        for (int i = 0; i < 20; i++) {
            all.add(listener(id).at(one.client));
            all.add(listener(id).at(two.client));
        }
        for (var listener : all) {
            listener.untilOver();
            assertThat(listener.faults()).isEmpty();
            assertThat(listener.replies()).containsExactly(TEXT);
            assertThat(listener.pieces()).as("pieces").isGreaterThan(5);
        }
    }

    @Test
    void who_comes_back_here_or_elsewhere_has_neither_gap_nor_repetition() {
        var id = told(one.client);
        var listener = listener(id);
        int visits = 0;
        for (int heard = 0; heard < TEXT.length() - 150; visits++) {
            int before = heard;
            listener.at(visits % 2 == 0 ? two.client : one.client)
                    .until("more words", l -> l.length() > before + 20)
                    .leave();
            heard = listener.length();
        }
        listener.at(two.client).untilOver();
        assertThat(visits).isGreaterThan(3);
        assertThat(listener.faults()).isEmpty();
        assertThat(listener.replies()).containsExactly(TEXT);
    }

    @Test
    void who_comes_late_hears_what_was_said_before_and_who_comes_after_it_the_event_alone() {
        var id = told(one.client);
        listener(id).at(one.client).until("half of it", l -> l.length() > TEXT.length() / 2);
        var late = listener(id).at(two.client).untilOver();
        assertThat(late.faults()).isEmpty();
        assertThat(late.replies()).containsExactly(TEXT);
        assertThat(late.pieces()).isPositive();
        var after = listener(id).at(one.client).untilOver();
        assertThat(after.faults()).isEmpty();
        assertThat(after.pieces()).isZero();
        assertThat(after.replies()).containsExactly(TEXT);
        assertThat(after.events()).isEqualTo(late.events());
    }

    @Test
    void words_are_for_those_alone_who_ask_for_them() {
        var id = told(one.client);
        var sent = two.client.follow(id, 0, s -> s.type().equals("closed"));
        var odd = one.client.request("/v1/sessions/" + id + "/events?tokens=1");
        assertThat(one.client.send(odd.header("Accept", "text/event-stream")).status())
                .isEqualTo(400);
        assertThat(sent)
                .extracting(ApiClient.Sent::type)
                .contains("progress")
                .doesNotContain("token");
    }

    @Test
    void one_who_names_other_words_than_were_said_gets_all_of_them() {
        var id = told(one.client);
        var first = listener(id).at(one.client).until("some words", l -> l.length() > 100);
        var place = first.place();
        var wrong = place.substring(0, place.lastIndexOf('.')) + ".1";
        var sent = new ArrayList<ApiClient.Sent>();
        one.client.read(id, wrong, s -> sent.add(s) && s.type().equals("closed"));
        assertThat(sent)
                .filteredOn(s -> s.type().equals("token"))
                .first()
                .satisfies(s -> assertThat(s.data().path("offset").asInt(-1)).isZero());
        for (var nonsense : List.of("x", "1~2", "1~2.3", "1~2.3.g", "1~2.-3.a")) {
            assertThat(one.client.status(id, nonsense)).as(nonsense).isEqualTo(400);
        }
        first.untilOver();
        assertThat(first.faults()).isEmpty();
    }

    @Test
    void secrets_are_taken_out_of_words_as_they_are_of_events() {
        var secret = "ghp_" + "aB3dE6gH9jK2".repeat(3);
        var script =
                "I found ${'ghp_' + 'aB3dE6gH9jK2' + 'aB3dE6gH9jK2' + 'aB3dE6gH9jK2'} in the"
                        + " file, and password: \"${'correct horse'} battery\" as well. "
                        + TEXT;
        one.client.apply(teller(60, script)).expect(200);
        try {
            var id = told(one.client);
            var heard = new ArrayList<String>();
            for (var node : List.of(one, two)) {
                var all = new StringBuilder();
                node.client.read(
                        id,
                        "0",
                        sent -> {
                            all.append(sent.data().path("text").asString(""));
                            return sent.type().equals("model_replied");
                        });
                heard.add(all.toString());
            }
            assertThat(heard.getFirst())
                    .contains("I found [redacted:github-token] in the file")
                    .contains("[redacted:password]")
                    .contains("word 80")
                    .doesNotContain("correct")
                    .doesNotContain("aB3dE6")
                    .doesNotContain(secret);
        } finally {
            one.client.apply(teller(60, "${input.text}")).expect(200);
        }
    }

    @Test
    void who_may_not_see_the_session_hears_nothing_and_a_revoked_key_no_more() {
        var id = told(one.client);
        var other = Json.object().put("name", "other").put("team", "sales");
        other.putArray("permissions").add("sessions:read");
        var strange = one.client.as(one.client.post("/v1/keys", other).expect(201).text("/key"));
        assertThat(strange.status(id, "0")).isEqualTo(404);
        var own = Json.object().put("name", "own").put("team", "press");
        own.putArray("permissions").add("sessions:read");
        var made = one.client.post("/v1/keys", own).expect(201);
        var sent = new ArrayList<ApiClient.Sent>();
        one.client
                .as(made.text("/key"))
                .read(
                        id,
                        "0",
                        s -> {
                            if (s.type().equals("token") && sent.isEmpty()) {
                                sent.add(s);
                                one.client
                                        .post(
                                                "/v1/keys/" + made.text("/id") + ":revoke",
                                                Json.object())
                                        .expect(200);
                            }
                            return s.type().equals("model_replied");
                        });
        assertThat(sent).hasSize(1);
        assertThat(one.client.get("/v1/sessions/" + id).text("/status")).isEqualTo("running");
    }

    @Test
    void who_never_reads_holds_up_neither_the_session_nor_who_does() throws Exception {
        one.client.apply(teller("", "${input.text}".repeat(41))).expect(200);
        try {
            var long_ = "0123456789abcde ".repeat(6_000);
            var id =
                    one.client
                            .open("teller", Json.object().put("text", long_))
                            .expect(201)
                            .text("/id");
            for (int i = 0; i < 20; i++) {
                open.add(neverRead(one.url(), one.key(), id));
            }
            var reader = listener(id).at(one.client).untilOver();
            assertThat(reader.faults()).isEmpty();
            assertThat(reader.replies()).as("" + reader.events()).isNotEmpty();
            assertThat(reader.replies().getFirst()).hasSize(41 * long_.length());
            var elsewhere = listener(id).at(two.client).untilOver();
            assertThat(elsewhere.faults()).isEmpty();
        } finally {
            one.client.apply(teller(60, "${input.text}")).expect(200);
        }
    }

    /// Asks for the stream, and takes nothing of it.
    private static Socket neverRead(URI url, String key, String session) throws IOException {
        var socket = new Socket();
        socket.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
        socket.connect(new InetSocketAddress(url.getHost(), url.getPort()));
        socket.getOutputStream()
                .write(
                        """
                        GET /v1/sessions/%s/events?tokens=true HTTP/1.1\r
                        Host: %s\r
                        Authorization: Bearer %s\r
                        Accept: text/event-stream\r
                        \r
                        """
                                .formatted(session, url.getAuthority(), key)
                                .getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    @Test
    void nothing_is_missed_when_every_connection_to_the_database_is_cut_in_mid_word() {
        var id = told(one.client);
        var here = listener(id).at(one.client);
        var there = listener(id).at(two.client).until("some words", l -> l.length() > 100);
        var address = EmbeddedPostgres.running(folder.resolve("one/postgres"));
        try (var database = Database.open(address)) {
            int cut =
                    database.with(connection -> {
                        try (var cutAll =
                                connection.prepareStatement(
                                        """
                                        SELECT count(pg_terminate_backend(pid))
                                        FROM pg_stat_activity
                                        WHERE pid <> pg_backend_pid()
                                        AND application_name LIKE 'remit%'
                                        """)) {
                            var row = cutAll.executeQuery();
                            row.next();
                            return row.getInt(1);
                        }
                    });
            assertThat(cut).isGreaterThan(2);
        }
        for (var listener : List.of(here, there)) {
            listener.untilOver();
            assertThat(listener.faults()).isEmpty();
            assertThat(listener.replies()).containsExactly(TEXT);
        }
    }
}
