package dev.remit.http.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that mean harm: by size, by slowness, by number, by what could be read in two ways.
@Timeout(30)
class HardeningTest {
    private static final int CONNECTIONS = 8;
    private static final int MEBIBYTE = 1 << 20;

    private final AtomicInteger handled = new AtomicInteger();
    private final CompletableFuture<Throwable> writeEnd = new CompletableFuture<>();
    private final ScheduledExecutorService drip = Executors.newScheduledThreadPool(1);
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        var pace = new HttpServer.Pace(Duration.ofMillis(400), 1_000_000, Duration.ofSeconds(10));
        server = HttpServer.start(settings(pace, Duration.ofSeconds(2)), e -> {}, routes());
    }

    private static HttpServer.Settings settings(HttpServer.Pace pace, Duration idle) {
        return new HttpServer.Settings(
                0,
                MEBIBYTE,
                idle,
                Duration.ofSeconds(1),
                Duration.ofMillis(200),
                CONNECTIONS,
                pace);
    }

    @AfterEach
    void stop() {
        drip.shutdownNow();
        server.close();
    }

    private Routes routes() {
        return new Routes()
                .get("/x", this::small)
                .post(
                        "/x",
                        e -> {
                            e.body();
                            return small(e);
                        })
                .get("/flood", e -> new Reply.Stream(200, Map.of(), "x/y", this::flood));
    }

    private Reply small(Exchange exchange) {
        handled.incrementAndGet();
        return new Reply.Bytes(200, Map.of(), "text/plain", "fine".getBytes(UTF_8));
    }

    private void flood(ByteSink sink) throws IOException {
        var bytes = new byte[64 << 10];
        try {
            while (true) {
                sink.write(bytes);
            }
        } catch (IOException e) {
            writeEnd.complete(e);
            throw e;
        }
    }

    private Socket connect() throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(16 << 10);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
    }

    private String host() {
        return "Host: 127.0.0.1:" + server.port() + "\r\n";
    }

    /// All that the server says until it closes, be it by a reset.
    private static String rest(Socket socket) {
        var text = new StringBuilder();
        try {
            InputStream in = socket.getInputStream();
            for (int b; (b = in.read()) >= 0; ) {
                text.append((char) b);
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the server does not close; it said " + text, e);
        } catch (IOException reset) {
            return text.toString();
        }
        return text.toString();
    }

    private static void until(Socket socket, String end) throws IOException {
        var text = new StringBuilder();
        while (!text.toString().endsWith(end)) {
            text.append((char) socket.getInputStream().read());
        }
    }

    private String raw(String bytes) throws IOException {
        try (var socket = connect()) {
            say(socket, bytes);
            return rest(socket);
        }
    }

    // Size

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_body_of_100_megabytes_is_refused_early_and_never_held(boolean chunked)
            throws IOException {
        var framing =
                chunked
                        ? "Transfer-Encoding: chunked\r\n\r\n"
                        : "Content-Length: 104857600\r\n\r\n";
        var piece = new byte[MEBIBYTE];
        long before = used();
        try (var socket = connect()) {
            say(socket, "POST /x HTTP/1.1\r\n" + host() + framing);
            long most = 0;
            for (int i = 0; i < 100; i++) {
                if (chunked) {
                    say(socket, "100000\r\n");
                }
                socket.getOutputStream().write(piece);
                if (chunked) {
                    say(socket, "\r\n");
                }
                most = Math.max(most, i % 20 == 19 ? used() - before : 0);
            }
            assertThat(most).isLessThan(50L * MEBIBYTE);
            assertThat(rest(socket)).startsWith("HTTP/1.1 413 ").contains("Connection: close");
        }
        assertThat(handled).hasValue(0);
    }

    private static long used() {
        System.gc();
        var runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void a_promise_of_much_holds_no_memory() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        long before = used();
        for (int i = 0; i < CONNECTIONS; i++) {
            var socket = connect();
            sockets.add(socket);
            say(socket, "POST /x HTTP/1.1\r\n" + host() + "Content-Length: 1048576\r\n\r\nx");
        }
        while (server.underWay() < CONNECTIONS) {
            Thread.onSpinWait();
        }
        assertThat(used() - before).isLessThan(CONNECTIONS * MEBIBYTE / 2);
        for (var socket : sockets) {
            socket.close();
        }
    }

    @Test
    void too_many_headers_are_refused() throws IOException {
        var few = "GET /x HTTP/1.1\r\n" + host() + "Connection: close\r\n" + "A: b\r\n".repeat(190);
        assertThat(raw(few + "\r\n")).startsWith("HTTP/1.1 200 ");
        assertThat(raw(few + "A: b\r\n".repeat(20) + "\r\n")).startsWith("HTTP/1.1 431 ");
        assertThat(raw(few + "A: " + "b".repeat(20_000) + "\r\n\r\n")).startsWith("HTTP/1.1 431 ");
        assertThat(raw("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n")).startsWith("HTTP/1.1 414 ");
    }

    // Slowness

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /x HTTP/1.1\r\nX-Slow: ",
                "POST /x HTTP/1.1\r\nHost: HOST\r\nContent-Length: 1000\r\n\r\n",
                "POST /x HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n"
            })
    void who_drips_a_request_is_cut_off_in_bounded_time(String start) throws Exception {
        try (var socket = connect()) {
            say(socket, start.replace("HOST", "127.0.0.1:" + server.port()));
            var dripping =
                    drip.scheduleAtFixedRate(() -> drop(socket), 20, 20, TimeUnit.MILLISECONDS);
            assertThat(rest(socket)).matches("(?s)(HTTP/1.1 4\\d\\d .*)?");
            dripping.cancel(true);
        }
        assertThat(handled).hasValue(0);
        while (server.underWay() > 0) {
            Thread.onSpinWait();
        }
    }

    private static void drop(Socket socket) {
        try {
            socket.getOutputStream().write('x');
        } catch (IOException closed) {
            throw new IllegalStateException(closed);
        }
    }

    @Test
    void a_fast_sender_is_not_taken_for_a_slow_one_on_an_old_connection() throws Exception {
        try (var socket = connect()) {
            var rounds = new CompletableFuture<Void>();
            var round = new AtomicInteger();
            // Well beyond the time that one request may take.
            drip.scheduleAtFixedRate(
                    () -> {
                        try {
                            say(
                                    socket,
                                    "POST /x HTTP/1.1\r\n"
                                            + host()
                                            + "Content-Length: 2\r\n\r\n{}");
                            until(socket, "fine");
                            if (round.incrementAndGet() == 10) {
                                rounds.complete(null);
                            }
                        } catch (IOException e) {
                            rounds.completeExceptionally(e);
                        }
                    },
                    0,
                    200,
                    TimeUnit.MILLISECONDS);
            rounds.get();
        }
        assertThat(handled.get()).isGreaterThanOrEqualTo(10);
    }

    @Test
    void who_sips_an_answer_is_cut_off_in_bounded_time() throws Exception {
        server.close();
        var pace = new HttpServer.Pace(Duration.ofMillis(400), 200_000_000, Duration.ofSeconds(10));
        server = HttpServer.start(settings(pace, Duration.ofMinutes(1)), e -> {}, routes());
        try (var socket = connect()) {
            say(socket, "GET /flood HTTP/1.1\r\n" + host() + "\r\n");
            drip.scheduleAtFixedRate(() -> sip(socket), 20, 20, TimeUnit.MILLISECONDS);
            assertThat(writeEnd.get(20, TimeUnit.SECONDS)).hasMessageContaining("too slowly");
        }
    }

    @Test
    void who_takes_nothing_of_an_answer_is_cut_off() throws Exception {
        try (var socket = connect()) {
            say(socket, "GET /flood HTTP/1.1\r\n" + host() + "\r\n");
            assertThat(writeEnd.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        }
    }

    private static void sip(Socket socket) {
        try {
            socket.getInputStream().readNBytes(100_000);
        } catch (IOException closed) {
            throw new IllegalStateException(closed);
        }
    }

    @Test
    void who_takes_a_large_answer_fast_enough_gets_it() throws Exception {
        try (var socket = connect()) {
            say(socket, "GET /flood HTTP/1.1\r\n" + host() + "\r\n");
            assertThat(socket.getInputStream().readNBytes(200 * MEBIBYTE)).hasSize(200 * MEBIBYTE);
        }
    }

    // Number

    @Test
    void beyond_so_many_connections_one_waits_for_another_to_close() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            var socket = connect();
            sockets.add(socket);
            say(socket, "GET /x HTTP/1.1\r\n" + host() + "\r\n");
            assertThat(socket.getInputStream().read()).isEqualTo('H');
        }
        try (var late = connect()) {
            say(late, "GET /x HTTP/1.1\r\n" + host() + "Connection: close\r\n\r\n");
            late.setSoTimeout(300);
            assertThatThrownBy(() -> late.getInputStream().read())
                    .isInstanceOf(SocketTimeoutException.class);
            late.setSoTimeout(20_000);
            sockets.getFirst().close();
            assertThat(rest(late)).endsWith("fine");
        }
        for (var socket : sockets) {
            socket.close();
        }
    }

    // What could be read in two ways

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /x HTTP/1.1|HOST|Content-Length: 4|Transfer-Encoding: chunked||0||",
                "POST /x HTTP/1.1|HOST|Transfer-Encoding: chunked|Content-Length: 4||0||",
                "POST /x HTTP/1.1|HOST|Content-Length: 4|Content-Length: 5||GET /",
                "POST /x HTTP/1.1|HOST|Content-Length: 4|Content-Length: 4||GET ",
                "POST /x HTTP/1.1|HOST|Content-Length: 4, 4||GET ",
                "POST /x HTTP/1.1|HOST|Content-Length: -4||",
                "POST /x HTTP/1.1|HOST|Content-Length: +4||GET ",
                "POST /x HTTP/1.1|HOST|Content-Length: 0x4||GET ",
                "POST /x HTTP/1.1|HOST|Content-Length: 99999999999999999999||",
                "POST /x HTTP/1.1|HOST|Transfer-Encoding: chunked, identity||0||",
                "POST /x HTTP/1.1|HOST|Transfer-Encoding: xchunked||0||",
                "POST /x HTTP/1.1|HOST|Transfer-Encoding: gzip, x||0||",
                "POST /x HTTP/1.0|HOST|Transfer-Encoding: chunked||0||",
                "POST /x HTTP/1.1|HOST|Transfer-Encoding : chunked||0||",
                "POST /x HTTP/1.1|HOST|Content-Length : 4||GET ",
                "GET /x HTTP/1.1|HOST|X: y| folded||",
                "GET /x HTTP/1.1|HOST| X: y||",
                "GET /x HTTP/1.1|HOST|X||",
                "GET /x HTTP/1.1|HOST|: y||",
                "GET /x HTTP/1.1|HOST|X: y^Z: w||",
                "GET /x HTTP/1.1^HOST^^",
                "GET /x HTTP/1.1|HOST|X: a\u0000b||",
                "GET /x HTTP/1.1|HOST|X\u0001: b||",
                "GET /x HTTP/1.1|HOST|HOST||",
                "POST /x HTTP/1.1|HOST|Transfer-Encoding: chunked||4^abcd|0||",
                "POST /x HTTP/1.1|HOST|Transfer-Encoding: chunked||-4|abcd|0||",
                "POST /x HTTP/1.1|HOST|Transfer-Encoding: chunked||0x4|abcd|0||",
                "POST /x HTTP/1.1|HOST|Transfer-Encoding: chunked||4|abcdX|0||"
            })
    void a_smuggled_request_is_refused_and_its_connection_closed(String request)
            throws IOException {
        var bytes = request.replace("HOST", host().strip()).replace("|", "\r\n").replace("^", "\n");
        var after = "GET /x HTTP/1.1\r\n" + host() + "\r\n";
        var answer = raw(bytes + after);
        assertThat(answer).startsWith("HTTP/1.1 4").contains("problem+json");
        assertThat(answer.split("HTTP/1\\.1 ", -1)).hasSize(2);
        assertThat(handled).hasValue(0);
    }
}
