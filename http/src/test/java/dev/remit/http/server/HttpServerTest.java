package dev.remit.http.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.BindException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

class HttpServerTest {
    private static final int BODY_LIMIT = 1000;
    private static final Duration SOON = Duration.ofSeconds(20);

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(SOON).build();
    private final CompletableFuture<Throwable> streamEnd = new CompletableFuture<>();
    private final CountDownLatch streaming = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.start(settings(0), HttpServerTest::guard, routes());
    }

    @AfterEach
    void stop() {
        server.close();
        client.shutdownNow();
    }

    private static HttpServer.Settings settings(int port) {
        return new HttpServer.Settings(
                port,
                BODY_LIMIT,
                Duration.ofMillis(1500),
                Duration.ofMillis(200),
                Duration.ofSeconds(2),
                64);
    }

    private static void guard(Exchange exchange) {
        if (exchange.header("X-Refused").isPresent()) {
            throw new Problem(401, "refused by the guard");
        }
    }

    private Routes routes() {
        return new Routes()
                .get("/things", e -> Reply.ok(text("list " + e.query("limit", 10, 1, 100))))
                .get("/things/{id}", e -> Reply.ok(text("get " + e.parameter("id"))))
                .put("/things/{id}", e -> new Reply.Empty(204))
                .post("/things/{id}:cancel", e -> Reply.json(202, text(e.parameter("id"))))
                .post("/echo", e -> Reply.ok(e.json()))
                .post(
                        "/fails",
                        e -> {
                            throw new IllegalStateException("secret of the house");
                        })
                .post(
                        "/fails/io",
                        e -> {
                            throw new IOException("secret of the house");
                        })
                .get("/on-virtual", e -> Reply.ok(text("" + Thread.currentThread().isVirtual())))
                .get("/stream", e -> new Reply.Events(this::three))
                .get("/endless", e -> new Reply.Events(this::endless))
                .get("/flood", e -> new Reply.Events(this::flood))
                .get("/full", e -> new Reply.Events(this::full));
    }

    private static tools.jackson.databind.JsonNode text(String value) {
        return JsonNodeFactory.instance.stringNode(value);
    }

    private void three(EventStream stream) throws IOException {
        stream.send("1", "a", "one");
        stream.send(null, "b", "two\nlines");
        stream.send("3", "a", "three");
    }

    private void full(EventStream stream) {
        throw new Problem(503, "no more can listen").header("Retry-After", "5");
    }

    private void endless(EventStream stream) throws IOException {
        streaming.countDown();
        try {
            while (true) {
                stream.await(Duration.ofMinutes(1));
            }
        } catch (IOException | InterruptedException e) {
            streamEnd.complete(e);
            throw new IOException(e);
        }
    }

    private void flood(EventStream stream) throws IOException {
        var line = "x".repeat(64 << 10);
        try {
            while (true) {
                stream.send(null, "flood", line);
            }
        } catch (IOException e) {
            streamEnd.complete(e);
            throw e;
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path)).timeout(SOON);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> echo(String body) throws Exception {
        return send(request("/echo").POST(BodyPublishers.ofString(body)));
    }

    /// Sends bytes as they are and reads until the server closes.
    private String raw(String bytes) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout((int) SOON.toMillis());
            socket.getOutputStream().write(bytes.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private String host() {
        return "Host: 127.0.0.1:" + server.port() + "\r\n";
    }

    private static void isProblem(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValue("application/problem+json");
        assertThat(response.body()).contains("\"status\":" + status).contains("\"detail\":\"");
        assertThat(response.body()).doesNotContainIgnoringCase("exception").doesNotContain("\tat ");
    }

    @Test
    void listens_on_loopback_on_a_free_port_below_32768() {
        assertThat(server.url().getHost()).isEqualTo("127.0.0.1");
        assertThat(server.port()).isBetween(20_000, 32_767);
        assertThat(HttpServer.isFree(server.port())).isFalse();
    }

    @Test
    void a_taken_port_is_told_as_such() {
        assertThatThrownBy(() ->
                        HttpServer.start(settings(server.port()), HttpServerTest::guard, routes()))
                .hasRootCauseInstanceOf(BindException.class);
    }

    @Test
    void requests_are_handled_on_virtual_threads() throws Exception {
        assertThat(send(request("/on-virtual")).body()).isEqualTo("\"true\"");
    }

    @Test
    void a_verb_is_not_taken_for_a_part_of_an_id() throws Exception {
        assertThat(send(request("/things/7")).body()).isEqualTo("\"get 7\"");
        var cancelled = send(request("/things/7:cancel").POST(BodyPublishers.noBody()));
        assertThat(cancelled.statusCode()).isEqualTo(202);
        assertThat(cancelled.body()).isEqualTo("\"7\"");
        isProblem(send(request("/things/7:destroy").POST(BodyPublishers.noBody())), 404);
        isProblem(send(request("/things/7/8")), 404);
        isProblem(send(request("/nowhere")), 404);
    }

    @Test
    void a_wrong_method_is_told_which_ones_are_right() throws Exception {
        var response = send(request("/things/7").DELETE());
        isProblem(response, 405);
        assertThat(response.headers().firstValue("Allow")).hasValue("GET, PUT");
        isProblem(send(request("/things/7:cancel")), 405);
    }

    @Test
    void head_is_answered_as_get_without_the_body() throws Exception {
        var response = send(request("/things/7").HEAD());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Length")).hasValue("7");
        assertThat(send(request("/endless").HEAD()).statusCode()).isEqualTo(200);
    }

    @Test
    void the_guard_sees_unknown_paths_too() throws Exception {
        isProblem(send(request("/nowhere").header("X-Refused", "yes")), 401);
    }

    @Test
    void a_body_over_the_limit_is_refused_of_either_kind() throws Exception {
        var large = "\"" + "x".repeat(BODY_LIMIT) + "\"";
        isProblem(echo(large), 413);
        var chunked =
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large.getBytes(UTF_8)));
        isProblem(send(request("/echo").POST(chunked)), 413);
        assertThat(echo("\"fits\"").body()).isEqualTo("\"fits\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "{",
                "{\"a\":1} x",
                "{\"a\":1,\"a\":2}",
                "nope",
                "[1e999]",
                "\"\\ud800\"",
                "{\"\\udc00\":1}"
            })
    void a_body_that_is_no_sound_json_is_refused(String body) throws Exception {
        isProblem(echo(body), 400);
    }

    @Test
    void a_body_nested_without_end_is_refused() throws Exception {
        isProblem(echo("[".repeat(BODY_LIMIT - 10)), 400);
    }

    @Test
    void every_character_of_a_sound_body_comes_through() throws Exception {
        var body = "{\"a\":\"\\u0000 \uD83D\uDE00 ü\",\"n\":12345678901234567890}";
        assertThat(echo(body).body()).isEqualTo(body);
    }

    @Test
    void a_body_of_another_type_is_refused() throws Exception {
        isProblem(
                send(
                        request("/echo")
                                .header("Content-Type", "text/plain")
                                .POST(BodyPublishers.ofString("{}"))),
                415);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "101", "-1", "x", "99999999999999999999"})
    void a_number_out_of_range_is_refused(String limit) throws Exception {
        isProblem(send(request("/things?limit=" + limit)), 400);
    }

    @Test
    void a_control_character_in_the_query_is_refused() throws Exception {
        isProblem(send(request("/things?limit=1%00")), 400);
    }

    @Test
    void something_can_be_put_around_every_handler() {
        var around = routes().each(handler -> exchange -> new Reply.Empty(204));
        assertThat(around.list()).hasSameSizeAs(routes().list());
        assertThat(around.match("GET", "/things/7").parameters()).containsEntry("id", "7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/fails", "/fails/io"})
    void a_failure_inside_tells_the_client_nothing_of_itself(String path) throws Exception {
        var response = send(request(path).POST(BodyPublishers.noBody()));
        isProblem(response, 500);
        assertThat(response.body()).doesNotContain("secret of the house");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /things/..%2f..%2fetc HTTP/1.1",
                "GET /things/%00 HTTP/1.1",
                "GET /things/%ff%fe HTTP/1.1",
                "GET /things/a%zz HTTP/1.1",
                "GET /%2e%2e/things HTTP/1.1",
                "GET /things;x=1/../../etc/passwd HTTP/1.1",
                "GET /things?a=%zz HTTP/1.1",
                "GET nonsense HTTP/1.1",
                "GET  HTTP/1.1",
                "BREW /things HTTP/1.1",
                "OPTIONS * HTTP/1.1",
                "TRACE /things HTTP/1.1",
                "CONNECT example.org:443 HTTP/1.1",
                "GET /things HTTP/9.9",
                "\u0001\u0002"
            })
    void a_hostile_request_gets_a_problem_and_no_more(String line) throws IOException {
        var answer = raw(line + "\r\n" + host() + "Connection: close\r\n\r\n");
        assertThat(answer).matches("(?s)HTTP/1\\.1 (4\\d\\d|505) .*");
        assertThat(answer).doesNotContainIgnoringCase("exception").doesNotContain("<html");
        assertThat(answer).doesNotContain("org.eclipse");
        assertThat(answer).contains("application/problem+json");
    }

    @Test
    void headers_without_end_are_refused() throws IOException {
        var answer =
                raw("GET /things HTTP/1.1\r\n" + host() + "X: " + "y".repeat(40_000) + "\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 431 ").contains("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host: evil.example\r\n", "Host: 127.0.0.1\r\n", ""})
    void another_name_for_this_address_is_refused(String host) throws IOException {
        var answer = raw("GET /things HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n");
        assertThat(answer).matches("(?s)HTTP/1\\.1 (421|400) .*");
    }

    @Test
    void connection_close_is_honoured() throws IOException {
        var answer = raw("GET /things HTTP/1.1\r\n" + host() + "Connection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("\"list 10\"");
    }

    @Test
    void who_sends_half_a_body_is_not_waited_for() throws IOException {
        var answer = raw("POST /echo HTTP/1.1\r\n" + host() + "Content-Length: 10\r\n\r\n{");
        assertThat(answer).doesNotContainIgnoringCase("exception");
    }

    @Test
    void events_follow_the_format_of_the_standard() throws Exception {
        var response = send(request("/stream"));
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        assertThat(response.body())
                .isEqualTo(
                        """
                        : connected

                        id: 1
                        event: a
                        data: one

                        event: b
                        data: two
                        data: lines

                        id: 3
                        event: a
                        data: three

                        """);
    }

    @Test
    void a_stream_that_cannot_begin_is_answered_with_its_problem() throws Exception {
        var response = send(request("/full"));
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Content-Type")).hasValue(Problem.MEDIA_TYPE);
        assertThat(response.headers().firstValue("Retry-After")).hasValue("5");
        assertThat(response.body()).contains("no more can listen").doesNotContain("connected");
    }

    @Test
    void a_silent_stream_outlives_the_idle_timeout_by_its_heartbeats() throws Exception {
        var response = client.send(request("/endless").build(), BodyHandlers.ofInputStream());
        try (var lines = new BufferedReader(new InputStreamReader(response.body(), UTF_8))) {
            for (int beats = 0; beats < 12; ) {
                if (lines.readLine().startsWith(": still here")) {
                    beats++;
                }
            }
        }
    }

    @Test
    void a_client_that_is_gone_is_noticed() throws Exception {
        var response = client.send(request("/endless").build(), BodyHandlers.ofInputStream());
        streaming.await();
        response.body().close();
        assertThat(streamEnd.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    }

    @Test
    void a_reader_that_takes_nothing_is_cut_off() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream()
                    .write(("GET /flood HTTP/1.1\r\n" + host() + "\r\n").getBytes(UTF_8));
            assertThat(streamEnd.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void stopping_ends_streams_and_frees_the_port() throws Exception {
        client.sendAsync(request("/endless").build(), BodyHandlers.ofInputStream());
        streaming.await();
        assertThat(server.underWay()).isEqualTo(1);
        server.close();
        assertThat(streamEnd.get(20, TimeUnit.SECONDS)).hasMessageContaining("stops");
        assertThat(HttpServer.isFree(server.port())).isTrue();
    }
}
