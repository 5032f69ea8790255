package dev.remit.http.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.JsonNodeFactory;

/// What a proxy needs of the server, tried byte by byte.
@Timeout(30)
class RelayTest {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private final AtomicInteger hangUps = new AtomicInteger();
    private final CompletableFuture<Thread> hungUp = new CompletableFuture<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.start(HttpServer.Settings.DEFAULT, this::guard, routes());
    }

    @AfterEach
    void stop() {
        go.countDown();
        server.close();
    }

    private void guard(Exchange exchange) {
        if (exchange.header("X-Refused").isPresent()) {
            throw new Problem(401, "refused by the guard");
        }
    }

    private Routes routes() {
        return new Routes()
                .get("/bytes", e -> bytes("hello"))
                .post("/echo", e -> new Reply.Bytes(200, Map.of(), "x/y", e.body()))
                .get(
                        "/split",
                        e ->
                                new Reply.Bytes(
                                        200, Map.of("X-A", "b\r\nX-Evil: d"), "x/y", new byte[0]))
                .get("/stream", e -> stream(this::pieces))
                .get("/ended", e -> stream(sink -> sink.end("last".getBytes(UTF_8), 0, 4)))
                .get(
                        "/sized",
                        e ->
                                new Reply.Stream(
                                        201,
                                        Map.of("Content-Length", "5"),
                                        "text/plain",
                                        this::pieces))
                .get(
                        "/broken",
                        e ->
                                stream(sink -> {
                                    sink.write("half".getBytes(UTF_8));
                                    throw new Broken("the upstream is gone");
                                }))
                .get(
                        "/broken/at-once",
                        e ->
                                stream(sink -> {
                                    throw new Broken("the upstream is gone");
                                }))
                .get(
                        "/fails",
                        e ->
                                stream(sink -> {
                                    sink.write("half".getBytes(UTF_8));
                                    throw new IllegalStateException("secret of the house");
                                }))
                .get(
                        "/fails/at-once",
                        e ->
                                stream(sink -> {
                                    throw new Problem(502, "nothing came");
                                }))
                .post("/waits", this::waits)
                .get("/waits", this::waits)
                .post(
                        "/waits/unread",
                        e -> {
                            e.onHangUp(() -> {});
                            return bytes("unreachable");
                        })
                .get(
                        "/facts",
                        e ->
                                bytes(
                                        e.headers("X-A")
                                                + " "
                                                + e.headerNames().contains("X-A")
                                                + " "
                                                + e.query()
                                                + " "
                                                + e.rawQuery()
                                                + " "
                                                + e.remoteAddress()))
                .get("/own/models/{model*}", e -> bytes("get " + e.parameter("model")))
                .post(
                        "/own/models/{model*}:generate",
                        e -> bytes("generate " + e.parameter("model")))
                .post(
                        "/own/deployments/{name}/chat",
                        e ->
                                bytes(
                                        e.parameter("name")
                                                + " "
                                                + e.query("api-version").orElse("none")))
                .post("/own/body", e -> bytes("" + e.body().length))
                .errors(
                        "/own",
                        problem ->
                                new Reply.Bytes(
                                        problem.status(),
                                        problem.headers(),
                                        "application/json",
                                        ("own:" + problem.status() + ":" + problem.detail())
                                                .getBytes(UTF_8)))
                .bodyLimit("/own", 100_000)
                .bodyLimit("/own/small", 10);
    }

    private static Reply bytes(String text) {
        return new Reply.Bytes(200, Map.of("X-Own", "1"), "text/plain", text.getBytes(UTF_8));
    }

    private static Reply stream(Reply.ByteSource source) {
        return new Reply.Stream(200, Map.of(), "text/event-stream", source);
    }

    private void pieces(ByteSink sink) throws IOException, InterruptedException {
        var bytes = "abcde".getBytes(UTF_8);
        sink.write(bytes, 0, 2);
        assertThat(sink.begun()).isTrue();
        go.await();
        sink.write(bytes, 2, 3);
    }

    private Reply waits(Exchange exchange) throws InterruptedException {
        exchange.body();
        exchange.onHangUp(() -> {
            hangUps.incrementAndGet();
            hungUp.complete(Thread.currentThread());
            go.countDown();
        });
        asked.countDown();
        go.await();
        return bytes("done");
    }

    private Socket connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
    }

    private String head(String line) {
        return line + " HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() + "\r\n";
    }

    private String once(String line) {
        return head(line) + "Connection: close\r\n\r\n";
    }

    private String raw(String bytes) throws IOException {
        try (var socket = connect()) {
            say(socket, bytes);
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private static String until(Socket socket, String end) throws IOException {
        var text = new StringBuilder();
        while (text.indexOf(end, Math.max(0, text.length() - end.length())) < 0) {
            int b = socket.getInputStream().read();
            assertThat(b).as(text.toString()).isNotNegative();
            text.append((char) b);
        }
        return text.toString();
    }

    // Bodies

    @Test
    void ready_bytes_go_out_as_they_are() throws IOException {
        assertThat(raw(once("GET /bytes")))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("Content-Type: text/plain\r\n", "Content-Length: 5\r\n", "X-Own: 1\r\n")
                .endsWith("\r\n\r\nhello");
        assertThat(raw(once("HEAD /bytes"))).contains("Content-Length: 5\r\n").endsWith("\r\n\r\n");
    }

    @Test
    void a_header_value_cannot_split_an_answer() throws IOException {
        assertThat(raw(once("GET /split"))).doesNotContain("\nX-Evil");
    }

    @Test
    void pieces_go_out_at_once() throws IOException {
        try (var socket = connect()) {
            say(socket, once("GET /stream"));
            assertThat(until(socket, "2\r\nab"))
                    .contains("Transfer-Encoding: chunked", "text/event-stream");
            go.countDown();
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .isEqualTo("\r\n3\r\ncde\r\n0\r\n\r\n");
        }
    }

    @Test
    void a_stream_of_known_length_is_not_chunked() throws IOException {
        go.countDown();
        assertThat(raw(once("GET /sized")))
                .startsWith("HTTP/1.1 201 ")
                .doesNotContain("chunked")
                .endsWith("\r\n\r\nabcde");
    }

    @Test
    void the_last_piece_can_carry_the_end() throws IOException {
        assertThat(raw(once("GET /ended"))).endsWith("\r\n4\r\nlast\r\n0\r\n\r\n");
        assertThat(raw(once("HEAD /ended"))).endsWith("\r\n\r\n").doesNotContain("last");
    }

    @Test
    void what_is_broken_never_ends_cleanly() throws IOException {
        for (var path : new String[] {"/broken", "/fails"}) {
            assertThat(raw(head("GET " + path) + "\r\n")).endsWith("\r\n4\r\nhalf");
        }
        assertThat(raw(head("GET /broken/at-once") + "\r\n")).isEmpty();
    }

    @Test
    void a_client_that_knows_no_chunks_sees_a_reset_instead_of_an_end() throws IOException {
        try (var socket = connect()) {
            say(socket, head("GET /broken").replace("1.1", "1.0") + "\r\n");
            assertThatThrownBy(() -> socket.getInputStream().readAllBytes())
                    .isInstanceOf(SocketException.class);
        }
    }

    @Test
    void a_stream_that_never_began_can_still_be_a_problem() throws IOException {
        assertThat(raw(once("GET /fails/at-once")))
                .startsWith("HTTP/1.1 502 ")
                .contains("application/problem+json", "nothing came");
    }

    @Test
    void large_bodies_come_back_whole() throws IOException {
        for (int size : new int[] {1, 65_535, 65_536, 65_537, 3_000_000}) {
            var body = "x".repeat(size);
            var echo =
                    raw(
                            head("POST /echo")
                                    + "Connection: close\r\nContent-Length: "
                                    + size
                                    + "\r\n\r\n"
                                    + body);
            assertThat(echo).endsWith("\r\n\r\n" + body);
            var chunked =
                    raw(
                            head("POST /echo")
                                    + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + Integer.toHexString(size)
                                    + "\r\n"
                                    + body
                                    + "\r\n0\r\n\r\n");
            assertThat(chunked).endsWith("\r\n\r\n" + body);
        }
    }

    @Test
    void an_exchange_knows_its_headers_query_and_client() throws IOException {
        assertThat(
                        raw(
                                head("GET /facts?a=1&b=%20&a=2")
                                        + "X-A: 1\r\nx-a: 2\r\nConnection: close\r\n\r\n"))
                .endsWith("[1, 2] true {a=[1, 2], b=[ ]} a=1&b=%20&a=2 127.0.0.1");
    }

    // Hanging up

    @Test
    void a_client_that_closes_while_it_is_answered_is_noticed() throws Exception {
        try (var socket = connect()) {
            say(socket, head("POST /waits") + "Content-Length: 2\r\n\r\n{}");
            asked.await();
        }
        assertThat(hungUp.get(10, TimeUnit.SECONDS).isVirtual()).isTrue();
    }

    @Test
    void a_client_that_resets_its_connection_is_noticed() throws Exception {
        try (var socket = connect()) {
            say(socket, head("GET /waits") + "\r\n");
            asked.await();
            socket.setSoLinger(true, 0);
        }
        assertThat(hungUp.get(10, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void a_client_that_closes_its_half_counts_as_gone_and_may_still_read() throws Exception {
        try (var socket = connect()) {
            say(socket, head("GET /waits") + "\r\n");
            asked.await();
            socket.shutdownOutput();
            assertThat(hungUp.get(10, TimeUnit.SECONDS)).isNotNull();
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8)).endsWith("done");
        }
    }

    @Test
    void a_client_that_closed_before_it_was_watched_is_noticed() throws Exception {
        try (var socket = connect()) {
            say(socket, head("GET /waits") + "\r\n");
            socket.shutdownOutput();
            assertThat(hungUp.get(10, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void no_byte_of_pipelined_requests_is_lost() throws Exception {
        try (var socket = connect()) {
            say(socket, head("GET /waits") + "\r\n");
            asked.await();
            say(socket, head("POST /echo") + "Content-Length: 7\r\n\r\nsec");
            say(socket, "ond!" + head("GET /bytes") + "\r\n" + once("GET /ended"));
            go.countDown();
            assertThat(until(socket, "done")).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(until(socket, "second!")).contains("HTTP/1.1 200 OK\r\n", "x/y");
            assertThat(until(socket, "hello")).contains("HTTP/1.1 200 OK\r\n");
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .endsWith("\r\n4\r\nlast\r\n0\r\n\r\n");
        }
        assertThat(hangUps).hasValue(0);
    }

    @Test
    void a_client_that_sends_ahead_and_hangs_up_is_noticed() throws Exception {
        try (var socket = connect()) {
            say(socket, head("GET /waits") + "\r\n");
            asked.await();
            say(socket, head("GET /bytes"));
        }
        assertThat(hungUp.get(10, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void a_client_may_send_more_ahead_than_is_kept() throws Exception {
        try (var socket = connect()) {
            say(socket, head("GET /waits") + "\r\n");
            asked.await();
            var body = "x".repeat(40_000);
            say(socket, head("POST /echo") + "Content-Length: 40000\r\n\r\n" + body);
            go.countDown();
            until(socket, "done");
            until(socket, body);
        }
        assertThat(hangUps).hasValue(0);
    }

    @Test
    void a_connection_serves_many_watched_requests_one_after_the_other() throws Exception {
        go.countDown();
        try (var socket = connect()) {
            for (int i = 0; i < 500; i++) {
                say(socket, head("GET /waits") + "\r\n");
                until(socket, "done");
            }
        }
        assertThat(hangUps).hasValue(0);
    }

    @Test
    void no_request_is_missed_on_many_busy_connections() throws Exception {
        go.countDown();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var clients = new ArrayList<Future<Void>>();
            for (int i = 0; i < 32; i++) {
                clients.add(executor.submit(() -> ask(2000)));
            }
            for (var client : clients) {
                client.get();
            }
        }
        assertThat(hangUps).hasValue(0);
    }

    private Void ask(int times) throws IOException {
        try (var socket = connect()) {
            socket.setTcpNoDelay(true);
            var request = (head("GET /waits") + "\r\n").getBytes(UTF_8);
            for (int i = 0; i < times; i++) {
                socket.getOutputStream().write(request);
                var answer = new byte[400];
                int count = 0;
                while (!new String(answer, 0, count, UTF_8).endsWith("done")) {
                    count += socket.getInputStream().read(answer, count, answer.length - count);
                }
            }
        }
        return null;
    }

    @Test
    void who_has_not_read_the_body_cannot_watch_for_a_hang_up() throws IOException {
        assertThat(
                        raw(
                                head("POST /waits/unread")
                                        + "Connection: close\r\nContent-Length: 1\r\n\r\nx"))
                .startsWith("HTTP/1.1 500 ");
    }

    // Parts of the tree

    @Test
    void a_model_may_have_slashes_and_colons_in_its_name() throws IOException {
        assertThat(raw(once("GET /own/models/gpt-5"))).endsWith("get gpt-5");
        assertThat(raw(once("GET /own/models/meta/llama:free"))).endsWith("get meta/llama:free");
        assertThat(raw(once("GET /own/models/meta%2Fllama"))).endsWith("get meta/llama");
        assertThat(raw(once("GET /own/models/meta%2fa+b"))).endsWith("get meta/a+b");
        assertThat(raw(once("POST /own/models/gemini-3.0:generate")))
                .endsWith("generate gemini-3.0");
        assertThat(raw(once("POST /own/models/tuned/a:b:generate"))).endsWith("generate tuned/a:b");
        assertThat(raw(once("POST /own/deployments/mine/chat?api-version=1"))).endsWith("mine 1");
    }

    @Test
    void a_part_of_the_tree_tells_problems_in_its_own_words() throws IOException {
        var own =
                new String[] {
                    "GET /own/nowhere", "GET /own", "DELETE /own/body", "POST /own/models/x"
                };
        for (var line : own) {
            assertThat(raw(once(line)))
                    .matches("(?s)HTTP/1.1 40[45] .*application/json.*own:40[45]:.*");
        }
        assertThat(raw(once("DELETE /own/body"))).contains("Allow: POST");
        assertThat(raw(once("GET /ownership"))).contains("application/problem+json");
        assertThat(raw(head("GET /own/nowhere") + "X-Refused: 1\r\nConnection: close\r\n\r\n"))
                .endsWith("own:401:refused by the guard");
        assertThat(raw(once("GET /own/models/a?b=%zz"))).contains("own:400:");
    }

    @Test
    void a_part_of_the_tree_has_its_own_largest_body() throws IOException {
        var fits = "x".repeat(100_000);
        assertThat(
                        raw(
                                head("POST /own/body")
                                        + "Connection: close\r\nContent-Length: 100000\r\n\r\n"
                                        + fits))
                .endsWith("100000");
        assertThat(raw(head("POST /own/body") + "Content-Length: 100001\r\n\r\n" + fits + "x"))
                .startsWith("HTTP/1.1 413 ")
                .contains("own:413:");
        assertThat(
                        raw(
                                head("POST /own/body")
                                        + "Transfer-Encoding: chunked\r\n\r\n186a1\r\n"
                                        + fits
                                        + "x\r\n0\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ")
                .contains("own:413:");
        assertThat(raw(head("POST /own/small/x") + "Content-Length: 11\r\n\r\n12345678901"))
                .contains("own:413:");
    }

    @Test
    void json_may_say_what_kind_it_is() throws IOException {
        var routes =
                new Routes()
                        .get(
                                "/x",
                                e ->
                                        new Reply.Json(
                                                400,
                                                Map.of("Content-Type", "application/json"),
                                                JsonNodeFactory.instance.objectNode()));
        try (var other = HttpServer.start(HttpServer.Settings.DEFAULT, e -> {}, routes);
                var socket = new Socket(InetAddress.getLoopbackAddress(), other.port())) {
            say(
                    socket,
                    "GET /x HTTP/1.1\r\nHost: 127.0.0.1:"
                            + other.port()
                            + "\r\nConnection: close\r\n\r\n");
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .contains("Content-Type: application/json\r\n")
                    .doesNotContain("problem");
        }
    }
}
