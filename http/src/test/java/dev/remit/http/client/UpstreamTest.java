package dev.remit.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.remit.http.client.UpstreamException.Kind;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class UpstreamTest {
    private static final Timeouts PATIENT = Timeouts.of(Duration.ofSeconds(20));
    private static final String STREAM =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n";

    private static Request get(URI uri) {
        return Request.of("GET", uri, PATIENT);
    }

    private static UpstreamException failure(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(UpstreamException.class, call);
    }

    @Test
    void a_request_arrives_as_it_was_made() throws Exception {
        try (var upstream = new Upstream();
                var server =
                        new RawServer((r, out, s) ->
                                RawServer.say(
                                        out,
                                        "HTTP/1.1 201 Made\r\nX-Id: 7\r\nContent-Type:"
                                                + " Application/JSON;charset=utf-8\r\n"
                                                + "Content-Length: 2\r\n\r\n{}"))) {
            var request =
                    Request.of("post", server.uri("/a?b=c"), PATIENT)
                            .header("X-Key", "k")
                            .body("ä".getBytes(StandardCharsets.UTF_8), "text/plain");
            try (var response = upstream.send(request)) {
                assertThat(response.status()).isEqualTo(201);
                assertThat(response.header("x-id")).contains("7");
                assertThat(response.mediaType()).isEqualTo("application/json");
                assertThat(new String(response.body(10), StandardCharsets.UTF_8)).isEqualTo("{}");
            }
            assertThat(server.requests.getFirst())
                    .startsWith("POST /a?b=c HTTP/1.1\r\n")
                    .contains("X-Key: k\r\n", "Content-Type: text/plain\r\n")
                    .doesNotContain("Accept-Encoding")
                    .endsWith("\r\n\r\nä");
        }
    }

    @Test
    void events_come_as_they_are_sent() throws Exception {
        var next = new CountDownLatch(1);
        try (var upstream = new Upstream();
                var server =
                        new RawServer((r, out, s) -> {
                            RawServer.say(out, STREAM);
                            RawServer.chunk(out, "data: a\n\nda");
                            next.await();
                            RawServer.chunk(out, "ta: b\n\n");
                            RawServer.say(out, "0\r\n\r\n");
                        });
                var response = upstream.send(get(server.uri("/")))) {
            var events = response.events(1000, 10_000);
            assertThat(events.next()).isEqualTo(new SseEvent("message", "a", ""));
            next.countDown();
            assertThat(events.next()).isEqualTo(new SseEvent("message", "b", ""));
            assertThat(events.next()).isNull();
        }
    }

    @Test
    void a_body_beyond_its_limit_is_refused() throws Exception {
        try (var upstream = new Upstream();
                var server =
                        new RawServer((r, out, s) ->
                                RawServer.say(
                                        out,
                                        "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n"
                                                + "12345678901"));
                var response = upstream.send(get(server.uri("/")))) {
            assertThat(failure(() -> response.body(10)).kind()).isEqualTo(Kind.TOO_LARGE);
        }
    }

    @Test
    void an_endless_stream_is_refused_at_its_limit() throws Exception {
        try (var upstream = new Upstream();
                var server =
                        new RawServer((r, out, s) -> {
                            RawServer.say(out, STREAM);
                            while (true) {
                                RawServer.chunk(out, ": nothing\n\n");
                            }
                        });
                var response = upstream.send(get(server.uri("/")))) {
            var failure = failure(() -> response.events(1000, 100_000).next());
            assertThat(failure.kind()).isEqualTo(Kind.TOO_LARGE);
        }
    }

    @Test
    void a_stream_that_is_cut_is_told_from_one_that_ended() throws Exception {
        try (var upstream = new Upstream();
                var server =
                        new RawServer((r, out, s) -> {
                            RawServer.say(out, STREAM);
                            RawServer.chunk(out, "data: a\n\n");
                        });
                var response = upstream.send(get(server.uri("/")))) {
            var events = response.events(1000, 10_000);
            assertThat(events.next()).isNotNull();
            var failure = failure(events::next);
            assertThat(failure.kind()).isEqualTo(Kind.CUT);
            assertThat(failure.sent()).isTrue();
        }
    }

    @Test
    void interrupting_a_reader_hangs_up_at_once() throws Exception {
        var reading = new CountDownLatch(1);
        try (var upstream = new Upstream();
                var server =
                        new RawServer((r, out, s) -> {
                            RawServer.say(out, STREAM);
                            RawServer.chunk(out, "data: a\n\n");
                            RawServer.awaitHangUp(s);
                        })) {
            var thrown = new AtomicReference<Throwable>();
            var reader =
                    Thread.ofVirtual()
                            .start(() -> {
                                try (var response = upstream.send(get(server.uri("/")))) {
                                    var events = response.events(1000, 10_000);
                                    events.next();
                                    reading.countDown();
                                    events.next();
                                } catch (Exception e) {
                                    thrown.set(e);
                                }
                            });
            reading.await();
            reader.interrupt();
            reader.join();
            assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
            assertThat(server.hungUp.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void interrupting_one_who_waits_for_an_answer_hangs_up_at_once() throws Exception {
        var asked = new CountDownLatch(1);
        try (var upstream = new Upstream();
                var server =
                        new RawServer((r, out, s) -> {
                            asked.countDown();
                            RawServer.awaitHangUp(s);
                        })) {
            var thrown = new CompletableFuture<Throwable>();
            var caller =
                    Thread.ofVirtual()
                            .start(() -> {
                                try (var response = upstream.send(get(server.uri("/")))) {
                                    thrown.complete(new AssertionError(response.status()));
                                } catch (Exception e) {
                                    thrown.complete(e);
                                }
                            });
            asked.await();
            caller.interrupt();
            assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
            assertThat(server.hungUp.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closing_early_hangs_up_and_does_not_read_the_rest() throws Exception {
        try (var upstream = new Upstream();
                var server =
                        new RawServer((r, out, s) -> {
                            RawServer.say(out, STREAM);
                            while (true) {
                                RawServer.chunk(out, "data: a\n\n");
                            }
                        })) {
            try (var response = upstream.send(get(server.uri("/")))) {
                assertThat(response.events(1000, 10_000).next()).isNotNull();
            }
            assertThat(server.hungUp.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void an_answer_that_is_waited_out_leaves_its_connection_for_the_next() throws Exception {
        var again = new CountDownLatch(1);
        try (var upstream = new Upstream();
                var server =
                        new RawServer((r, out, s) -> {
                            RawServer.say(out, STREAM);
                            RawServer.chunk(out, "data: [DONE]\n\n");
                            RawServer.say(out, "0\r\n\r\n");
                            s.getInputStream().readNBytes(20);
                            again.countDown();
                            RawServer.say(out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                        })) {
            try (var response = upstream.send(get(server.uri("/")))) {
                assertThat(response.events(1000, 10_000).next()).isNotNull();
                response.finish(Duration.ofSeconds(5));
            }
            try (var response = upstream.send(get(server.uri("/")))) {
                assertThat(response.status()).isEqualTo(200);
            }
            assertThat(again.getCount()).isZero();
            assertThat(server.requests).hasSize(1); // one connection
        }
    }

    @Test
    void an_answer_that_does_not_end_is_not_waited_for() throws Exception {
        try (var upstream = new Upstream();
                var server =
                        new RawServer((r, out, s) -> {
                            RawServer.say(out, STREAM);
                            RawServer.chunk(out, "data: [DONE]\n\n");
                            RawServer.awaitHangUp(s);
                        });
                var response = upstream.send(get(server.uri("/")))) {
            assertThat(response.events(1000, 10_000).next()).isNotNull();
            response.finish(Duration.ofMillis(50));
            assertThat(server.hungUp.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void silence_is_noticed_before_the_answer_and_within_it() throws Exception {
        var quick = new Timeouts(Duration.ofMillis(100), Duration.ofSeconds(20));
        var never = new CountDownLatch(1);
        try (var upstream = new Upstream();
                var mute = new RawServer((r, out, s) -> never.await());
                var stalls =
                        new RawServer((r, out, s) -> {
                            RawServer.say(out, STREAM);
                            RawServer.chunk(out, "data: a\n\n");
                            never.await();
                        })) {
            var before = failure(() -> upstream.send(Request.of("GET", mute.uri("/"), quick)));
            assertThat(before.kind()).isEqualTo(Kind.SILENT);
            try (var response = upstream.send(Request.of("GET", stalls.uri("/"), quick))) {
                var events = response.events(1000, 10_000);
                events.next();
                assertThat(failure(events::next).kind()).isEqualTo(Kind.SILENT);
            }
            never.countDown();
        }
    }

    @Test
    void a_server_that_is_busy_saying_nothing_is_cut() throws Exception {
        try (var upstream = new Upstream();
                var server = new RawServer((r, out, s) -> pingForEver(out))) {
            try (var response = upstream.send(get(server.uri("/")))) {
                response.within(Duration.ofMillis(150));
                var failure = failure(() -> response.events(1000, 1 << 30).next());
                assertThat(failure.kind()).isEqualTo(Kind.SILENT);
            }
            var brief = new Timeouts(Duration.ofSeconds(20), Duration.ofMillis(150));
            try (var response = upstream.send(Request.of("GET", server.uri("/"), brief))) {
                var failure = failure(() -> response.events(1000, 1 << 30).next());
                assertThat(failure.kind()).isEqualTo(Kind.TOO_LONG);
            }
        }
    }

    private static void pingForEver(java.io.OutputStream out) throws Exception {
        RawServer.say(out, STREAM);
        while (true) {
            RawServer.chunk(out, ": ping\n\n");
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Test
    void nobody_listening_is_known_not_to_have_been_sent() throws Exception {
        URI gone;
        try (var server = new RawServer((r, out, s) -> {})) {
            gone = server.uri("/v1?key=hidden");
        }
        try (var upstream = new Upstream()) {
            var failure = failure(() -> upstream.send(get(gone)));
            assertThat(failure.kind()).isEqualTo(Kind.NOT_REACHED);
            assertThat(failure.sent()).isFalse();
            assertThat(failure)
                    .hasMessageContaining("nobody listens there")
                    .hasMessageNotContaining("hidden");
            assertThat(failure(() -> upstream.send(get(URI.create("http://no.such.invalid/")))))
                    .hasMessageContaining("no host of that name");
        }
    }

    @Test
    void a_server_without_tls_is_not_reached_by_https() throws Exception {
        try (var upstream = new Upstream();
                var server =
                        new RawServer(
                                (r, out, s) -> RawServer.say(out, "HTTP/1.1 400 Bad\r\n\r\n"))) {
            var tls = URI.create(server.uri("/").toString().replace("http:", "https:"));
            var failure = failure(() -> upstream.send(get(tls)));
            assertThat(failure.kind()).isEqualTo(Kind.NOT_REACHED);
            assertThat(failure).hasMessageContaining("no secure connection");
        }
    }

    @Test
    void a_redirect_is_followed_on_the_same_server_and_nowhere_else() throws Exception {
        try (var upstream = new Upstream();
                var other =
                        new RawServer((r, out, s) ->
                                RawServer.say(
                                        out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
                var server =
                        new RawServer((r, out, s) -> {
                            var to =
                                    r.startsWith("GET /away")
                                            ? other.uri("/stolen").toString()
                                            : "/there";
                            RawServer.say(
                                    out,
                                    r.contains(" /there ")
                                            ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                                            : "HTTP/1.1 302 Found\r\nLocation: "
                                                    + to
                                                    + "\r\nContent-Length: 0\r\n"
                                                    + "Connection: close\r\n\r\n");
                        })) {
            try (var response = upstream.send(get(server.uri("/here")))) {
                assertThat(response.status()).isEqualTo(200);
            }
            try (var response =
                    upstream.send(get(server.uri("/away")).header("Authorization", "Bearer k"))) {
                assertThat(response.status()).isEqualTo(302);
            }
            try (var response =
                    upstream.send(
                            Request.of("POST", server.uri("/here"), PATIENT)
                                    .body(new byte[1], "text/plain"))) {
                assertThat(response.status()).isEqualTo(302);
            }
            assertThat(other.requests).isEmpty();
        }
    }

    @Test
    void nothing_is_tried_twice() throws Exception {
        try (var upstream = new Upstream();
                var server =
                        new RawServer((r, out, s) ->
                                RawServer.say(
                                        out,
                                        "HTTP/1.1 503 Busy\r\nRetry-After: 0\r\n"
                                                + "Content-Length: 0\r\n\r\n"));
                var response = upstream.send(get(server.uri("/")))) {
            assertThat(response.status()).isEqualTo(503);
            assertThat(server.requests).hasSize(1);
        }
    }

    @Test
    void a_header_cannot_smuggle_another_and_a_request_prints_no_secret() {
        var request = get(URI.create("http://host:8080/path?key=hidden"));
        assertThatThrownBy(() -> request.header("A", "b\r\nC: hidden"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("hidden");
        assertThatThrownBy(() -> request.header("A: b", "c"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(request.header("Authorization", "secret"))
                .hasToString("GET http://host:8080/path");
        assertThatThrownBy(() -> get(URI.create("http://user:secret@host/")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> get(URI.create("file:///etc/passwd")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
