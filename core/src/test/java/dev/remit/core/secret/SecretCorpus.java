package dev.remit.core.secret;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;

/// Secrets as they appear in logs, made up anew from a seed, and ordinary text that must stay.
final class SecretCorpus {
    /// @param text what is put into a line
    /// @param secret the part of it that must not be seen
    record Sample(String name, String text, String secret) {}

    static final String ALNUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    static final String HEX = "0123456789abcdef";

    private final RandomGenerator random;

    SecretCorpus(RandomGenerator random) {
        this.random = random;
    }

    String some(String alphabet, int length) {
        var out = new StringBuilder();
        for (int i = 0; i < length; i++) {
            out.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return out.toString();
    }

    String alnum(int length) {
        // a digit, an upper and a lower case letter: as random tokens of this length nearly always
        return some(ALNUM, length - 3) + "a7Z";
    }

    String password() {
        return switch (random.nextInt(5)) {
            case 0 -> "hunter" + some("0123456789", 2 + random.nextInt(4));
            case 1 -> some("abcdefghijklmnopqrstuvwxyz", 6) + "!" + some("0123456789", 2);
            case 2 -> "P@ss" + some(ALNUM, 6) + "#1";
            case 3 -> alnum(16);
            default -> "correct-horse-" + some("0123456789", 3);
        };
    }

    List<Sample> samples() {
        var all = new ArrayList<Sample>();
        token(all, "aws key id", "AKIA" + some("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16));
        token(all, "aws session key id", "ASIA" + some("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16));
        for (var prefix : List.of("ghp_", "gho_", "ghs_", "ghu_", "ghr_")) {
            token(all, "github " + prefix, prefix + alnum(36));
        }
        token(all, "github fine-grained", "github_pat_" + alnum(22) + "_" + alnum(59));
        token(all, "gitlab", "glpat-" + alnum(20));
        token(all, "slack bot", "xoxb-" + some("0123456789", 12) + "-" + alnum(24));
        token(
                all,
                "slack app",
                "xapp-1-A" + alnum(10) + "-" + some("0123456789", 13) + "-" + some(HEX, 64));
        var hook = "T" + alnum(8) + "/B" + alnum(8) + "/" + alnum(24);
        all.add(new Sample("slack hook", "https://hooks.slack.com/services/" + hook, hook));
        token(all, "stripe secret", "sk_live_" + alnum(24));
        token(all, "stripe restricted", "rk_live_" + alnum(24));
        token(all, "anthropic", "sk-ant-api03-" + alnum(60) + "-" + alnum(12) + "AA");
        token(all, "openai", "sk-" + alnum(48));
        token(all, "openai project", "sk-proj-" + alnum(40) + "_" + alnum(20));
        token(all, "google", "AIza" + alnum(35));
        token(all, "npm", "npm_" + alnum(36));
        token(
                all,
                "Remit",
                "rmt_" + alnum(12).toLowerCase(java.util.Locale.ROOT) + "_" + alnum(43));
        token(all, "pypi", "pypi-AgEIcHlwaS5vcmc" + alnum(60));
        token(all, "twilio", "SK" + some(HEX, 32));
        token(all, "sendgrid", "SG." + alnum(22) + "." + alnum(43));
        token(all, "huggingface", "hf_" + alnum(34));
        token(all, "azure client secret", some("abcXYZ", 3) + "8Q~" + alnum(34));
        token(all, "jwt", jwt());
        token(all, "private key", pem("RSA PRIVATE KEY", "\n"));
        token(all, "private key in one line", pem("PRIVATE KEY", "\\n"));
        token(all, "bcrypt", "$2b$12$" + alnum(53));
        token(all, "card", "4111111111111111");
        token(all, "card in groups", "5500-0000-0000-0004");
        assignments(all);
        return all;
    }

    private void assignments(List<Sample> all) {
        bound(all, "password=%s", password());
        bound(all, "DB_PASSWORD=%s", password());
        bound(all, "passwd: %s", password());
        bound(all, "{\"password\":\"%s\"}", password());
        bound(all, "{\"msg\":\"login {\\\"password\\\":\\\"%s\\\"} sent\"}", password());
        bound(all, "\"{\\\\\\\"password\\\\\\\": \\\\\\\"%s\\\\\\\"}\"", password());
        bound(all, "{'password': '%s', 'user': 'bob'}", password());
        bound(all, "{:password=>\"%s\"}", password());
        bound(all, "\"client_secret\": \"%s\"", alnum(30));
        bound(all, "clientSecret=%s", alnum(30));
        bound(all, "api_key=%s", alnum(32));
        bound(all, "apiKey: \"%s\"", alnum(32));
        bound(all, "X-Api-Key: %s", alnum(32));
        bound(all, "api key: %s", alnum(32));
        bound(all, "token=%s", alnum(20));
        bound(all, "access_token: %s", alnum(40));
        bound(all, "refresh_token=%s", alnum(40));
        bound(all, "aws_secret_access_key = %s", some(ALNUM + "+/", 37) + "a7Z");
        bound(all, "GET /v1/items?page=2&token=%s&sort=asc HTTP/1.1", alnum(24));
        bound(all, "GET /cb?access_token=%s HTTP/1.1", alnum(24));
        bound(all, "mysqldump --host db1 --password %s --all", password());
        bound(all, "deploy --api-key=%s --now", alnum(20));
        bound(all, "curl -u admin:%s https://example.com/x", password());
        bound(all, "mysql -uroot -p%s shop", password());
        bound(all, "sshpass -p %s ssh root@10.0.0.1", password());
        bound(all, "Server=db1;Database=shop;User Id=sa;Password=%s;Encrypt=true", password());
        bound(
                all,
                "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=%s;EndpointSuffix=core.windows.net",
                alnum(86) + "==");
        bound(
                all,
                "https://shop.blob.core.windows.net/c/b?sv=2022-11-02&sp=r&sig=%s",
                alnum(40) + "%2B" + alnum(6) + "%3D");
        bound(all, "SharedAccessSignature sr=x&sig=%s&se=1700000000", alnum(40));
        bound(all, "Authorization: Bearer %s", alnum(32));
        bound(all, "{\"Authorization\":\"Bearer %s\"}", alnum(32));
        bound(all, "authorization=Basic %s", basic());
        bound(all, "sent header Basic %s to proxy", basic());
        bound(all, "curl -H 'Authorization: token %s' https://x", alnum(32));
        bound(all, "postgres://app:%s@db1.internal:5432/shop", password());
        bound(all, "redis://:%s@10.1.2.3:6379/0", password());
        bound(all, "amqp://svc:%s@mq:5672/%%2F", password());
        bound(all, "Set-Cookie: sid=%s; Path=/; HttpOnly; SameSite=Lax", alnum(32));
        bound(all, "Cookie: theme=dark; session=%s", alnum(32));
        bound(all, "JSESSIONID=%s", some("0123456789ABCDEF", 32));
        bound(all, "<password>%s</password>", password());
        bound(all, "<add key=\"DbPassword\" value=\"%s\"/>", password());
        bound(all, "- name: DB_PASSWORD\n  value: %s\n", password());
        bound(all, "{\"name\":\"API_TOKEN\",\"value\":\"%s\"}", alnum(20));
        bound(all, "ALTER ROLE app WITH PASSWORD '%s'", password());
        bound(all, "machine example.com login bob password %s", password());
        bound(all, "requirepass %s", password());
        bound(all, "AKIAIOSFODNN7EXAMPLE %s", some(ALNUM + "/", 37) + "a7Z");
        bound(all, "the password is %s", alnum(12));
        bound(all, "пароль: %s", password());
        bound(all, "数据库密码：%s", password());
        bound(all, "Passwort: %s", password());
        bound(all, "mysql://root:p@%s/x@db:3306/shop", password());
        bound(all, "jdbc:oracle:thin:scott/%s@//h:1521/x", password());
        bound(all, "Password for user bob: %s", alnum(12));
        bound(all, "signing secret %s", some(HEX, 30) + "a7");
        bound(all, "api-key %s rejected", alnum(20));
        bound(all, "{\"auths\":{\"r.example.com\":{\"auth\":\"%s\"}}}", basic());
        bound(all, "{\"api_key\": [\"%s\"]}", alnum(12));
        bound(all, "setHeader('Set-Cookie', ['foo=bar', 'sid=%s']);", alnum(20));
        bound(all, "PWD={%s;x};Encrypt=true", password());
        bound(all, "headers={Authorization=[Bearer %s], Accept=[*/*]}", alnum(20));
    }

    private static void token(List<Sample> all, String name, String token) {
        all.add(new Sample(name, token, token));
    }

    private static void bound(List<Sample> all, String format, String secret) {
        all.add(new Sample(format, format.replace("%s", secret).replace("%%", "%"), secret));
    }

    String jwt() {
        return base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}")
                + "."
                + base64("{\"sub\":\"" + alnum(12) + "\"}")
                + "."
                + alnum(43);
    }

    private String basic() {
        return Base64.getEncoder()
                .encodeToString(("bob:" + alnum(12)).getBytes(StandardCharsets.UTF_8));
    }

    String pem(String kind, String newline) {
        var out = new StringBuilder("-----BEGIN " + kind + "-----" + newline);
        for (int i = 0; i < 8; i++) {
            out.append(alnum(64)).append(newline);
        }
        return out + alnum(20) + "==" + newline + "-----END " + kind + "-----";
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    String line() {
        return switch (random.nextInt(8)) {
            case 0 ->
                    "2026-11-20T18:02:11.123Z INFO  [pool-3-thread-7] c.e.shop.Checkout - order 8812 done in 41ms";
            case 1 ->
                    "10.2.3.4 - - [20/Nov/2026:18:02:11 +0000] \"GET /health HTTP/1.1\" 200 512 \"-\" \"kube-probe/1.31\"";
            case 2 ->
                    "{\"ts\":\"2026-11-20T18:02:11Z\",\"level\":\"warn\",\"trace_id\":\""
                            + some(HEX, 32)
                            + "\",\"msg\":\"slow\"}";
            case 3 ->
                    "E1120 18:02:11.104422  1 reconciler.go:142] pod \"checkout-7d9f8b6c5d-x2x4z\" evicted";
            case 4 -> "注文サービスの応答が遅い（p99=2.3秒）。";
            case 5 -> "сервис оплаты недоступен, код 503";
            case 6 -> "commit " + some(HEX, 40) + " by bob";
            default -> "image sha256:" + some(HEX, 64) + " pulled";
        };
    }

    /// Text that people need to read, and that holds no secret.
    static List<String> ordinary() {
        return List.of(
                "550e8400-e29b-41d4-a716-446655440000",
                "commit 8f14e45fceea167a5a36dedd4bea2543c0ffee12 merged",
                "trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7",
                "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "sha256:9b74c9897bac770ffc029102a200c5de0ea1b3d8a1e4e2c9a1f0b7e5d8c3a6f1",
                "2026-11-20T18:02:11.123456789Z",
                "10.0.0.1:5432 and [2001:db8::1]:443",
                "token count: 1200",
                "tokens: 1200, max_tokens=4096, output_tokens: 88",
                "token=1200",
                "prompt tokens 812 completion tokens 91",
                "password reset page",
                "password reset page is down: 503",
                "secret rotation failed",
                "secret: rotation failed",
                "Bearer of bad news",
                "the bearer of this message",
                "Basic authentication is disabled",
                "Access denied for user 'root'@'localhost' (using password: YES)",
                "invalid password for user bob",
                "password is incorrect",
                "password: must be at least 8 characters",
                "FATAL: password authentication failed for user \"app\"",
                "pod checkout-7d9f8b6c5d-x2x4z in namespace kube-system",
                "secretName: payments-db-tls",
                "secret \"payments-db\" not found",
                "Updated secret secret=\"default/web-tls\"",
                "arn:aws:secretsmanager:eu-west-1:123456789012:secret:payments-db-AbCdEf",
                "password=${DB_PASSWORD}",
                "password: {{ .Values.db.password }}",
                "--password $DB_PASSWORD",
                "postgres://app:${PGPASSWORD}@db1/shop",
                "password=******",
                "http_requests_total{code=\"500\",path=\"/login\"} 812",
                "remit_tokens_total{kind=\"cache_read\"} 12",
                "container_memory_working_set_bytes{pod=\"redis-0\"} 1.2e+09",
                "next_page_token=CAoQAA continuation_token: abc123def456",
                "Unexpected token } in JSON at position 12",
                "SyntaxError: Unexpected token: '<'",
                "primary key: orders_pkey, foreign key=order_id_fk9",
                "cache key: user:1234:profile:v2",
                "idempotency_key=0193f0c2-7a1e-7c3a-9b1e-2f6a1c9d0e11:3.0",
                "Idempotency-Key: 0193f0c2-7a1e-7c3a-9b1e-2f6a1c9d0e11",
                "public_key_fingerprint=SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8",
                "-----BEGIN CERTIFICATE-----\nMIIDXTCCAkWgAwIBAgIJ\n-----END CERTIFICATE-----",
                "https://example.com:8080/users/@bob?x=1",
                "ssh://git@github.com:22/org/repo.git and git@github.com:org/repo.git",
                "https://grafana.example.com/d/abc123/checkout?orgId=1&from=1700000000000&to=1700003600000",
                "epoch 1700000000000 nanos 1700000000000000000 id 7123456789012345678",
                "request_id=4111111111111111 took 3ms",
                "docker run -u 1000:1000 app",
                "PWD=/app HOME=/root",
                "--- PASS: TestLogin2 (0.00s)",
                "pass=12 fail=3",
                "compass: north1, bypass=enabled",
                "cookie policy: strict",
                "author: Jane2 authorization: denied",
                "Authorization required",
                "WWW-Authenticate: Bearer realm=\"example\"",
                "signal=SIGTERM signature verification failed",
                "task-queue-worker-12345678901234567890 disk-pressure-threshold-2026",
                "sk-learn-frontend-7d9f8b6c5d-x2x4z",
                "kubectl get secret payments-db -o yaml",
                "See https://docs.example.com/security/passwords#reset for the password policy",
                "rotate the API key, then restart",
                "api key rotation: done",
                "Redis: NOAUTH Authentication required.",
                "パスワードを変更しました。 密码已重置",
                "Le mot de passe a été réinitialisé",
                "redis-cli -p 26379 sentinel masters",
                "PWD=/app and pwd: /srv/app",
                "PWD: '/Users/bob', \"PWD\": \"/home/bob/x\"",
                "headers: { Authorization: \"Bearer ${secret.TICKETS}\" }",
                "[set up the credentials]: https://github.com/x#credentials2",
                "headers: `Authorization`, `Proxy-Authorization`, `Set-Cookie`, `User-Agent`",
                "token_type=Bearer expires_in=3600",
                "secret/payments-db-credentials created",
                "secrets \"db-credentials\" not found",
                "MountVolume.SetUp failed for volume \"token-abc12\" : secret \"default-token-abc12\" not found",
                "failed to sync secret cache: timed out waiting for the condition",
                "tokenizer=cl100k_base tokens=128 pad_token_id: 50256, eos_token=</s>",
                "password policy: minimum length 12",
                "password_hash_algorithm=argon2id auth_method=password",
                "key=orders:1234 partition=7 key_prefix=abc api_key_id=12345",
                "csrf token missing or incorrect",
                "POST /oauth/token 200 41ms, GET /api/v1/tokens/1234 200",
                "/var/run/secrets/kubernetes.io/serviceaccount/token: permission denied",
                "password file: /run/secrets/db_password",
                "etag: \"33a64df551425fcc55e4d42a148795d9f25f89d4\" x-request-id: 7b2c9f1e4d5a6b7c8d9e0f1a2b3c4d5e",
                "client secret expires: 2026-12-01",
                "Access token validated in 12ms, refresh token rotation enabled",
                "monkey: banana1, turkey=roast2, design=modern1, signal: 9",
                "password reset for user bob: done",
                "ratio 4:3, 12:30, a://b, key: value, x == y");
    }
}
