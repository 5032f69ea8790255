package dev.remit.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.remit.core.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The client against servers that die, come back elsewhere, and repeat themselves.
@Timeout(60)
class RemitClientTest {
    private final List<HttpServer> servers = new ArrayList<>();
    private final List<String> keys = new CopyOnWriteArrayList<>();

    private Address serve(HttpHandler handler) throws IOException {
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", handler);
        server.start();
        servers.add(server);
        return new Address(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()), "a-key");
    }

    @AfterEach
    void end() {
        servers.forEach(s -> s.stop(0));
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            var bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static String sse(long seq, String type) {
        return "id: "
                + seq
                + "\nevent: "
                + type
                + "\ndata: {\"session\":\"s\",\"seq\":"
                + seq
                + ",\"event\":{\"type\":\""
                + type
                + "\"}}\n\n";
    }

    @Test
    void events_come_without_gap_or_repetition_though_every_connection_is_cut() throws IOException {
        var asked = new CopyOnWriteArrayList<String>();
        var address =
                serve(exchange -> {
                    try (exchange) {
                        var last = exchange.getRequestHeaders().getFirst("Last-Event-ID");
                        asked.add(last);
                        long from = Long.parseLong(last);
                        exchange.sendResponseHeaders(200, 0);
                        var text = new StringBuilder();
                        // once more what was sent already, one new one, and half of a third
                        if (from > 0) {
                            text.append(sse(from, "old"));
                        }
                        text.append(sse(from + 1, from == 9 ? "closed" : "model_called"));
                        text.append("event: progress\ndata: {\"tokens\": 5}\n\n");
                        text.append("id: 99\ndata: {\"ha");
                        exchange.getResponseBody()
                                .write(text.toString().getBytes(StandardCharsets.UTF_8));
                    }
                });

        var seen = new ArrayList<Long>();
        try (var client = new RemitClient(address);
                var events = client.follow("s", 0)) {
            for (var e = events.next(); e != null; e = events.next()) {
                if (e.seq() > 0) {
                    seen.add(e.seq());
                } else {
                    assertThat(e.type()).isEqualTo("progress");
                }
            }
        }

        assertThat(seen).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
        assertThat(asked).startsWith("0", "1", "2").hasSize(10);
    }

    @Test
    void words_go_on_behind_the_last_one_that_came_though_the_connection_is_cut()
            throws IOException {
        var asked = new CopyOnWriteArrayList<String>();
        var address =
                serve(exchange -> {
                    try (exchange) {
                        var last = exchange.getRequestHeaders().getFirst("Last-Event-ID");
                        asked.add(exchange.getRequestURI().getQuery() + " " + last);
                        exchange.sendResponseHeaders(200, 0);
                        var text =
                                switch (last) {
                                    case "0" ->
                                            sse(1, "model_called")
                                                    + token("1~1.4.a", 0, "The ")
                                                    + "id: 1~1.9.b\nevent: token\ndata: {\"off";
                                    case "1~1.4.a" -> token("1~1.9.b", 4, "cause");
                                    default -> sse(2, "model_replied") + sse(3, "closed");
                                };
                        exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
                    }
                });

        var words = new StringBuilder();
        try (var client = new RemitClient(address);
                var events = client.followWords("s", 0)) {
            for (var e = events.next(); e != null; e = events.next()) {
                words.append(e.body().path("news").path("text").asString(""));
            }
        }

        assertThat(words).hasToString("The cause");
        assertThat(asked)
                .containsExactly("tokens=true 0", "tokens=true 1~1.4.a", "tokens=true 1~1.9.b");
    }

    private static String token(String id, int offset, String text) {
        return "id: %s\nevent: token\ndata: {\"call\":1,\"offset\":%d,\"text\":\"%s\"}\n\n"
                .formatted(id, offset, text);
    }

    @Test
    void a_server_that_comes_back_elsewhere_is_found_again() throws IOException {
        var first = serve(exchange -> reply(exchange, 200, "{\"items\":[]}"));
        var second = serve(exchange -> reply(exchange, 200, "{\"status\":\"ok\"}"));
        var where = new AtomicReference<>(first);
        try (var client = new RemitClient(where::get, Duration.ofSeconds(20))) {
            assertThat(client.agents(null).items()).isEmpty();
            servers.getFirst().stop(0);
            Thread.ofVirtual().start(() -> where.set(second));

            assertThat(client.health().path("status").asString()).isEqualTo("ok");
        }
    }

    @Test
    void a_lost_answer_does_not_open_a_session_twice() throws IOException {
        var times = new AtomicInteger();
        var address =
                serve(exchange -> {
                    keys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
                    if (times.incrementAndGet() == 1) {
                        exchange.close();
                        return;
                    }
                    reply(exchange, 200, "{\"id\":\"one\"}");
                });
        try (var client = new RemitClient(address)) {
            var request = new NewSession("demo", null, Json.object(), null, null, null);

            assertThat(client.open(request, null).id()).isEqualTo("one");
        }

        assertThat(keys).hasSize(2);
        assertThat(keys.getFirst()).isNotBlank().isEqualTo(keys.get(1));
    }

    @Test
    void a_message_whose_answer_was_lost_is_not_said_again() throws IOException {
        var times = new AtomicInteger();
        var address =
                serve(exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    times.incrementAndGet();
                    exchange.close();
                });
        try (var client = new RemitClient(address)) {
            assertThatThrownBy(() -> client.message("s", "hello"))
                    .isInstanceOf(UnreachableException.class);
        }

        assertThat(times).hasValue(1);
    }

    @Test
    void problem_details_become_an_exception_with_status_and_faults() throws IOException {
        var address =
                serve(exchange ->
                        reply(
                                exchange,
                                422,
                                "{\"title\":\"bad\",\"detail\":\"two faults\",\"faults\":[{},{}]}"));
        try (var client = new RemitClient(address)) {
            assertThatThrownBy(client::health)
                    .isInstanceOfSatisfying(
                            ApiException.class,
                            e -> {
                                assertThat(e.status()).isEqualTo(422);
                                assertThat(e).hasMessage("two faults");
                                assertThat(e.faults()).hasSize(2);
                            });
        }
    }

    @Test
    void an_answer_that_is_no_problem_document_is_told_briefly() throws IOException {
        var address = serve(exchange -> reply(exchange, 502, "<html>" + "x".repeat(1000)));
        try (var client = new RemitClient(address)) {
            assertThatThrownBy(client::health)
                    .isInstanceOf(ApiException.class)
                    .hasMessageStartingWith("<html>xxx")
                    .hasMessageEndingWith("…");
        }
    }

    @Test
    void a_server_that_stays_away_is_given_up_on() {
        var nobody = new Address(URI.create("http://127.0.0.1:1"), "k");
        try (var client = new RemitClient(() -> nobody, Duration.ofMillis(200))) {
            assertThatThrownBy(client::health)
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("nothing listens at http://127.0.0.1:1");
        }
    }

    @Test
    void the_key_is_sent_and_never_shown() throws IOException {
        var address =
                serve(exchange -> {
                    keys.add(exchange.getRequestHeaders().getFirst("Authorization"));
                    reply(exchange, 200, "{}");
                });
        try (var client = new RemitClient(address)) {
            client.health();
        }

        assertThat(keys).containsExactly("Bearer a-key");
        assertThat(address.toString()).doesNotContain("a-key");
    }

    @Test
    void ids_cannot_leave_their_place_in_the_path() throws IOException {
        var paths = new CopyOnWriteArrayList<String>();
        var address =
                serve(exchange -> {
                    paths.add(exchange.getRequestURI().getRawPath());
                    reply(exchange, 200, "{}");
                });
        try (var client = new RemitClient(address)) {
            client.session("../health?x=1#y");
        }

        assertThat(paths).containsExactly("/v1/sessions/..%2Fhealth%3Fx%3D1%23y");
    }
}
