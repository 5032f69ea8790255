package dev.remit.gateway.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.identity.Key;
import dev.remit.core.json.Json;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.core.secret.Secrets;
import dev.remit.core.settings.Settings;
import dev.remit.core.settings.Settings.Provider.Kind;
import dev.remit.gateway.price.PriceBook;
import dev.remit.gateway.provider.Provider.Operation;
import dev.remit.gateway.provider.Provider.Outgoing;
import dev.remit.gateway.wire.Dialect;
import dev.remit.gateway.wire.Facts;
import dev.remit.gateway.wire.Media;
import dev.remit.http.client.Timeouts;
import dev.remit.http.client.Upstream;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProvidersTest {
    private static final Timeouts TIMEOUTS = Timeouts.of(Duration.ofSeconds(10));
    private static final String KEY = "key-0123456789";
    private final Map<String, String> vault = new HashMap<>(Map.of("its-key", KEY));
    private final Map<String, Settings.PriceOverride> overrides = new HashMap<>();
    private final Upstream upstream = new Upstream();
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private Spy spy;

    @BeforeEach
    void listen() throws IOException {
        spy = new Spy();
    }

    @AfterEach
    void close() {
        upstream.close();
        spy.close();
    }

    private final Secrets secrets =
            new Secrets() {
                @Override
                public Optional<String> find(String name) {
                    return Optional.ofNullable(vault.get(name));
                }

                @Override
                public Set<String> values() {
                    return Set.copyOf(vault.values());
                }
            };

    private Provider provider(Kind kind, @Nullable URI url, Map<String, String> options) {
        return provider(kind, url, "its-key", options, false);
    }

    private Provider provider(
            Kind kind,
            @Nullable URI url,
            @Nullable String credential,
            Map<String, String> options,
            boolean free) {
        var one =
                new Settings.Provider(
                        "p",
                        kind,
                        url,
                        credential,
                        options,
                        Map.of("x-own", "1"),
                        free,
                        Key.Limits.NONE);
        var none = Settings.none();
        var settings =
                new Settings(
                        none.organisation(),
                        none.zone(),
                        Map.of("p", one),
                        Map.of(),
                        Map.of(),
                        List.of(),
                        List.of(),
                        overrides,
                        none.prompts(),
                        none.telemetry());
        return Providers.of(settings, secrets, PriceBook.bundled(), upstream, () -> now)
                .find("p")
                .orElseThrow();
    }

    private static Outgoing call(Operation operation, Dialect dialect, String model, String body) {
        return new Outgoing(
                operation, dialect, model, false, body.getBytes(UTF_8), Map.of(), TIMEOUTS);
    }

    private static Outgoing chat(Dialect dialect, String model, boolean stream) {
        return new Outgoing(
                Operation.CHAT,
                dialect,
                model,
                stream,
                "{\"model\":\"m\"}".getBytes(UTF_8),
                Map.of(),
                TIMEOUTS);
    }

    private Spy.Seen send(Provider provider, Outgoing call) throws Exception {
        try (var response = upstream.send(provider.request(call))) {
            assertThat(response.status()).isEqualTo(spy.status);
        }
        return spy.last();
    }

    // ---- addresses and keys

    @ParameterizedTest
    @CsvSource({
        "ANTHROPIC, ANTHROPIC, claude-sonnet-5, https://api.anthropic.com/v1/messages",
        "OPENAI, OPENAI_CHAT, gpt-5.4, https://api.openai.com/v1/chat/completions",
        "OPENAI, OPENAI_RESPONSES, gpt-5.4, https://api.openai.com/v1/responses",
        "GEMINI, GEMINI, gemini-2.5-pro,"
                + " https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:generateContent",
        "MISTRAL, OPENAI_CHAT, m, https://api.mistral.ai/v1/chat/completions",
        "GROQ, OPENAI_CHAT, m, https://api.groq.com/openai/v1/chat/completions",
        "DEEPSEEK, OPENAI_CHAT, m, https://api.deepseek.com/v1/chat/completions",
        "XAI, OPENAI_CHAT, m, https://api.x.ai/v1/chat/completions",
        "TOGETHER, OPENAI_CHAT, m, https://api.together.xyz/v1/chat/completions",
        "FIREWORKS, OPENAI_CHAT, m, https://api.fireworks.ai/inference/v1/chat/completions",
        "OPENROUTER, OPENAI_CHAT, m, https://openrouter.ai/api/v1/chat/completions",
    })
    void every_vendor_is_called_at_its_own_address(
            Kind kind, Dialect dialect, String model, String expected) throws Unusable {
        var request = provider(kind, null, Map.of()).request(chat(dialect, model, false));
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.uri()).hasToString(expected);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void a_client_of_any_dialect_is_served_in_one_that_the_provider_speaks(Kind kind)
            throws Unusable {
        var url = spy.uri("");
        var options = Map.of("region", "eu", "project", "proj");
        var provider = provider(kind, url, options);
        for (var client : Dialect.values()) {
            for (var model : new String[] {"claude-sonnet-5", "gemini-2.5-pro", "gpt-5.4"}) {
                var dialect = provider.dialect(model, client);
                vault.put("its-key", KEY);
                assertThat(provider.request(chat(dialect, model, true)).uri().getHost())
                        .isEqualTo("127.0.0.1");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ANTHROPIC, ANTHROPIC, x-api-key, key-0123456789",
        "OPENAI, OPENAI_CHAT, authorization, Bearer key-0123456789",
        "AZURE, OPENAI_CHAT, api-key, key-0123456789",
        "GEMINI, GEMINI, x-goog-api-key, key-0123456789",
        "MISTRAL, OPENAI_CHAT, authorization, Bearer key-0123456789",
        "OPENAI_COMPATIBLE, OPENAI_CHAT, authorization, Bearer key-0123456789",
        "BEDROCK, BEDROCK, authorization, Bearer key-0123456789",
    })
    void the_key_goes_in_the_vendors_header(Kind kind, Dialect dialect, String header, String value)
            throws Exception {
        var seen = send(provider(kind, spy.uri(""), Map.of()), chat(dialect, "m", false));
        assertThat(seen.headers()).containsEntry(header, value).containsEntry("x-own", "1");
        assertThat(seen.headers()).containsEntry("content-type", "application/json");
    }

    @Test
    void a_changed_key_holds_at_once() throws Exception {
        var provider = provider(Kind.OPENAI, spy.uri("/v1"), Map.of());
        send(provider, chat(Dialect.OPENAI_CHAT, "m", false));
        vault.put("its-key", "another-key");
        assertThat(send(provider, chat(Dialect.OPENAI_CHAT, "m", false)).headers())
                .containsEntry("authorization", "Bearer another-key");
    }

    @Test
    void no_key_no_call_and_the_message_says_what_to_set() {
        vault.clear();
        assertThatThrownBy(() ->
                        provider(Kind.OPENAI, null, Map.of())
                                .request(chat(Dialect.OPENAI_CHAT, "m", false)))
                .isInstanceOf(Unusable.class)
                .hasMessageContaining("its-key");
    }

    @Test
    void a_server_of_ones_own_may_do_without_a_key() throws Exception {
        vault.clear();
        var seen =
                send(
                        provider(Kind.OPENAI_COMPATIBLE, spy.uri("/v1"), Map.of()),
                        chat(Dialect.OPENAI_CHAT, "llama", false));
        assertThat(seen.headers()).doesNotContainKey("authorization");
        assertThat(seen.target()).isEqualTo("/v1/chat/completions");
    }

    @Test
    void a_key_never_goes_in_clear_over_the_open_network() {
        for (var kind : new Kind[] {Kind.OPENAI, Kind.ANTHROPIC, Kind.GEMINI, Kind.BEDROCK}) {
            var provider = provider(kind, URI.create("http://8.8.8.8/v1"), Map.of());
            var dialect = provider.dialect("m", Dialect.OPENAI_CHAT);
            assertThatThrownBy(() -> provider.request(chat(dialect, "m", false)))
                    .isInstanceOf(Unusable.class)
                    .hasMessageContaining("https")
                    .hasMessageNotContaining(KEY);
        }
        vault.put("its-key", "{\"access_key_id\":\"AKIDEXAMPLE\",\"secret_access_key\":\"s\"}");
        var bedrock = provider(Kind.BEDROCK, URI.create("http://8.8.8.8"), Map.of());
        assertThatThrownBy(() -> bedrock.request(chat(Dialect.BEDROCK, "m", false)))
                .isInstanceOf(Unusable.class);
    }

    @Test
    void an_address_with_a_user_a_query_or_another_scheme_is_not_called() {
        for (var bad :
                new String[] {
                    "https://user:pw@example.org/v1", "https://example.org/v1?key=1", "ftp://a/b"
                }) {
            assertThatThrownBy(() ->
                            provider(Kind.OPENAI, URI.create(bad), Map.of())
                                    .request(chat(Dialect.OPENAI_CHAT, "m", false)))
                    .isInstanceOf(Unusable.class)
                    .hasMessageNotContaining("pw");
        }
    }

    @Test
    void a_key_that_cannot_stand_in_a_header_is_refused_unseen() {
        vault.put("its-key", "key\r\nx-evil: 1");
        assertThatThrownBy(() ->
                        provider(Kind.OPENAI, spy.uri("/v1"), Map.of())
                                .request(chat(Dialect.OPENAI_CHAT, "m", false)))
                .isInstanceOf(Unusable.class)
                .hasMessageNotContaining("evil");
    }

    @Test
    void a_models_name_cannot_lead_elsewhere() {
        var provider = provider(Kind.GEMINI, spy.uri(""), Map.of());
        for (var bad : new String[] {"../x", "a/../b", "m?key=1", "m#x", "a b", "", "/m", "a//b"}) {
            assertThatThrownBy(() -> provider.request(chat(Dialect.GEMINI, bad, false)))
                    .isInstanceOf(Unusable.class);
        }
    }

    // ---- headers of clients

    @Test
    void only_named_headers_of_the_client_go_on() throws Exception {
        var headers =
                Map.of(
                        "authorization", "Bearer client",
                        "x-api-key", "client",
                        "cookie", "c=1",
                        "x-forwarded-for", "10.0.0.1",
                        "anthropic-beta", "a-1,fast-mode-2026-02-01,b-2",
                        "anthropic-version", "2023-01-01",
                        "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        var call =
                new Outgoing(
                        Operation.CHAT,
                        Dialect.ANTHROPIC,
                        "claude-sonnet-5",
                        false,
                        "{}".getBytes(UTF_8),
                        headers,
                        TIMEOUTS);
        var seen = send(provider(Kind.ANTHROPIC, spy.uri(""), Map.of()), call);
        assertThat(seen.headers())
                .containsEntry("x-api-key", KEY)
                .containsEntry("anthropic-beta", "a-1,b-2")
                .containsEntry("anthropic-version", "2023-01-01")
                .containsKey("traceparent")
                .doesNotContainKeys("authorization", "cookie", "x-forwarded-for");
    }

    @Test
    void what_makes_claude_dearer_than_the_list_is_refused() {
        var provider = provider(Kind.ANTHROPIC, spy.uri(""), Map.of());
        var fast = "{\"speed\": \"fast\", \"messages\":[]}";
        assertThatThrownBy(() ->
                        provider.request(
                                call(Operation.CHAT, Dialect.ANTHROPIC, "claude-opus-4-8", fast)))
                .isInstanceOf(Unusable.class)
                .hasMessageContaining("speed");
        var text = "{\"speed\":\"standard\",\"tools\":[{\"speed\":\"fast\"}]}";
        assertThat(uri(provider, call(Operation.CHAT, Dialect.ANTHROPIC, "m", text)))
                .endsWith("/v1/messages");
    }

    private static String uri(Provider provider, Outgoing call) {
        try {
            return provider.request(call).uri().toString();
        } catch (Unusable e) {
            throw new AssertionError(e.why(), e);
        }
    }

    // ---- Azure

    @Test
    void azure_is_called_by_deployment_and_dated_version() throws Exception {
        var options = Map.of("api_version", "2024-10-21", "deployment", "prod-4o");
        var provider = provider(Kind.AZURE, spy.uri("/"), options);
        var seen = send(provider, chat(Dialect.OPENAI_CHAT, "gpt-4o", false));
        assertThat(seen.target())
                .isEqualTo("/openai/deployments/prod-4o/chat/completions?api-version=2024-10-21");
        assertThat(provider.price("gpt-4o", null)).isPresent();
        assertThat(
                        uri(
                                provider,
                                call(
                                        Operation.EMBEDDINGS,
                                        Dialect.OPENAI_CHAT,
                                        "e",
                                        "{\"model\":\"e\"}")))
                .contains("/deployments/prod-4o/embeddings?api-version=");
        assertThat(uri(provider, chat(Dialect.OPENAI_RESPONSES, "gpt-4o", false)))
                .endsWith("/openai/responses?api-version=2024-10-21");
    }

    @Test
    void azures_undated_form_names_the_deployment_in_the_body() throws Exception {
        var provider = provider(Kind.AZURE, spy.uri("/openai/v1/"), Map.of("deployment", "prod"));
        var seen =
                send(
                        provider,
                        call(
                                Operation.CHAT,
                                Dialect.OPENAI_CHAT,
                                "gpt-4o",
                                "{\"a\": 1.10, \"model\": \"gpt-4o\" , \"b\":[1, 2]}"));
        assertThat(seen.target()).isEqualTo("/openai/v1/chat/completions");
        assertThat(seen.body()).isEqualTo("{\"model\":\"prod\",\"a\": 1.10,\"b\":[1, 2]}");
        assertThat(
                        uri(
                                provider(Kind.AZURE, spy.uri(""), Map.of()),
                                chat(Dialect.OPENAI_CHAT, "gpt-4o", false)))
                .endsWith("/openai/v1/chat/completions");
    }

    // ---- Google

    @Test
    void gemini_streams_as_events_and_counts_tokens() throws Exception {
        var provider = provider(Kind.GEMINI, spy.uri(""), Map.of());
        assertThat(send(provider, chat(Dialect.GEMINI, "gemini-2.5-pro", true)).target())
                .isEqualTo("/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse");
        assertThat(uri(provider, call(Operation.COUNT_TOKENS, Dialect.GEMINI, "models/g", "{}")))
                .endsWith("/v1beta/models/g:countTokens");
        var seen = send(provider, call(Operation.EMBEDDINGS, Dialect.OPENAI_CHAT, "e", "{}"));
        assertThat(seen.target()).isEqualTo("/v1beta/openai/embeddings");
        assertThat(seen.headers()).containsEntry("authorization", "Bearer " + KEY);
    }

    @Test
    void vertex_has_claude_and_gemini_at_their_paths() throws Exception {
        vault.put("its-key", "ya29.token");
        var provider =
                provider(
                        Kind.VERTEX,
                        spy.uri(""),
                        Map.of("project", "proj", "region", "europe-west1"));
        var place = "/v1/projects/proj/locations/europe-west1";
        var body = "{\"model\":\"claude-sonnet-5\",\"max_tokens\":5,\"messages\":[]}";
        var seen = send(provider, call(Operation.CHAT, Dialect.ANTHROPIC, "claude-sonnet-5", body));
        assertThat(seen.target())
                .isEqualTo(place + "/publishers/anthropic/models/claude-sonnet-5:rawPredict");
        assertThat(seen.json().has("model")).isFalse();
        assertThat(seen.json().path("anthropic_version").asString()).isEqualTo("vertex-2023-10-16");
        assertThat(seen.headers()).containsEntry("authorization", "Bearer ya29.token");
        assertThat(uri(provider, chat(Dialect.ANTHROPIC, "claude-sonnet-5", true)))
                .endsWith(":streamRawPredict");
        assertThat(uri(provider, chat(Dialect.GEMINI, "gemini-2.5-pro", true)))
                .endsWith(
                        place
                                + "/publishers/google/models/gemini-2.5-pro:streamGenerateContent?alt=sse");
        assertThat(provider.dialect("openai/gpt-oss-20b-maas", Dialect.ANTHROPIC))
                .isEqualTo(Dialect.OPENAI_CHAT);
    }

    @Test
    void a_service_account_is_exchanged_for_a_token_that_is_kept_and_renewed() throws Exception {
        var keys = rsa();
        var account =
                "{\"client_email\":\"robot@proj.iam\",\"private_key_id\":\"k1\",\"private_key\":\""
                        + pem(keys).replace("\n", "\\n")
                        + "\",\"token_uri\":\""
                        + spy.uri("/token")
                        + "\"}";
        vault.put("its-key", account);
        var provider = provider(Kind.VERTEX, spy.uri(""), Map.of("project", "proj"));
        spy.answer = "{\"access_token\":\"first\",\"expires_in\":3599}";
        var seen = send(provider, chat(Dialect.GEMINI, "gemini-2.5-pro", false));
        assertThat(seen.headers()).containsEntry("authorization", "Bearer first");
        checkAssertion(spy.seen.getFirst(), keys);

        spy.answer = "{\"access_token\":\"second\",\"expires_in\":3599}";
        send(provider, chat(Dialect.GEMINI, "gemini-2.5-pro", false));
        assertThat(spy.seen).filteredOn(s -> s.target().equals("/token")).hasSize(1);
        now = now.plus(Duration.ofMinutes(56));
        seen = send(provider, chat(Dialect.GEMINI, "gemini-2.5-pro", false));
        assertThat(seen.headers()).containsEntry("authorization", "Bearer second");

        spy.status = 500; // a token that is still good outlives a failure to renew it
        now = now.plus(Duration.ofMinutes(56));
        seen = send(provider, chat(Dialect.GEMINI, "gemini-2.5-pro", false));
        assertThat(seen.headers()).containsEntry("authorization", "Bearer second");
        now = now.plus(Duration.ofMinutes(4));
        assertThatThrownBy(() -> provider.request(chat(Dialect.GEMINI, "gemini-2.5-pro", false)))
                .isInstanceOf(Unusable.class)
                .hasMessageContaining("HTTP 500")
                .hasMessageNotContaining("PRIVATE");
    }

    private static KeyPair rsa() throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    private static String pem(KeyPair keys) {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder()
                        .encodeToString(keys.getPrivate().getEncoded())
                        .replace("\r", "")
                + "\n-----END PRIVATE KEY-----\n";
    }

    private void checkAssertion(Spy.Seen token, KeyPair keys) throws Exception {
        assertThat(token.headers())
                .containsEntry("content-type", "application/x-www-form-urlencoded");
        assertThat(token.body())
                .startsWith(
                        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=");
        var parts = token.body().substring(token.body().indexOf("assertion=") + 10).split("\\.");
        var claims = Json.parse(Base64.getUrlDecoder().decode(parts[1]));
        assertThat(claims.path("iss").asString()).isEqualTo("robot@proj.iam");
        assertThat(claims.path("aud").asString()).isEqualTo(spy.uri("/token").toString());
        assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(3600);
        var verifier = Signature.getInstance("SHA256withRSA");
        verifier.initVerify(keys.getPublic());
        verifier.update((parts[0] + "." + parts[1]).getBytes(UTF_8));
        assertThat(verifier.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
    }

    // ---- Bedrock

    @Test
    void bedrock_is_asked_to_converse_and_signed() throws Exception {
        vault.put(
                "its-key",
                "{\"access_key_id\":\"AKIDEXAMPLE\",\"secret_access_key\":\"secret\",\"session_token\":\"tok\"}");
        var provider = provider(Kind.BEDROCK, spy.uri(""), Map.of("region", "eu-west-1"));
        var model = "eu.anthropic.claude-opus-4-5-20251101-v1:0";
        var seen = send(provider, chat(Dialect.BEDROCK, model, true));
        assertThat(seen.target())
                .isEqualTo("/model/eu.anthropic.claude-opus-4-5-20251101-v1%3A0/converse-stream");
        assertThat(seen.headers()).containsEntry("x-amz-security-token", "tok");
        assertThat(seen.headers()).containsEntry("x-amz-date", "20261121T120000Z");
        assertThat(seen.headers().get("authorization"))
                .startsWith(
                        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/eu-west-1/bedrock/aws4_request,"
                                + " SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=");
        assertThat(provider.framing(Dialect.BEDROCK)).isEqualTo(Provider.Framing.AWS);
        assertThat(provider.price(model, null)).isPresent();
    }

    @Test
    void awss_keys_may_stand_under_three_names() throws Exception {
        vault.clear();
        vault.put("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
        vault.put("AWS_SECRET_ACCESS_KEY", "secret");
        var seen =
                send(
                        provider(Kind.BEDROCK, spy.uri(""), Map.of()),
                        chat(Dialect.BEDROCK, "m", false));
        assertThat(seen.headers().get("authorization")).contains("Credential=AKIDEXAMPLE/");
        assertThat(seen.target()).isEqualTo("/model/m/converse");
    }

    // ---- prices and bounds

    @Test
    void what_the_operator_sets_comes_before_the_list() {
        var usage = new Usage(100_000, 0, 0, 0, 0);
        var provider = provider(Kind.OPENAI, null, Map.of());
        assertThat(provider.price("gpt-5.4", null).orElseThrow().cost(usage))
                .isEqualTo(new Money(250_000));
        assertThat(provider.price("gpt-5.4", "priority").orElseThrow().cost(usage))
                .isEqualTo(new Money(500_000));
        assertThat(provider.price("gpt-5.4", "turbo")).isEmpty();
        assertThat(provider.price("gpt-99", null)).isEmpty();
        overrides.put("p/gpt-99", set(7));
        overrides.put("p/gpt-99@turbo", set(9));
        provider = provider(Kind.OPENAI, null, Map.of());
        assertThat(provider.price("gpt-99", "auto").orElseThrow().cost(usage))
                .isEqualTo(new Money(700_000));
        assertThat(provider.price("gpt-99", "turbo").orElseThrow().cost(usage))
                .isEqualTo(new Money(900_000));
        assertThat(provider.price("gpt-99", "flex").orElseThrow().cost(usage))
                .isEqualTo(new Money(350_000));
        assertThat(provider.price("gpt-99", "other")).isEmpty();
    }

    private static Settings.PriceOverride set(long each) {
        return new Settings.PriceOverride(
                BigDecimal.valueOf(each), BigDecimal.valueOf(each), null, null, null, null);
    }

    @Test
    void ones_own_hardware_is_free_and_everything_else_has_a_price_or_none() {
        var url = spy.uri("/v1");
        var free = provider(Kind.OPENAI_COMPATIBLE, url, null, Map.of(), true);
        assertThat(free.price("anything", "turbo").orElseThrow().bound(1_000_000, 1_000_000))
                .isEqualTo(Money.ZERO);
        assertThat(provider(Kind.OPENAI_COMPATIBLE, url, Map.of()).price("llama", null)).isEmpty();
        var known = URI.create("https://dashscope-intl.aliyuncs.com/compatible-mode/v1");
        assertThat(provider(Kind.OPENAI_COMPATIBLE, known, Map.of()).price("qwen-plus", null))
                .isPresent();
    }

    @Test
    void the_bound_counts_bytes_and_what_vendors_add_and_never_more_than_the_window() {
        var provider = provider(Kind.ANTHROPIC, null, Map.of());
        var facts = facts(3, 2, Media.NONE, true);
        assertThat(provider.inputBound("unknown", facts, 10_000))
                .contains(10_000L + 1024 + 3 * 32 + 2 * 256);
        assertThat(provider.inputBound("unknown", facts(1, 0, Media.NONE, true), 500))
                .contains(500L + 256 + 32);
        assertThat(provider.inputBound("claude-3-haiku-20240307", facts, 10_000_000))
                .contains(200_000L);
        assertThat(provider.inputBound("unknown", facts, 10_000_000).orElseThrow())
                .isGreaterThan(10_000_000);
        assertThat(provider.inputBound("unknown", facts(1, 0, Media.NONE, false), 500)).isEmpty();
        assertThat(
                        provider.inputBound(
                                "claude-3-haiku-20240307", facts(1, 0, Media.NONE, false), 5))
                .isEmpty();
        assertThat(provider.window("claude-3-haiku-20240307")).contains(200_000L);
        assertThat(provider.maxOutput("claude-3-haiku-20240307")).contains(4096L);
    }

    @Test
    void a_picture_counts_what_its_vendor_says_at_most_and_its_bytes_only_where_nobody_says_so() {
        var facts = facts(1, 0, new Media(2, 4_000_000, 0, 0, false), true);
        var around = 256 + 32;
        var claude = provider(Kind.ANTHROPIC, null, Map.of());
        assertThat(claude.inputBound("claude-sonnet-4-5-20250929", facts, 4_001_000))
                .contains(1_000L + around + 2 * 1_700);
        assertThat(claude.inputBound("claude-opus-4-7", facts, 4_001_000))
                .contains(1_000L + around + 2 * 5_000);
        var openAi = provider(Kind.OPENAI, null, Map.of());
        assertThat(openAi.inputBound("gpt-4o", facts, 4_001_000))
                .contains(1_000L + around + 2 * 1_700);
        assertThat(openAi.inputBound("gpt-5.4", facts, 4_001_000))
                .contains(1_000L + around + 2 * 24_700);
        var anybody = provider(Kind.OPENAI_COMPATIBLE, spy.uri("/v1"), Map.of());
        assertThat(anybody.inputBound("llava", facts, 4_001_000))
                .contains(4_001_000L + around + 2 * 48_500);
    }

    @Test
    void a_document_counts_as_the_whole_window_since_few_bytes_may_hold_any_number_of_tokens() {
        var facts = facts(1, 0, new Media(0, 0, 0, 1, false), true);
        var provider = provider(Kind.ANTHROPIC, null, Map.of());
        assertThat(provider.inputBound("claude-3-haiku-20240307", facts, 900)).contains(200_000L);
        assertThat(provider.inputBound("unknown", facts, 900)).isEmpty();
    }

    private static Facts facts(int turns, int tools, Media media, boolean bounded) {
        return new Facts(
                "m", false, false, null, 1, turns, tools, media, false, null, bounded, null,
                Map.of(), 0, 0);
    }
}
