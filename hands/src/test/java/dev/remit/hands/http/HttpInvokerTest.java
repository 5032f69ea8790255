package dev.remit.hands.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.json.Json;
import dev.remit.core.secret.PatternRedactor;
import dev.remit.core.secret.Secrets;
import dev.remit.core.tool.Ended;
import dev.remit.core.tool.Tier;
import dev.remit.core.tool.Tool;
import dev.remit.hands.Invocations;
import dev.remit.hands.fake.Behaviour;
import dev.remit.hands.fake.EffectServer;
import dev.remit.hands.fake.EffectServer.Plan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class HttpInvokerTest {
    private static final String TOKEN = "very-s3cret/token+value";

    @TempDir Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterAll
    static void closeInvoker() {
        INVOKER.close();
    }

    @AfterEach
    void close() throws Exception {
        for (var each : open) {
            each.close();
        }
    }

    private static final Secrets SECRETS =
            new Secrets() {
                @Override
                public Optional<String> find(String name) {
                    return switch (name) {
                        case "SHOP_TOKEN" -> Optional.of(TOKEN);
                        case "BROKEN" -> Optional.of("line one\nline two");
                        default -> Optional.empty();
                    };
                }

                @Override
                public Set<String> values() {
                    return Set.of(); // so that only the invoker itself can take the value out
                }
            };

    private static final HttpInvoker INVOKER =
            new HttpInvoker(SECRETS, new PatternRedactor(), Instant::now);

    private EffectServer server(Behaviour... behaviours) throws IOException {
        var server =
                EffectServer.start(
                        folder.resolve(open.size() + ".jsonl"), Plan.script(behaviours), false);
        open.add(server);
        return server;
    }

    private static Tool.Means.Http http(
            String method, String url, Map<String, String> headers, @Nullable String body) {
        return new Tool.Means.Http(method, url, headers, body == null ? null : Json.parse(body));
    }

    private Ended call(Tool tool, String arguments) throws InterruptedException {
        return INVOKER.invoke(Invocations.of(tool, arguments, Map.of(), Duration.ofSeconds(5)));
    }

    private Ended get(String url, String arguments) throws InterruptedException {
        return call(Invocations.http(Tier.READ, true, http("GET", url, Map.of(), null)), arguments);
    }

    private Ended post(EffectServer server, boolean idempotent) throws InterruptedException {
        return call(
                Invocations.http(
                        Tier.WRITE_WITH_EVIDENCE,
                        idempotent,
                        http("POST", server.url() + "/orders", Map.of(), null)),
                "{\"n\":1}");
    }

    private static JsonNode result(Ended ended) {
        return ((Ended.Done) ended).result().value();
    }

    private static String why(Ended ended) {
        return switch (ended) {
            case Ended.Failed failed -> failed.why();
            case Ended.Unknown unknown -> unknown.why();
            case Ended.Done done -> throw new AssertionError("it was done: " + done.result());
        };
    }

    /// As when the node is paused while it connects.
    @Test
    void nothing_is_sent_if_it_is_too_late_when_there_is_a_connection() throws Exception {
        var server = server(Behaviour.done());
        var late = new AtomicBoolean();
        try (var invoker =
                new HttpInvoker(
                        SECRETS,
                        new PatternRedactor(),
                        Instant::now,
                        host -> {
                            late.set(true);
                            return new InetAddress[] {InetAddress.getLoopbackAddress()};
                        })) {
            for (boolean idempotent : new boolean[] {true, false}) {
                late.set(false);
                var url = "http://localhost:" + server.url().getPort() + "/orders";
                var tool =
                        Invocations.http(
                                Tier.WRITE_WITH_EVIDENCE,
                                idempotent,
                                http("POST", url, Map.of(), null));
                var use = Invocations.of(tool, "{}", Map.of(), Duration.ofSeconds(5));
                assertThat(invoker.invoke(Invocations.onlyIf(() -> !late.get(), use)))
                        .isEqualTo(Ended.Failed.tooLate());
            }
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void arguments_fill_the_path_and_the_query_and_the_rest_becomes_parameters() throws Exception {
        var server = server(Behaviour.answer(false, 200, "{\"found\":[1,2]}"));
        var ended =
                get(
                        server.url() + "/items/{id}?q={q}&limit={limit}&fixed=1",
                        "{\"id\":\"a b/ü?#\",\"q\":\"x&admin=1\",\"tags\":[\"a\",2],\"none\":null}");
        assertThat(Json.write(result(ended))).isEqualTo("{\"found\":[1,2]}");
        var request = server.requests().getFirst();
        assertThat(request.path())
                .isEqualTo("/items/a%20b%2F%C3%BC%3F%23?q=x%26admin%3D1&fixed=1&tags=a%2C2");
        assertThat(request.key()).isEqualTo("0193f0c2-7a1e-7c3a-9b1e-2f6a1c9d0e11:3.0");
        assertThat(request.body()).isEmpty();
    }

    @Test
    void no_argument_can_change_the_host_or_leave_the_path() throws Exception {
        var server = server(Behaviour.done());
        var soft = new SoftAssertions();
        for (var id : new String[] {"..", ".", "../admin", "a/../../b", "..\\admin", ""}) {
            soft.assertThat(
                            get(
                                    server.url() + "/items/{id}/x",
                                    Json.write(Json.object().put("id", id))))
                    .as(id)
                    .isInstanceOf(Ended.Failed.class);
        }
        soft.assertThat(get(server.url() + "/items/{id}", "{}")).isInstanceOf(Ended.Failed.class);
        soft.assertThat(get("http://{host}/x", "{\"host\":\"127.0.0.1\"}"))
                .isInstanceOf(Ended.Failed.class);
        soft.assertThat(get("http://127.0.0.1{path}/x", "{\"path\":\"@evil.example\"}"))
                .isInstanceOf(Ended.Failed.class);
        soft.assertThat(server.requests()).isEmpty();
        for (var id :
                new String[] {
                    "@evil.example", "//evil.example", "?x#y", "%2e%2e", "a\r\nHost: evil", "😀"
                }) {
            get(server.url() + "/items/{id}", Json.write(Json.object().put("id", id)));
        }
        soft.assertThat(server.requests())
                .hasSize(6)
                .allSatisfy(r -> assertThat(r.path()).matches("/items/[A-Za-z0-9%._~-]+"));
        soft.assertAll();
    }

    @Test
    void a_body_is_the_rest_of_the_arguments_or_a_template_of_them() throws Exception {
        var server = server(Behaviour.done());
        var url = server.url() + "/a/{id}";
        call(
                Invocations.http(
                        Tier.WRITE_WITH_EVIDENCE, false, http("POST", url, Map.of(), null)),
                "{\"id\":7,\"text\":\"hi\",\"n\":[1]}");
        call(
                Invocations.http(
                        Tier.WRITE_WITH_EVIDENCE,
                        false,
                        http(
                                "PUT",
                                url,
                                Map.of(),
                                "{\"say\":\"${args.text}!\",\"n\":\"${args.n}\"}")),
                "{\"id\":7,\"text\":\"hi\",\"n\":[1]}");
        call(
                Invocations.http(
                        Tier.WRITE_WITH_EVIDENCE,
                        false,
                        http(
                                "POST",
                                url,
                                Map.of("Content-Type", "application/x-www-form-urlencoded"),
                                null)),
                "{\"id\":7,\"text\":\"a&b ü\",\"n\":1}");
        assertThat(server.requests().stream().map(r -> r.body()).toList())
                .containsExactly(
                        "{\"text\":\"hi\",\"n\":[1]}",
                        "{\"say\":\"hi!\",\"n\":[1]}",
                        "text=a%26b%20%C3%BC&n=1");
        assertThat(server.requests().get(2).headers().get("content-type"))
                .isEqualTo("application/x-www-form-urlencoded");
        assertThat(
                        why(
                                call(
                                        Invocations.http(
                                                Tier.WRITE_WITH_EVIDENCE,
                                                false,
                                                http(
                                                        "POST",
                                                        url,
                                                        Map.of(),
                                                        "{\"say\":\"${args.missing}\"}")),
                                        "{\"id\":7}")))
                .contains("missing");
        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void a_secret_goes_out_in_the_header_and_never_comes_back() throws Exception {
        var base64 =
                Base64.getEncoder()
                        .encodeToString(("user:" + TOKEN).getBytes(StandardCharsets.UTF_8));
        var echo =
                Json.write(
                        Json.object()
                                .put("you sent", "Bearer " + TOKEN)
                                .put("again", "x" + TOKEN + "y")
                                .put(TOKEN, 1)
                                .put("encoded", base64)
                                .put("url", "very-s3cret%2Ftoken%2Bvalue"));
        for (var behaviour :
                List.of(
                        Behaviour.answer(true, 200, echo),
                        Behaviour.answer(true, 200, "plain " + TOKEN)
                                .header("Content-Type", "text/plain"),
                        Behaviour.answer(true, 400, echo),
                        Behaviour.answer(true, 500, TOKEN),
                        Behaviour.answer(
                                true, 429, "{\"error\":{\"message\":\"bad " + TOKEN + "\"}}"),
                        Behaviour.answer(true, 302, "")
                                .header("Location", "https://example.com/" + TOKEN),
                        Behaviour.answer(
                                true,
                                200,
                                "x".repeat(Answer.LIMIT - 10) + TOKEN + "y".repeat(90_000)))) {
            var server = server(behaviour);
            var tool =
                    Invocations.http(
                            Tier.WRITE_WITH_EVIDENCE,
                            false,
                            http(
                                    "POST",
                                    server.url() + "/x",
                                    Map.of("Authorization", "Bearer ${secret.SHOP_TOKEN}"),
                                    null));
            var ended = call(tool, "{}");
            assertThat(server.requests().getFirst().headers().get("authorization"))
                    .isEqualTo("Bearer " + TOKEN);
            assertThat(ended.toString())
                    .doesNotContain(TOKEN)
                    .doesNotContain("very-s3cret")
                    .doesNotContain(base64.substring(8, 24));
        }
    }

    @Test
    void a_credential_that_cannot_be_used_is_named_and_nothing_is_sent() throws Exception {
        var server = server(Behaviour.done());
        for (var header : List.of("${secret.NOWHERE}", "${secret.BROKEN}")) {
            var tool =
                    Invocations.http(
                            Tier.READ,
                            true,
                            http("GET", server.url() + "/x", Map.of("X-Key", header), null));
            assertThat(why(call(tool, "{}")))
                    .containsPattern("NOWHERE|BROKEN")
                    .doesNotContain("line one");
        }
        var clear =
                Invocations.http(
                        Tier.READ,
                        true,
                        http(
                                "GET",
                                "http://api.example.com/x",
                                Map.of("X-Key", "${secret.SHOP_TOKEN}"),
                                null));
        assertThat(why(call(clear, "{}"))).contains("https");
        var own =
                Invocations.http(
                        Tier.READ,
                        true,
                        http("GET", server.url() + "/x", Map.of("Host", "x"), null));
        assertThat(why(call(own, "{}"))).contains("Host");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void an_argument_never_becomes_a_secret() throws Exception {
        var server = server(Behaviour.done());
        var tool =
                Invocations.http(
                        Tier.WRITE_WITH_EVIDENCE,
                        false,
                        http("POST", server.url() + "/{a}", Map.of(), null));
        call(tool, "{\"a\":\"${secret.SHOP_TOKEN}\",\"b\":\"${secret.SHOP_TOKEN}\"}");
        assertThat(server.requests().toString()).doesNotContain(TOKEN);
    }

    @Test
    void an_answer_says_exactly_what_is_known_of_the_effect() throws Exception {
        var transient_ = "Failed[permanent=false";
        var permanent = "Failed[permanent=true";
        var soft = new SoftAssertions();
        record Case(Behaviour behaviour, String once, String idempotent) {}
        for (var c :
                List.of(
                        new Case(Behaviour.answer(true, 201, "{}"), "Done", "Done"),
                        new Case(Behaviour.answer(true, 204, ""), "Done", "Done"),
                        new Case(Behaviour.refused(400), permanent, permanent),
                        new Case(Behaviour.refused(401), permanent, permanent),
                        new Case(Behaviour.refused(404), permanent, permanent),
                        new Case(Behaviour.refused(409), permanent, permanent),
                        new Case(
                                Behaviour.refused(429).header("Retry-After", "7"),
                                transient_,
                                transient_),
                        new Case(
                                Behaviour.refused(503).header("Retry-After", "7"),
                                transient_,
                                transient_),
                        new Case(Behaviour.failedAfter(408), "Unknown", "Unknown"),
                        new Case(Behaviour.failedAfter(500), "Unknown", "Unknown"),
                        new Case(Behaviour.failedAfter(502), "Unknown", "Unknown"),
                        new Case(Behaviour.failedAfter(503), "Unknown", "Unknown"),
                        new Case(Behaviour.failedAfter(504), "Unknown", "Unknown"),
                        new Case(Behaviour.refused(501), permanent, permanent),
                        new Case(Behaviour.cutAfter(), "Unknown", "Unknown"),
                        new Case(Behaviour.cutBefore(), "Unknown", "Unknown"),
                        new Case(
                                Behaviour.answer(true, 500, "{\"a\":\"bcdef\"}").broken(),
                                "Unknown",
                                "Unknown"),
                        new Case(
                                Behaviour.answer(true, 201, "{\"a\":\"bcdef\"}").broken(),
                                "Done",
                                "Done"),
                        new Case(
                                Behaviour.answer(false, 307, "")
                                        .header("Location", "http://127.0.0.1:1/x"),
                                permanent,
                                permanent),
                        new Case(
                                Behaviour.answer(true, 303, "").header("Location", "/x"),
                                "Unknown",
                                "Unknown"))) {
            soft.assertThat(post(server(c.behaviour()), false).toString())
                    .as("%s", c)
                    .startsWith(c.once());
            soft.assertThat(post(server(c.behaviour()), true).toString())
                    .as("idempotent %s", c)
                    .startsWith(c.idempotent());
        }
        soft.assertAll();
    }

    @Test
    void a_read_that_went_wrong_may_be_tried_again() throws Exception {
        var soft = new SoftAssertions();
        for (int status : new int[] {408, 425, 429, 500, 502, 503, 504}) {
            var ended =
                    get(
                            server(Behaviour.refused(status).header("Retry-After", "7")).url()
                                    + "/x",
                            "{}");
            soft.assertThat(ended)
                    .isInstanceOfSatisfying(
                            Ended.Failed.class,
                            f -> {
                                assertThat(f.permanent()).isFalse();
                                assertThat(f.retryAfter()).isEqualTo(Duration.ofSeconds(7));
                                assertThat(f.why())
                                        .contains(String.valueOf(status))
                                        .contains("refused");
                            });
        }
        soft.assertThat(
                        get(
                                server(Behaviour.answer(false, 200, "{\"a\":\"bcdef\"}").broken())
                                                .url()
                                        + "/x",
                                "{}"))
                .isInstanceOf(Ended.Unknown.class);
        soft.assertAll();
    }

    @Test
    void what_was_asked_for_as_delay_is_understood_in_both_forms_and_bounded() throws Exception {
        for (var form :
                Map.of(
                                "Thu, 31 Dec 2099 23:59:59 GMT",
                                Duration.ofHours(24),
                                "999999999",
                                Duration.ofHours(24),
                                "Fri, 01 Jan 1999 00:00:00 GMT",
                                Duration.ZERO,
                                "0",
                                Duration.ZERO)
                        .entrySet()) {
            var ended =
                    get(
                            server(Behaviour.refused(429).header("Retry-After", form.getKey()))
                                            .url()
                                    + "/x",
                            "{}");
            assertThat(((Ended.Failed) ended).retryAfter()).isEqualTo(form.getValue());
        }
        assertThat(
                        ((Ended.Failed)
                                        get(
                                                server(
                                                                        Behaviour.refused(429)
                                                                                .header(
                                                                                        "Retry-After",
                                                                                        "soon"))
                                                                .url()
                                                        + "/x",
                                                "{}"))
                                .retryAfter())
                .isNull();
    }

    @Test
    void where_nobody_listens_nothing_happened() throws Exception {
        int port;
        try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        var tool =
                Invocations.http(
                        Tier.WRITE_WITH_EVIDENCE,
                        false,
                        http("POST", "http://127.0.0.1:" + port + "/x", Map.of(), null));
        assertThat(call(tool, "{}"))
                .isInstanceOfSatisfying(
                        Ended.Failed.class, f -> assertThat(f.permanent()).isFalse());
    }

    @Test
    void a_call_beyond_its_deadline_is_unknown_and_one_after_it_is_never_made() throws Exception {
        var server = server(Behaviour.done().after(Duration.ofSeconds(30)));
        var tool =
                Invocations.http(
                        Tier.WRITE_WITH_EVIDENCE,
                        false,
                        http("POST", server.url() + "/x", Map.of(), null));
        assertThat(INVOKER.invoke(Invocations.of(tool, "{}", Map.of(), Duration.ofSeconds(1))))
                .isInstanceOf(Ended.Unknown.class);
        var limit = Instant.now().plusSeconds(20);
        while (server.effects().isEmpty() && Instant.now().isBefore(limit)) {
            Thread.onSpinWait(); // the witness may still be writing
        }
        assertThat(server.effects()).hasSize(1);
        assertThat(INVOKER.invoke(Invocations.of(tool, "{}", Map.of(), Duration.ofMillis(-1))))
                .isInstanceOf(Ended.Failed.class);
        assertThat(server.effects()).hasSize(1);
    }

    @Test
    void an_interrupt_ends_the_call() throws Exception {
        var arrived = new CountDownLatch(1);
        var server =
                EffectServer.start(
                        folder.resolve("i.jsonl"),
                        r -> {
                            arrived.countDown();
                            return Behaviour.done().after(Duration.ofSeconds(30));
                        },
                        false);
        open.add(server);
        var tool =
                Invocations.http(
                        Tier.WRITE_WITH_EVIDENCE,
                        false,
                        http("POST", server.url() + "/x", Map.of(), null));
        var thread =
                Thread.ofVirtual()
                        .unstarted(() ->
                                assertThatThrownBy(() ->
                                                INVOKER.invoke(
                                                        Invocations.of(
                                                                tool,
                                                                "{}",
                                                                Map.of(),
                                                                Duration.ofSeconds(20))))
                                        .isInstanceOf(InterruptedException.class));
        var failed = new ArrayList<Throwable>();
        thread.setUncaughtExceptionHandler((t, e) -> failed.add(e));
        thread.start();
        arrived.await();
        thread.interrupt();
        assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
        assertThat(failed).isEmpty();
    }

    @Test
    void a_long_answer_is_cut_with_a_note_and_a_binary_one_is_not_shown() throws Exception {
        var big =
                get(
                        server(Behaviour.answer(false, 200, "[\"" + "x".repeat(400_000) + "\"]"))
                                        .url()
                                + "/x",
                        "{}");
        assertThat(result(big).path("note").stringValue()).contains("262144");
        assertThat(result(big).path("text").stringValue()).hasSize(Answer.LIMIT);
        var binary =
                get(
                        server(
                                                Behaviour.answer(false, 200, "\u0000\u0001")
                                                        .header("Content-Type", "image/png"))
                                        .url()
                                + "/x",
                        "{}");
        assertThat(result(binary).path("note").stringValue()).contains("image/png");
        var text =
                get(
                        server(
                                                Behaviour.answer(false, 200, "hello")
                                                        .header("Content-Type", "text/plain"))
                                        .url()
                                + "/x",
                        "{}");
        assertThat(result(text).stringValue()).isEqualTo("hello");
        var wrong = get(server(Behaviour.answer(false, 200, "{nonsense")).url() + "/x", "{}");
        assertThat(result(wrong).stringValue()).isEqualTo("{nonsense");
    }

    @Test
    void the_words_of_a_failure_are_bounded_and_helpful() throws Exception {
        var told =
                get(
                        server(
                                                Behaviour.answer(
                                                        false,
                                                        422,
                                                        "{\"detail\":\"severity must be SEV1 to SEV4\"}"))
                                        .url()
                                + "/x?token=abc123def",
                        "{}");
        assertThat(why(told))
                .contains("422 Unprocessable Content: severity must be SEV1 to SEV4")
                .doesNotContain("abc123def");
        assertThat(
                        why(
                                get(
                                        server(
                                                                Behaviour.answer(
                                                                                false,
                                                                                400,
                                                                                "x".repeat(100_000))
                                                                        .header(
                                                                                "Content-Type",
                                                                                "text/plain"))
                                                        .url()
                                                + "/x",
                                        "{}")))
                .hasSizeLessThan(700);
        assertThat(
                        why(
                                get(
                                        server(
                                                                Behaviour.answer(
                                                                                false,
                                                                                404,
                                                                                "<html><body>long page</body></html>")
                                                                        .header(
                                                                                "Content-Type",
                                                                                "text/html"))
                                                        .url()
                                                + "/x",
                                        "{}")))
                .endsWith("404 Not Found");
    }

    @Test
    void a_redirect_to_another_host_is_not_followed() throws Exception {
        var other = server(Behaviour.done());
        var first = server(Behaviour.answer(false, 302, "").header("Location", other.url() + "/y"));
        assertThat(why(get(first.url() + "/x", "{}"))).contains("redirects");
        assertThat(other.requests()).isEmpty();
    }

    @Test
    void a_public_name_that_leads_to_a_private_address_is_refused() throws Exception {
        var server = server(Behaviour.done());
        var soft = new SoftAssertions();
        for (var address :
                new String[] {
                    "127.0.0.1",
                    "10.1.2.3",
                    "169.254.169.254",
                    "192.168.1.1",
                    "172.16.0.1",
                    "100.64.0.1",
                    "0.0.0.0",
                    "::1",
                    "fd00::1",
                    "fe80::1",
                    "::ffff:127.0.0.1",
                    "64:ff9b::7f00:1",
                    "2002:7f00:1::"
                }) {
            var target = InetAddress.getByName(address);
            try (var invoker =
                    new HttpInvoker(
                            SECRETS,
                            new PatternRedactor(),
                            Instant::now,
                            host -> new InetAddress[] {target})) {
                var tool =
                        Invocations.http(
                                Tier.READ,
                                true,
                                http(
                                        "GET",
                                        "http://rebound.example.com:"
                                                + server.url().getPort()
                                                + "/x",
                                        Map.of(),
                                        null));
                var ended =
                        invoker.invoke(Invocations.of(tool, "{}", Map.of(), Duration.ofSeconds(5)));
                soft.assertThat(ended)
                        .as(address)
                        .isInstanceOfSatisfying(
                                Ended.Failed.class,
                                f -> {
                                    assertThat(f.permanent()).isTrue();
                                    assertThat(f.why()).contains("its name is public");
                                });
            }
        }
        soft.assertThat(server.requests()).isEmpty();
        soft.assertAll();
    }

    @Test
    void a_private_target_that_the_author_named_is_reached() throws Exception {
        var server = server(Behaviour.done());
        for (var host : List.of("localhost", "shop.internal", "redis")) {
            try (var invoker =
                    new HttpInvoker(
                            SECRETS,
                            new PatternRedactor(),
                            Instant::now,
                            h -> new InetAddress[] {InetAddress.getLoopbackAddress()})) {
                var tool =
                        Invocations.http(
                                Tier.READ,
                                true,
                                http(
                                        "GET",
                                        "http://" + host + ":" + server.url().getPort() + "/x",
                                        Map.of("X-Key", "${secret.SHOP_TOKEN}"),
                                        null));
                assertThat(
                                invoker.invoke(
                                        Invocations.of(
                                                tool, "{}", Map.of(), Duration.ofSeconds(5))))
                        .isInstanceOf(Ended.Done.class);
            }
        }
        assertThat(PublicHosts.isPlainlyPrivate("internal.example.com")).isFalse();
        assertThat(PublicHosts.isPublic(InetAddress.getByName("93.184.216.34"))).isTrue();
        assertThat(PublicHosts.isPublic(InetAddress.getByName("2606:2800:220:1::1"))).isTrue();
    }
}
