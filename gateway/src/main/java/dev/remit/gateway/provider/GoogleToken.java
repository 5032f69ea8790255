package dev.remit.gateway.provider;

import dev.remit.core.json.Json;
import dev.remit.gateway.vendor.Hosts;
import dev.remit.http.client.Request;
import dev.remit.http.client.Timeouts;
import dev.remit.http.client.Upstream;
import dev.remit.http.client.UpstreamException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Turns the credential of a Google service account into access tokens: a signed assertion (RFC
/// 7523, RS256) is exchanged for one, which is kept until shortly before it runs out.
final class GoogleToken {
    private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final Duration LIFE = Duration.ofHours(1);
    private static final Duration AHEAD = Duration.ofMinutes(5);
    private static final Timeouts PATIENCE = Timeouts.of(Duration.ofSeconds(20));
    private static final int LARGEST = 64 * 1024;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private record Token(String credential, String value, Instant until) {
        boolean isGood(String credential, Instant then) {
            return this.credential.equals(credential) && until.isAfter(then);
        }
    }

    private final Upstream upstream;
    private final InstantSource clock;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile @Nullable Token token;

    GoogleToken(Upstream upstream, InstantSource clock) {
        this.upstream = upstream;
        this.clock = clock;
    }

    /// A token that is good for some minutes more.
    ///
    /// @param credential the JSON that Google gives out for a service account
    /// @param unusable makes the exception from what is wrong
    String of(String credential, Function<String, Unusable> unusable) throws Unusable {
        var now = clock.instant();
        var kept = token;
        if (kept != null && kept.isGood(credential, now.plus(AHEAD))) {
            return kept.value();
        }
        fetching.lock();
        try {
            kept = token;
            if (kept != null && kept.isGood(credential, now.plus(AHEAD))) {
                return kept.value();
            }
            var fresh = fetch(credential, now, unusable);
            token = fresh;
            return fresh.value();
        } catch (Unusable e) {
            if (kept != null && kept.isGood(credential, now.plusSeconds(30))) {
                return kept.value(); // still good; the next call tries again
            }
            throw e;
        } finally {
            fetching.unlock();
        }
    }

    private Token fetch(String credential, Instant now, Function<String, Unusable> unusable)
            throws Unusable {
        try {
            var account = Json.parse(credential);
            var server = server(account, unusable);
            var form =
                    "grant_type="
                            + URLEncoder.encode(GRANT, StandardCharsets.UTF_8)
                            + "&assertion="
                            + assertion(account, server, now);
            var request =
                    Request.of("POST", server, PATIENCE)
                            .body(
                                    form.getBytes(StandardCharsets.UTF_8),
                                    "application/x-www-form-urlencoded");
            try (var response = upstream.send(request)) {
                var body = response.body(LARGEST);
                if (response.status() != 200) {
                    throw unusable.apply(
                            "Google gave no token for its service account: HTTP "
                                    + response.status());
                }
                return token(credential, Json.parse(body), now, unusable);
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw unusable.apply("its service account has no private key that can be read");
        } catch (JacksonException e) {
            throw unusable.apply("its service account, or Google's answer to it, is no JSON");
        } catch (UpstreamException e) {
            throw unusable.apply("Google gave no token for its service account: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unusable.apply("the call was interrupted");
        }
    }

    private static URI server(JsonNode account, Function<String, Unusable> unusable)
            throws Unusable {
        var server =
                URI.create(
                        account.path("token_uri").asString("https://oauth2.googleapis.com/token"));
        var host = server.getHost();
        if (host == null || !("https".equals(server.getScheme()) || Hosts.isLocal(host))) {
            throw unusable.apply("the token_uri of its service account is no https address");
        }
        return server;
    }

    private static Token token(
            String credential, JsonNode answer, Instant now, Function<String, Unusable> unusable)
            throws Unusable {
        var value = answer.path("access_token").asString("");
        if (value.isEmpty()) {
            throw unusable.apply("Google's answer holds no token");
        }
        var seconds = Math.clamp(answer.path("expires_in").asLong(0), 0, LIFE.toSeconds());
        return new Token(credential, value, now.plusSeconds(seconds));
    }

    private static String assertion(JsonNode account, URI audience, Instant now)
            throws GeneralSecurityException {
        var header =
                Json.object()
                        .put("alg", "RS256")
                        .put("typ", "JWT")
                        .put("kid", account.path("private_key_id").asString(""));
        var claims =
                Json.object()
                        .put("iss", account.path("client_email").asString(""))
                        .put("scope", SCOPE)
                        .put("aud", audience.toString())
                        .put("iat", now.getEpochSecond())
                        .put("exp", now.plus(LIFE).getEpochSecond());
        var text = encoded(header) + "." + encoded(claims);
        return text + "." + signature(account.path("private_key").asString(""), text);
    }

    private static String encoded(JsonNode value) {
        return BASE64.encodeToString(Json.write(value).getBytes(StandardCharsets.UTF_8));
    }

    private static String signature(String pem, String text) throws GeneralSecurityException {
        var base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        var key =
                KeyFactory.getInstance("RSA")
                        .generatePrivate(
                                new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
        var signer = Signature.getInstance("SHA256withRSA");
        signer.initSign(key);
        signer.update(text.getBytes(StandardCharsets.UTF_8));
        return BASE64.encodeToString(signer.sign());
    }
}
