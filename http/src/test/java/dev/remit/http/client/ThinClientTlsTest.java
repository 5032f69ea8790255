package dev.remit.http.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.remit.http.client.UpstreamException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ThinClientTlsTest {
    private static final Timeouts PATIENT = Timeouts.of(Duration.ofSeconds(20));
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

    private static SSLContext context;

    /// Looks at every connection before it is used again.
    private final ThinClient client =
            new ThinClient(
                    ThinClient.Settings.DEFAULT,
                    host -> InetAddress.getAllByName(host.endsWith(".test") ? "127.0.0.1" : host),
                    context,
                    Duration.ZERO);

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) throws Exception {
        context =
                Certificates.context(
                        Certificates.certificate(folder, "dns:localhost,dns:api.example.test"));
    }

    @AfterEach
    void close() {
        client.close();
    }

    private static RawServer secure(RawServer.Script script) throws IOException {
        return new RawServer(script, context.getServerSocketFactory());
    }

    private static Request get(String host, RawServer server) {
        var uri = URI.create("https://" + host + ":" + server.port() + "/x");
        return Request.of("GET", uri, PATIENT);
    }

    private static UpstreamException failure(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(UpstreamException.class, call);
    }

    @Test
    void requests_go_encrypted_over_one_connection() throws Exception {
        var connections = new AtomicInteger();
        var name = new AtomicReference<String>();
        var protocol = new AtomicReference<String>();
        try (var server =
                secure((r, out, s) -> {
                    connections.incrementAndGet();
                    var session = (javax.net.ssl.ExtendedSSLSession) ((SSLSocket) s).getSession();
                    name.set(session.getRequestedServerNames().toString());
                    protocol.set(((SSLSocket) s).getSession().getProtocol());
                    while (true) {
                        RawServer.say(out, OK);
                        RawServer.read(s.getInputStream());
                    }
                })) {
            for (int i = 0; i < 10; i++) {
                try (var answer = client.send(get("api.example.test", server))) {
                    assertThat(new String(answer.body(10), UTF_8)).isEqualTo("{}");
                }
            }
            assertThat(connections).hasValue(1);
            assertThat(name.get()).contains("api.example.test");
            assertThat(protocol).hasValue("TLSv1.3");
        }
    }

    @Test
    void it_is_agreed_to_speak_http_1_1() throws Exception {
        var agreed = new CompletableFuture<String>();
        var sockets = new AlpnSockets(context.getServerSocketFactory(), "h2", "http/1.1");
        try (var server =
                        new RawServer(
                                (r, out, s) -> {
                                    agreed.complete(((SSLSocket) s).getApplicationProtocol());
                                    RawServer.say(out, OK);
                                },
                                sockets);
                var answer = client.send(get("localhost", server))) {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(agreed.get()).isEqualTo("http/1.1");
        }
    }

    @Test
    void a_certificate_for_another_name_is_refused_before_anything_is_sent() throws Exception {
        try (var server = secure((r, out, s) -> RawServer.say(out, OK))) {
            var failure = failure(() -> client.send(get("127.0.0.1", server)));
            assertThat(failure.kind()).isEqualTo(Kind.NOT_REACHED);
            assertThat(failure).hasMessageContaining("no secure connection");
            assertThat(server.requests).isEmpty();
            assertThat(client.connections()).isZero();
        }
    }

    @Test
    void a_certificate_that_nobody_vouches_for_is_refused() throws Exception {
        try (var trusting = new ThinClient();
                var server = secure((r, out, s) -> RawServer.say(out, OK))) {
            assertThat(failure(() -> trusting.send(get("localhost", server))).kind())
                    .isEqualTo(Kind.NOT_REACHED);
            assertThat(server.requests).isEmpty();
        }
    }

    @Test
    void a_server_that_does_not_encrypt_is_not_spoken_to() throws Exception {
        try (var server = new RawServer((r, out, s) -> RawServer.say(out, OK))) {
            assertThat(failure(() -> client.send(get("localhost", server))).kind())
                    .isEqualTo(Kind.NOT_REACHED);
        }
    }

    @Test
    void a_handshake_that_hangs_is_no_connection_in_time() throws Exception {
        var hasty = new ThinClient.Settings(Duration.ofMillis(200), Duration.ofSeconds(5), 10);
        try (var own = new ThinClient(hasty, InetAddress::getAllByName, context);
                var server = new RawServer((r, out, s) -> RawServer.awaitHangUp(s))) {
            assertThat(failure(() -> own.send(get("127.0.0.1", server))).kind())
                    .isEqualTo(Kind.CONNECT_TIMED_OUT);
            server.hungUp.await();
            assertThat(own.connections()).isZero();
        }
    }

    @Test
    void large_bodies_go_both_ways() throws Exception {
        var body = "x".repeat(3_000_000);
        try (var server =
                secure((r, out, s) -> {
                    var echo = r.substring(r.indexOf("\r\n\r\n") + 4);
                    RawServer.say(
                            out,
                            "HTTP/1.1 200 OK\r\nContent-Length: "
                                    + echo.length()
                                    + "\r\n\r\n"
                                    + echo);
                })) {
            var request = get("localhost", server).with(Body.of(body.getBytes(UTF_8)));
            try (var answer = client.send(request)) {
                assertThat(new String(answer.body(5_000_000), UTF_8)).isEqualTo(body);
            }
        }
    }

    @Test
    void a_kept_connection_that_the_server_closed_is_not_used() throws Exception {
        var connections = new AtomicInteger();
        var closed = new CountDownLatch(1);
        try (var server =
                secure((r, out, s) -> {
                    var first = connections.incrementAndGet() == 1;
                    RawServer.say(out, OK);
                    if (first) {
                        s.close();
                        closed.countDown();
                    }
                })) {
            for (int i = 0; i < 2; i++) {
                try (var answer = client.send(get("localhost", server))) {
                    assertThat(answer.body(10)).hasSize(2);
                }
                closed.await();
            }
            assertThat(connections).hasValue(2);
        }
    }

    @Test
    void an_answer_cut_short_is_told_from_one_that_ended() throws Exception {
        try (var server =
                        secure((r, out, s) ->
                                RawServer.say(
                                        out, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell"));
                var answer = client.send(get("localhost", server))) {
            assertThat(failure(() -> answer.body(10)).kind()).isEqualTo(Kind.CUT);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_interrupt_or_a_cancellation_cuts_a_wait(boolean interrupt) throws Exception {
        var asked = new CountDownLatch(1);
        var end = new CompletableFuture<Throwable>();
        var cancellation = new Cancellation();
        try (var server =
                secure((r, out, s) -> {
                    asked.countDown();
                    RawServer.awaitHangUp(s);
                })) {
            var thread =
                    Thread.startVirtualThread(() -> {
                        try {
                            client.send(get("localhost", server), cancellation);
                        } catch (Exception e) {
                            end.complete(e);
                        }
                    });
            asked.await();
            if (interrupt) {
                thread.interrupt();
            } else {
                cancellation.run();
            }
            assertThat(end.get(10, TimeUnit.SECONDS))
                    .isInstanceOf(interrupt ? InterruptedException.class : UpstreamException.class);
            server.hungUp.await();
            assertThat(client.connections()).isZero();
        }
    }

    @Test
    void silence_is_noticed() throws Exception {
        try (var server = secure((r, out, s) -> RawServer.awaitHangUp(s))) {
            var hasty = new Timeouts(Duration.ofMillis(150), Duration.ofSeconds(20));
            var request = get("localhost", server).with(hasty);
            assertThat(failure(() -> client.send(request)).kind()).isEqualTo(Kind.SILENT);
            server.hungUp.await();
        }
    }
}
