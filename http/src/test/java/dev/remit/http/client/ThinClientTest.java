package dev.remit.http.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.remit.http.client.UpstreamException.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ThinClientTest {
    private static final Timeouts PATIENT = Timeouts.of(Duration.ofSeconds(20));
    private static final Timeouts HASTY = Timeouts.of(Duration.ofMillis(150));
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    private static final String CHUNKED =
            "HTTP/1.1 200 OK\r\nContent-Type: Text/Event-Stream; charset=utf-8\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n";

    private final ThinClient client = new ThinClient();

    @AfterEach
    void close() {
        client.close();
    }

    private static Request get(URI uri) {
        return Request.of("GET", uri, PATIENT);
    }

    private static Request post(URI uri, String body) {
        return Request.builder("POST", uri, PATIENT)
                .body(Body.of(body.getBytes(UTF_8)), "text/plain")
                .build();
    }

    /// Answers one request with these bytes and closes.
    private static RawServer saying(String bytes) throws IOException {
        return new RawServer((r, out, s) -> RawServer.say(out, bytes));
    }

    /// Answers every request on every connection with the same bytes.
    private static RawServer keeping(String bytes) throws IOException {
        return new RawServer((r, out, s) -> {
            while (true) {
                RawServer.say(out, bytes);
                RawServer.read(s.getInputStream());
            }
        });
    }

    private String answer(Request request) throws Exception {
        try (var answer = client.send(request)) {
            return new String(answer.body(1 << 20), UTF_8);
        }
    }

    private static UpstreamException failure(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(UpstreamException.class, call);
    }

    private static void awaitNoConnection(ThinClient client) {
        while (client.connections() > 0) {
            Thread.onSpinWait();
        }
    }

    // What is sent

    @Test
    void a_request_arrives_as_it_was_made() throws Exception {
        try (var server =
                saying(
                        "HTTP/1.1 201 Made\r\nX-Id:7\r\nx-id: 8 \r\nContent-Type:"
                                + " Application/JSON;charset=utf-8\r\nContent-Length: 2\r\n\r\n{}")) {
            var request =
                    Request.builder("post", server.uri("/a?b=c"), PATIENT)
                            .header("X-Key", "k")
                            .body(Body.of("ä".getBytes(UTF_8)), "text/plain")
                            .build();
            try (var answer = client.send(request)) {
                assertThat(answer.status()).isEqualTo(201);
                assertThat(answer.header("x-ID")).contains("7");
                assertThat(answer.header("absent")).isEmpty();
                assertThat(answer.headers())
                        .contains(new Header("X-Id", "7"), new Header("x-id", "8"));
                assertThat(answer.mediaType()).isEqualTo("application/json");
                assertThat(answer.remaining()).isEqualTo(2);
                assertThat(new String(answer.body(10), UTF_8)).isEqualTo("{}");
                assertThat(answer.whole()).isTrue();
            }
            assertThat(server.requests.getFirst())
                    .isEqualTo(
                            "POST /a?b=c HTTP/1.1\r\nHost: "
                                    + server.uri("/").getAuthority()
                                    + "\r\nX-Key: k\r\nContent-Type: text/plain\r\n"
                                    + "User-Agent: remit\r\nContent-Length: 2\r\n\r\nä");
        }
    }

    @Test
    void a_derived_request_has_the_common_headers_and_its_own_body_and_headers() throws Exception {
        try (var server = keeping(OK)) {
            var common =
                    Request.builder("POST", server.uri(""), PATIENT)
                            .header("Authorization", "Bearer k")
                            .header("User-Agent", "other")
                            .build();
            var body = Body.of("{\"model\":\"fast\",\"n\":1}".getBytes(UTF_8));
            var spliced = body.splice(10, 14, "gpt".getBytes(UTF_8));
            assertThat(answer(common.with(spliced, List.of(new Header("X-Own", "1")))))
                    .isEqualTo("{}");
            assertThat(answer(common.with(body))).isEqualTo("{}");
            assertThat(server.requests.getFirst())
                    .startsWith("POST / HTTP/1.1\r\n")
                    .contains("Authorization: Bearer k\r\n", "User-Agent: other\r\n")
                    .contains("X-Own: 1\r\n", "Content-Length: 21\r\n")
                    .doesNotContain("remit")
                    .endsWith("\r\n\r\n{\"model\":\"gpt\",\"n\":1}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "content-length", "Transfer-Encoding", "Connection", "Expect"})
    void nobody_else_frames_a_message(String name) throws Exception {
        var request = get(URI.create("http://127.0.0.1:1/")).header(name, "1");
        assertThatThrownBy(() -> client.send(request)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nothing_is_sent_that_is_too_late_and_the_next_request_finds_its_way() throws Exception {
        try (var server = keeping(OK)) {
            var request = Request.of("GET", server.uri("/late"), PATIENT);
            for (int i = 0; i < 2; i++) { // on a new connection, and on one that was kept
                assertThatThrownBy(() -> client.send(request.onlyIf(() -> false)))
                        .isInstanceOfSatisfying(
                                UpstreamException.class,
                                e -> {
                                    assertThat(e.kind()).isEqualTo(UpstreamException.Kind.TOO_LATE);
                                    assertThat(e.sent()).isFalse();
                                });
                assertThat(answer(Request.of("GET", server.uri("/" + i), PATIENT))).isEqualTo("{}");
            }
            assertThat(server.requests)
                    .extracting(r -> r.split(" ", 3)[1])
                    .containsExactly("/0", "/1");
        }
    }

    @Test
    void a_header_cannot_say_two() {
        var request = Request.builder("GET", URI.create("http://h/"), PATIENT);
        assertThatThrownBy(() -> request.header("A", "b\r\nC: d"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> request.header("A: b\r\nC", "d"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Request.of("GET / HTTP/1.1\r\n", URI.create("http://h/"), PATIENT))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16_000, 16_384, 1_000_000})
    void a_body_of_any_size_arrives_whole(int size) throws Exception {
        try (var server = saying(OK)) {
            assertThat(answer(post(server.uri("/"), "x".repeat(size)))).isEqualTo("{}");
            assertThat(server.requests.getFirst())
                    .contains("Content-Length: " + size + "\r\n\r\n" + "x".repeat(size));
        }
    }

    @Test
    void a_server_that_refuses_a_large_body_early_is_heard() throws Exception {
        try (var server = RawServer.listen(ServerSocketFactory.getDefault())) {
            Thread.startVirtualThread(() -> refuse(server));
            var uri = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
            try (var answer = client.send(post(uri, "x".repeat(30_000_000)))) {
                assertThat(answer.status()).isEqualTo(413);
            }
            assertThat(client.connections()).isZero();
        }
    }

    /// Answers when it has seen the head, and takes all the rest without a word.
    private static void refuse(ServerSocket server) {
        try (var socket = server.accept()) {
            socket.getInputStream().readNBytes(100);
            RawServer.say(
                    socket.getOutputStream(),
                    "HTTP/1.1 413 Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            socket.shutdownOutput();
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException hungUp) {
            return;
        }
    }

    // How an answer is framed

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200\r\ncontent-length:5\r\nContent-Length:\t5 \r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "2;a=b\r\nhe\r\n003 \r\nllo\r\n000;x\r\nX-T: 1\r\nY: 2\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\nhello",
                "HTTP/1.0 200 OK\r\n\r\nhello",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\n"
                        + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
            })
    void every_sound_framing_is_understood_in_one_piece_and_byte_by_byte(String bytes)
            throws Exception {
        try (var whole = saying(bytes);
                var dripping =
                        new RawServer((r, out, s) -> {
                            for (byte b : bytes.getBytes(UTF_8)) {
                                out.write(b);
                                out.flush();
                            }
                        })) {
            assertThat(answer(get(whole.uri("/")))).isEqualTo("hello");
            assertThat(answer(get(dripping.uri("/")))).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 204 None\r\nContent-Length: 5\r\n\r\n",
                "HTTP/1.1 304 Same\r\nContent-Length: 5\r\n\r\n"
            })
    void some_answers_have_no_body_whatever_they_say(String bytes) throws Exception {
        try (var server = keeping(bytes)) {
            assertThat(answer(get(server.uri("/")))).isEmpty();
            assertThat(answer(get(server.uri("/")))).isEmpty();
            assertThat(client.connections()).isEqualTo(1);
        }
    }

    @Test
    void the_answer_to_head_has_no_body() throws Exception {
        try (var server = keeping("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")) {
            assertThat(answer(Request.of("HEAD", server.uri("/"), PATIENT))).isEmpty();
            assertThat(answer(Request.of("HEAD", server.uri("/"), PATIENT))).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "HTTP/1.1 abc\r\n\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/1.1 099 OK\r\n\r\n",
                "HTTP/2.0 200 OK\r\n\r\n",
                "HTTP/1.1 101 Switch\r\nUpgrade: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "0\r\n\r\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
                "HTTP/1.1 200 OK\r\n: b\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: b\nC: d\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\n0\n\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;\nx\r\nhello\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: 1\n\r\n"
            })
    void what_could_be_understood_in_two_ways_is_refused(String bytes) throws Exception {
        try (var server = saying(bytes)) {
            var failure = failure(() -> answer(get(server.uri("/?secret=1"))));
            assertThat(failure.kind()).isEqualTo(Kind.CUT);
            assertThat(failure).hasMessageContaining("does not speak sound HTTP/1.1");
            assertThat(failure.getMessage()).doesNotContain("secret");
        }
        awaitNoConnection(client);
    }

    @Test
    void too_many_headers_trailers_or_extensions_are_refused() throws Exception {
        var many = "HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(129) + "\r\n";
        var long_ = "HTTP/1.1 200 OK\r\nA: " + "b".repeat(20_000) + "\r\n\r\n";
        var trailers = CHUNKED + "0\r\n" + "A: b\r\n".repeat(2000) + "\r\n";
        for (var bytes : List.of(many, long_, trailers)) {
            try (var server = saying(bytes)) {
                assertThat(failure(() -> answer(get(server.uri("/")))).kind())
                        .isEqualTo(Kind.TOO_LARGE);
            }
        }
        try (var server = saying(CHUNKED + "5;" + "a".repeat(300) + "\r\nhello\r\n0\r\n\r\n")) {
            assertThat(failure(() -> answer(get(server.uri("/")))).kind()).isEqualTo(Kind.CUT);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
                CHUNKED,
                CHUNKED + "5\r\nhell",
                CHUNKED + "5\r\nhello\r\n",
                CHUNKED + "5\r\nhello\r\n0\r\n"
            })
    void an_answer_that_is_cut_is_told_from_one_that_ended(String bytes) throws Exception {
        try (var server = saying(bytes)) {
            var failure = failure(() -> answer(get(server.uri("/"))));
            assertThat(failure.kind()).isEqualTo(Kind.CUT);
            assertThat(failure.sent()).isTrue();
            assertThat(server.requests).hasSize(1);
        }
        awaitNoConnection(client);
    }

    @Test
    void pieces_come_as_they_are_sent() throws Exception {
        var next = new CountDownLatch(1);
        try (var server =
                        new RawServer((r, out, s) -> {
                            RawServer.say(out, CHUNKED);
                            RawServer.chunk(out, "data: a\n\nda");
                            next.await();
                            RawServer.say(out, "7\r\nta: b\n\n\r\n3\r\nend\r\n0\r\n\r\n");
                        });
                var answer = client.send(get(server.uri("/")))) {
            assertThat(answer.mediaType()).isEqualTo("text/event-stream");
            var piece = new byte[1000];
            int count = answer.read(piece);
            assertThat(new String(piece, 0, count, UTF_8)).isEqualTo("data: a\n\nda");
            assertThat(answer.whole()).isFalse();
            next.countDown();
            var rest = new StringBuilder();
            while ((count = answer.read(piece)) >= 0) {
                rest.append(new String(piece, 0, count, UTF_8));
            }
            assertThat(rest).hasToString("ta: b\n\nend");
        }
    }

    @Test
    void events_can_be_read() throws Exception {
        try (var server = saying(CHUNKED + "9\r\ndata: a\n\n\r\n0\r\n\r\n");
                var answer = client.send(get(server.uri("/")))) {
            var events = answer.events(1000, 10_000);
            assertThat(events.next()).isEqualTo(new SseEvent("message", "a", ""));
            assertThat(events.next()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n12345678901",
                CHUNKED + "b\r\n12345678901\r\n0\r\n\r\n"
            })
    void a_body_beyond_its_limit_is_refused(String bytes) throws Exception {
        try (var server = saying(bytes);
                var answer = client.send(get(server.uri("/")))) {
            assertThat(failure(() -> answer.body(10)).kind()).isEqualTo(Kind.TOO_LARGE);
        }
    }

    // What is kept

    @Test
    void a_connection_is_used_again_when_the_answer_was_read_to_its_end() throws Exception {
        for (var bytes : List.of(OK, CHUNKED + "2\r\n{}\r\n0\r\nX: y\r\n\r\n")) {
            try (var own = new ThinClient();
                    var server = keeping(bytes)) {
                for (int i = 0; i < 20; i++) {
                    try (var answer = own.send(get(server.uri("/")))) {
                        assertThat(answer.body(10)).hasSize(2);
                    }
                }
                assertThat(server.requests).hasSize(1); // the first one of each connection
                assertThat(own.connections()).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nKeep-Alive: timeout=1\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 Smuggled\r\n\r\n"
            })
    void a_connection_is_not_kept_when_it_will_not_last_or_says_too_much(String bytes)
            throws Exception {
        try (var server = keeping(bytes)) {
            assertThat(answer(get(server.uri("/")))).isEqualTo("{}");
            assertThat(client.connections()).isZero();
        }
    }

    @Test
    void a_connection_is_cut_when_the_answer_was_not_read_to_its_end() throws Exception {
        try (var server =
                new RawServer((r, out, s) -> {
                    RawServer.say(out, CHUNKED);
                    RawServer.chunk(out, "a");
                    RawServer.awaitHangUp(s);
                })) {
            client.send(get(server.uri("/"))).close();
            server.hungUp.await();
            assertThat(client.connections()).isZero();
        }
    }

    @Test
    void an_end_that_has_come_already_need_not_be_read() throws Exception {
        try (var server = keeping(CHUNKED + "2\r\n{}\r\n0\r\n\r\n")) {
            try (var answer = client.send(get(server.uri("/")))) {
                assertThat(answer.read(new byte[2])).isEqualTo(2);
            }
            assertThat(client.connections()).isEqualTo(1);
        }
    }

    @Test
    @SuppressWarnings("try")
    void finishing_keeps_the_connection() throws Exception {
        var go = new CountDownLatch(1);
        try (var server =
                        new RawServer((r, out, s) -> {
                            RawServer.say(out, CHUNKED);
                            RawServer.chunk(out, "data: [DONE]\n\n");
                            go.await();
                            RawServer.say(out, "0\r\n\r\n");
                            RawServer.awaitHangUp(s);
                        });
                var answer = client.send(get(server.uri("/")))) {
            answer.read(new byte[100]);
            go.countDown();
            answer.finish(Duration.ofSeconds(10));
            answer.close();
            assertThat(client.connections()).isEqualTo(1);
        }
    }

    @Test
    void an_unused_connection_is_closed_after_its_time() throws Exception {
        var settings = new ThinClient.Settings(Duration.ofSeconds(5), Duration.ofMillis(50), 10);
        try (var own = new ThinClient(settings, InetAddress::getAllByName);
                var server = keeping(OK)) {
            try (var answer = own.send(get(server.uri("/")))) {
                answer.body(10);
            }
            server.hungUp.await();
            awaitNoConnection(own);
        }
    }

    /// Takes one request, and the second one over the same connection, and dies.
    private static RawServer dyingOnce(AtomicInteger connections, AtomicInteger taken)
            throws IOException {
        return new RawServer((r, out, s) -> {
            connections.incrementAndGet();
            taken.incrementAndGet();
            RawServer.say(out, OK);
            if (connections.get() == 1) {
                RawServer.read(s.getInputStream());
                taken.incrementAndGet();
            } else {
                RawServer.awaitHangUp(s);
            }
        });
    }

    @Test
    void a_question_over_a_kept_connection_that_turns_out_dead_is_asked_again_once()
            throws Exception {
        var connections = new AtomicInteger();
        try (var server = dyingOnce(connections, new AtomicInteger())) {
            assertThat(answer(get(server.uri("/1")))).isEqualTo("{}");
            assertThat(answer(get(server.uri("/2")))).isEqualTo("{}");
            assertThat(connections).hasValue(2);
            assertThat(server.requests.getLast()).startsWith("GET /2");
        }
    }

    @Test
    void what_a_server_may_have_acted_on_is_not_sent_again() throws Exception {
        var connections = new AtomicInteger();
        var taken = new AtomicInteger();
        try (var server = dyingOnce(connections, taken)) {
            assertThat(answer(post(server.uri("/"), "1"))).isEqualTo("{}");
            var failure = failure(() -> answer(post(server.uri("/"), "2")));
            assertThat(failure.kind()).isEqualTo(Kind.CUT);
            assertThat(failure.sent()).isTrue();
            assertThat(taken).hasValue(2);
            assertThat(connections).hasValue(1);
        }
    }

    @Test
    void a_request_over_a_new_connection_is_never_sent_again() throws Exception {
        try (var server = saying("")) {
            assertThat(failure(() -> answer(post(server.uri("/"), "1"))).kind())
                    .isEqualTo(Kind.CUT);
            assertThat(server.requests).hasSize(1);
        }
    }

    @Test
    void a_request_is_not_sent_again_once_a_byte_of_the_answer_came() throws Exception {
        try (var server =
                new RawServer((r, out, s) -> {
                    RawServer.say(out, OK);
                    RawServer.read(s.getInputStream());
                    RawServer.say(out, "H");
                })) {
            assertThat(answer(post(server.uri("/"), "1"))).isEqualTo("{}");
            assertThat(failure(() -> answer(post(server.uri("/"), "2"))).kind())
                    .isEqualTo(Kind.CUT);
            assertThat(server.requests).hasSize(1);
        }
    }

    // How long it takes

    @Test
    void who_says_nothing_is_not_waited_for() throws Exception {
        try (var server = new RawServer((r, out, s) -> RawServer.awaitHangUp(s))) {
            var silent = new Timeouts(Duration.ofMillis(100), Duration.ofSeconds(20));
            assertThat(
                            failure(() -> client.send(Request.of("GET", server.uri("/"), silent)))
                                    .kind())
                    .isEqualTo(Kind.SILENT);
            assertThat(failure(() -> client.send(Request.of("GET", server.uri("/"), HASTY))).kind())
                    .isEqualTo(Kind.TOO_LONG);
            server.hungUp.await();
        }
        awaitNoConnection(client);
    }

    @Test
    void silence_between_two_pieces_is_noticed() throws Exception {
        try (var server =
                        new RawServer((r, out, s) -> {
                            RawServer.say(out, CHUNKED);
                            RawServer.chunk(out, "a");
                            RawServer.awaitHangUp(s);
                        });
                var answer =
                        client.send(
                                Request.of(
                                        "GET",
                                        server.uri("/"),
                                        new Timeouts(
                                                Duration.ofMillis(200), Duration.ofSeconds(20))))) {
            assertThat(answer.read(new byte[10])).isEqualTo(1);
            assertThat(failure(() -> answer.read(new byte[10])).kind()).isEqualTo(Kind.SILENT);
        }
    }

    @Test
    void a_busy_line_that_says_nothing_is_cut() throws Exception {
        try (var server =
                        new RawServer((r, out, s) -> {
                            RawServer.say(out, CHUNKED);
                            while (true) {
                                RawServer.chunk(out, ": nothing\n\n");
                            }
                        });
                var answer = client.send(get(server.uri("/")))) {
            answer.within(Duration.ofMillis(100));
            var failure =
                    failure(() -> {
                        while (true) {
                            answer.read(new byte[1000]);
                        }
                    });
            assertThat(failure.kind()).isEqualTo(Kind.SILENT);
        }
    }

    @Test
    void a_slow_drip_does_not_outlive_the_total() throws Exception {
        try (var server =
                new RawServer((r, out, s) -> {
                    RawServer.say(out, "HTTP/1.1 200 OK\r\n");
                    while (true) {
                        RawServer.say(out, "A: b\r\n");
                        s.setSoTimeout(60);
                        try {
                            if (s.getInputStream().read() < 0) {
                                throw new IOException("hung up");
                            }
                        } catch (java.net.SocketTimeoutException stillThere) {
                            continue;
                        }
                    }
                })) {
            var drip = new Timeouts(Duration.ofSeconds(10), Duration.ofMillis(300));
            assertThat(failure(() -> client.send(Request.of("GET", server.uri("/"), drip))).kind())
                    .isEqualTo(Kind.TOO_LONG);
        }
    }

    @Test
    void nobody_listening_is_told_as_such_and_as_not_sent() throws Exception {
        URI uri;
        try (var server = saying("")) {
            uri = server.uri("/");
        }
        var failure = failure(() -> client.send(get(uri)));
        assertThat(failure.kind()).isEqualTo(Kind.NOT_REACHED);
        assertThat(failure.sent()).isFalse();
        assertThat(failure(() -> client.send(get(URI.create("http://no.such.invalid/")))).kind())
                .isEqualTo(Kind.NOT_REACHED);
    }

    @Test
    void an_address_that_must_not_be_connected_to_is_refused() {
        Addresses none =
                host -> {
                    throw new HostRefused(host + " is private");
                };
        try (var own = new ThinClient(ThinClient.Settings.DEFAULT, none)) {
            var failure = failure(() -> own.send(get(URI.create("http://h/"))));
            assertThat(failure).hasMessageContaining("h is private");
            assertThat(failure.kind()).isEqualTo(Kind.NOT_REACHED);
        }
    }

    @Test
    @SuppressWarnings("try")
    void who_waits_too_long_for_a_connection_is_told() throws Exception {
        var settings = new ThinClient.Settings(Duration.ofMillis(50), Duration.ofSeconds(5), 1);
        try (var own = new ThinClient(settings, InetAddress::getAllByName);
                var server = keeping(CHUNKED);
                var held = own.send(get(server.uri("/")))) {
            assertThat(held.status()).isEqualTo(200);
            assertThat(failure(() -> own.send(get(server.uri("/")))).kind())
                    .isEqualTo(Kind.CONNECT_TIMED_OUT);
            held.close();
            assertThat(own.send(get(server.uri("/"))).status()).isEqualTo(200);
        }
    }

    // Who ends it

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_interrupt_cuts_a_wait_for_the_answer_on_any_thread(boolean virtual) throws Exception {
        var asked = new CountDownLatch(1);
        var end = new CompletableFuture<Throwable>();
        try (var server =
                new RawServer((r, out, s) -> {
                    asked.countDown();
                    RawServer.awaitHangUp(s);
                })) {
            Runnable wait =
                    () -> {
                        try {
                            client.send(get(server.uri("/")));
                        } catch (Exception e) {
                            end.complete(e);
                        }
                    };
            var thread =
                    virtual ? Thread.startVirtualThread(wait) : Thread.ofPlatform().start(wait);
            asked.await();
            thread.interrupt();
            assertThat(end.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
            server.hungUp.await();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void another_thread_can_cancel_while_the_answer_is_waited_for_and_read(boolean begun)
            throws Exception {
        var asked = new CountDownLatch(1);
        try (var server =
                        new RawServer((r, out, s) -> {
                            if (begun) {
                                RawServer.say(out, CHUNKED);
                            }
                            asked.countDown();
                            RawServer.awaitHangUp(s);
                        });
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var cancellation = new Cancellation();
            var failure =
                    executor.submit(() ->
                            failure(() -> {
                                try (var answer = client.send(get(server.uri("/")), cancellation)) {
                                    answer.read(new byte[10]);
                                }
                            }));
            asked.await();
            cancellation.run();
            assertThat(failure.get().kind()).isEqualTo(Kind.CUT);
            assertThat(failure.get()).hasMessageContaining("cancelled");
            server.hungUp.await();
            assertThat(failure(() -> client.send(get(server.uri("/")), cancellation)).sent())
                    .isFalse();
        }
        awaitNoConnection(client);
    }

    @Test
    void cancelling_what_has_ended_does_no_harm_to_what_came_after() throws Exception {
        try (var server = keeping(OK)) {
            var first = client.send(get(server.uri("/")));
            first.body(10);
            first.close();
            try (var second = client.send(get(server.uri("/")))) {
                first.cancel();
                assertThat(second.body(10)).hasSize(2);
            }
            assertThat(client.connections()).isEqualTo(1);
        }
    }

    @Test
    void closing_the_client_ends_what_is_under_way() throws Exception {
        var asked = new CountDownLatch(1);
        try (var server =
                        new RawServer((r, out, s) -> {
                            asked.countDown();
                            RawServer.awaitHangUp(s);
                        });
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var failure = executor.submit(() -> failure(() -> client.send(get(server.uri("/")))));
            asked.await();
            client.close();
            assertThat(failure.get().kind()).isEqualTo(Kind.CUT);
        }
    }

    @Test
    void a_thousand_requests_at_once_each_get_their_own_answer() throws Exception {
        try (var server =
                        new RawServer((first, out, s) -> {
                            for (var request = first;
                                    ;
                                    request = RawServer.read(s.getInputStream())) {
                                var body = request.substring(request.indexOf("\r\n\r\n") + 4);
                                RawServer.say(
                                        out,
                                        "HTTP/1.1 200 OK\r\nContent-Length: "
                                                + body.length()
                                                + "\r\n\r\n"
                                                + body);
                            }
                        });
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                var body = "request " + i;
                answers.add(
                        executor.submit(() -> {
                            var one = answer(post(server.uri("/"), body + " a"));
                            return one + answer(post(server.uri("/"), body + " b"));
                        }));
            }
            for (int i = 0; i < 1000; i++) {
                assertThat(answers.get(i).get())
                        .isEqualTo("request " + i + " arequest " + i + " b");
            }
        }
    }
}
