package dev.remit.core.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.remit.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

class PatternRedactorTest {
    private final PatternRedactor redactor = new PatternRedactor();

    @Test
    void every_known_kind_of_secret_is_removed_wherever_it_stands() {
        var soft = new SoftAssertions();
        for (long seed = 0; seed < 12; seed++) {
            var corpus = new SecretCorpus(new Random(seed));
            for (var sample : corpus.samples()) {
                var text = corpus.line() + " " + sample.text() + " " + corpus.line();
                var clean = redactor.redact(text);
                soft.assertThat(clean)
                        .as("seed %d, %s", seed, sample.name())
                        .doesNotContain(sample.secret())
                        .contains("[redacted:");
                soft.assertThat(redactor.redact(clean)).as("twice, seed %d", seed).isEqualTo(clean);
            }
        }
        soft.assertAll();
    }

    @Test
    void several_secrets_among_many_lines_are_removed_and_the_lines_stay() {
        var soft = new SoftAssertions();
        for (long seed = 0; seed < 20; seed++) {
            var random = new Random(seed);
            var corpus = new SecretCorpus(random);
            var samples = new ArrayList<>(corpus.samples());
            Collections.shuffle(samples, random);
            var lines = new ArrayList<String>();
            var secrets = new ArrayList<String>();
            var kept = new ArrayList<String>();
            for (int i = 0; i < samples.size(); ) {
                var line = new StringBuilder(corpus.line());
                for (int n = 1 + random.nextInt(3); n > 0 && i < samples.size(); n--, i++) {
                    line.append(random.nextBoolean() ? " " : " | ").append(samples.get(i).text());
                    secrets.add(samples.get(i).secret());
                }
                lines.add(line.toString());
                var plain = corpus.line();
                kept.add(plain);
                lines.add(plain);
            }
            var clean = redactor.redact(String.join("\n", lines));
            for (var secret : secrets) {
                soft.assertThat(clean).as("seed %d", seed).doesNotContain(secret);
            }
            for (var plain : kept) {
                soft.assertThat(clean).as("seed %d", seed).contains(plain);
            }
            soft.assertThat(redactor.redact(clean)).as("twice, seed %d", seed).isEqualTo(clean);
        }
        soft.assertAll();
    }

    @Test
    void ordinary_operational_text_is_untouched() {
        var soft = new SoftAssertions();
        for (var text : SecretCorpus.ordinary()) {
            soft.assertThat(redactor.redact(text)).isEqualTo(text);
            soft.assertThat(redactor.redact("at 18:02 " + text + "; ok"))
                    .isEqualTo("at 18:02 " + text + "; ok");
        }
        for (long seed = 0; seed < 200; seed++) {
            var line = new SecretCorpus(new Random(seed)).line();
            soft.assertThat(redactor.redact(line)).isEqualTo(line);
        }
        soft.assertAll();
    }

    @Test
    void what_surrounds_a_secret_stays_readable() {
        assertThat(redactor.redact("postgres://app:hunter2@db1:5432/shop?x=1"))
                .isEqualTo("postgres://app:[redacted:password]@db1:5432/shop?x=1");
        assertThat(redactor.redact("Authorization: Bearer abcdef123456, retry"))
                .isEqualTo("Authorization: Bearer [redacted:bearer], retry");
        assertThat(redactor.redact("Set-Cookie: sid=abc123; Path=/; HttpOnly"))
                .isEqualTo("Set-Cookie: sid=[redacted:cookie]; Path=/; HttpOnly");
        assertThat(redactor.redact("user=bob, password=hunter2, host=db1"))
                .isEqualTo("user=bob, password=[redacted:password], host=db1");
        assertThat(redactor.redact("(password: hunter2)"))
                .isEqualTo("(password: [redacted:password])");
        assertThat(redactor.redact("{\"password\":\"a\\\"b\",\"n\":1}"))
                .isEqualTo("{\"password\":\"[redacted:password]\",\"n\":1}");
        assertThat(redactor.redact("Server=a;Password=p;w,d;User Id=sa"))
                .isEqualTo("Server=a;Password=[redacted:password];User Id=sa");
    }

    @Test
    void a_value_that_is_held_is_recognised_in_every_encoding() {
        var value = "s3cr\"t/ü+value with space";
        var redactor = new PatternRedactor(() -> Set.of(value, "short", "tiny"));
        var utf8 = value.getBytes(StandardCharsets.UTF_8);
        var soft = new SoftAssertions();
        for (var form :
                List.of(
                        value,
                        Base64.getEncoder().encodeToString(utf8),
                        Base64.getUrlEncoder().encodeToString(utf8),
                        "s3cr%22t%2F%C3%BC%2Bvalue%20with%20space",
                        "s3cr%22t%2f%c3%bc%2bvalue+with+space",
                        "s3cr\\\"t/ü+value with space")) {
            var clean = redactor.redact("x " + form + " y");
            soft.assertThat(clean).startsWith("x [redacted:secret]").endsWith(" y");
        }
        for (int before = 0; before < 7; before++) {
            var wrapped = "u".repeat(before) + value + ":tail";
            var base64 =
                    Base64.getEncoder().encodeToString(wrapped.getBytes(StandardCharsets.UTF_8));
            soft.assertThat(redactor.redact("raw " + base64)).contains("[redacted:secret]");
        }
        soft.assertThat(redactor.redact("a short tiny word")).isEqualTo("a short tiny word");
        soft.assertAll();
    }

    @Test
    void a_value_that_is_held_is_recognised_wherever_it_begins_and_ends() {
        for (var value : List.of("Zx3!qW", "Zx3!qWk", "Zx3!qWk0", "Zx3!qWk0v")) {
            var redactor = new PatternRedactor(() -> Set.of(value));
            for (int before = 0; before < 8; before++) {
                for (int behind = 0; behind < 8; behind++) {
                    var text = ".".repeat(before) + value + ".".repeat(behind);
                    assertThat(redactor.redact(text))
                            .isEqualTo(text.replace(value, "[redacted:secret]"));
                }
            }
        }
    }

    @Test
    void each_line_of_a_held_key_is_recognised_alone() {
        var pem = new SecretCorpus(new Random(3)).pem("PRIVATE KEY", "\n");
        var redactor = new PatternRedactor(() -> Set.of(pem));
        assertThat(redactor.redact("line 3 was " + pem.lines().toList().get(3)))
                .isEqualTo("line 3 was [redacted:secret]");
    }

    @Test
    void a_held_value_that_looks_like_a_mark_does_not_grow_for_ever() {
        var redactor = new PatternRedactor(() -> Set.of("redacted", "password", "secret"));
        var clean = redactor.redact("the password=hunter2 was redacted");
        assertThat(clean).doesNotContain("hunter2");
        assertThat(redactor.redact(clean)).isEqualTo(clean);
    }

    @Test
    void fields_named_like_a_secret_are_removed_whatever_they_hold() {
        var clean =
                redactor.redact(
                        Json.parse(
                                """
                                {"password":"abc","api_key":"zzzz1","accessToken":"t-9999","refresh_token":"rrrr",
                                 "Authorization":"Custom abc","private_key":"kkkk","client_secret":"cccc",
                                 "cookie":"a=bbbb","connection_string":"Server=x","secret":"qqqq",
                                 "nested":[{"PASSWORD":["one","two"]},{"passwd":12345678}],
                                 "db":{"DB_PASS":"pppp","host":"db1"},
                                 "env":[{"name":"API_TOKEN","value":"vvvv"},{"name":"MODE","value":"fast"}],
                                 "args":["serve","--password","aaaa","--port","8080"]}
                                """));
        assertThat(Json.write(clean))
                .isEqualTo(
                        "{\"password\":\"[redacted:password]\",\"api_key\":\"[redacted:api-key]\","
                                + "\"accessToken\":\"[redacted:token]\",\"refresh_token\":\"[redacted:token]\","
                                + "\"Authorization\":\"[redacted:authorization]\",\"private_key\":\"[redacted:private-key]\","
                                + "\"client_secret\":\"[redacted:secret]\",\"cookie\":\"[redacted:cookie]\","
                                + "\"connection_string\":\"[redacted:connection-string]\",\"secret\":\"[redacted:secret]\","
                                + "\"nested\":[{\"PASSWORD\":[\"[redacted:password]\",\"[redacted:password]\"]},{\"passwd\":\"[redacted:password]\"}],"
                                + "\"db\":{\"DB_PASS\":\"[redacted:password]\",\"host\":\"db1\"},"
                                + "\"env\":[{\"name\":\"API_TOKEN\",\"value\":\"[redacted:token]\"},{\"name\":\"MODE\",\"value\":\"fast\"}],"
                                + "\"args\":[\"serve\",\"--password\",\"[redacted:password]\",\"--port\",\"8080\"]}");
        assertThat(redactor.redact(clean)).isEqualTo(clean);
    }

    @Test
    void fields_that_only_speak_of_secrets_stay() {
        var value =
                Json.parse(
                        """
                        {"password":{"type":"string","description":"of the user"},"token_count":1200,
                         "max_tokens":512,"token_type":"Bearer","next_page_token":"abc123def456","PWD":"/app",
                         "required":["password","token"],"errors":{"password":"must be at least 8 characters"},
                         "secret":null,"password_reset":true,"session_id":"0193f0c2-7a1e-7c3a-9b1e-2f6a1c9d0e11",
                         "idempotency_key":"0193f0c2:3.0","cache_key":"user:1","key":"value","signature":"Eo4BCkYIAhgC"}
                        """);
        assertThat(redactor.redact(value)).isEqualTo(value);
    }

    @Test
    void a_passphrase_in_a_field_is_not_taken_for_a_sentence() {
        var clean =
                redactor.redact(
                        Json.parse(
                                "{\"password\":\"correct horse battery staple\",\"passphrase\":\"the quick fox\"}"));
        assertThat(Json.write(clean))
                .isEqualTo(
                        "{\"password\":\"[redacted:password]\",\"passphrase\":\"[redacted:password]\"}");
    }

    @Test
    void a_private_key_that_was_cut_off_is_removed_to_its_last_line() {
        var clean =
                redactor.redact(
                        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ\nQyNTUxOQAAACD\nthen it went on");
        assertThat(clean).isEqualTo("[redacted:private-key]\nthen it went on");
    }

    @Test
    void a_secret_in_the_name_of_a_field_is_removed_too() {
        var clean =
                redactor.redact(
                        Json.parse(
                                "{\"ghp_0123456789abcdefghijABCDEFGHIJ012345\":1,\"ghp_9123456789abcdefghijABCDEFGHIJ012345\":2}"));
        assertThat(Json.write(clean))
                .isEqualTo("{\"[redacted:github-token]\":1,\"[redacted:github-token]'\":2}");
    }

    @Test
    void a_private_key_in_a_list_of_log_lines_is_removed_line_by_line() {
        var pem = new SecretCorpus(new Random(5)).pem("RSA PRIVATE KEY", "\n");
        var lines = Json.array().add("starting");
        pem.lines().forEach(line -> lines.add("2026-11-20T18:02:11Z app " + line));
        var bare = Json.array();
        pem.lines().forEach(bare::add);
        lines.add("done");
        bare.add("done");
        for (var list : List.of(lines, bare)) {
            var clean = Json.write(redactor.redact(list));
            pem.lines()
                    .filter(l -> !l.startsWith("---"))
                    .forEach(l -> assertThat(clean).doesNotContain(l));
            assertThat(clean).contains("done");
        }
    }

    @Test
    void the_data_of_a_kubernetes_secret_is_removed() {
        var clean =
                redactor.redact(
                        Json.parse(
                                "{\"kind\":\"Secret\",\"metadata\":{\"name\":\"db\"},\"data\":{\"user\":\"Ym9i\"}}"));
        assertThat(clean.at("/data/user").stringValue()).isEqualTo("[redacted:password]");
        assertThat(clean.at("/metadata/name").stringValue()).isEqualTo("db");
    }

    @Test
    void its_argument_is_never_changed_nor_shared() {
        var value = Json.object();
        value.putObject("a").put("password", "hunter2").put("b", "plain");
        var clean = redactor.redact(value);
        assertThat(value.at("/a/password").stringValue()).isEqualTo("hunter2");
        value.withObject("/a").put("b", "changed");
        assertThat(clean.at("/a/b").stringValue()).isEqualTo("plain");
    }

    @Test
    void redacting_twice_changes_nothing_for_any_mixture_of_fragments() {
        var fragments =
                List.of(
                        "password",
                        "=",
                        ":",
                        " ",
                        "\"",
                        "\\",
                        "\\\"",
                        "'",
                        "token",
                        "secret",
                        "api_key",
                        "[redacted:",
                        "]",
                        "[redacted:x]",
                        "hunter2",
                        "Bearer ",
                        "Authorization",
                        "://",
                        "@",
                        "a:b",
                        "ghp_0123456789abcdefghijABCDEFGHIJ012345",
                        "eyJhbGciOiJIUzI1NiJ9",
                        ".",
                        ";",
                        ",",
                        "&",
                        "{",
                        "}",
                        "\n",
                        "--",
                        "-----BEGIN PRIVATE KEY-----",
                        "-----END PRIVATE KEY-----",
                        "cookie",
                        "4111111111111111",
                        "<",
                        ">",
                        " is ",
                        "value",
                        "密码",
                        "AKIAIOSFODNN7EXAMPLE",
                        "sig",
                        "%3D",
                        "(",
                        ")",
                        "$",
                        "curl -u ");
        var held = new PatternRedactor(() -> Set.of("hunter2", "password", "a:b@c."));
        for (long seed = 0; seed < 6_000; seed++) {
            var random = new Random(seed);
            var text = new StringBuilder();
            for (int n = 2 + random.nextInt(14); n > 0; n--) {
                text.append(fragments.get(random.nextInt(fragments.size())));
            }
            var clean = held.redact(text.toString());
            assertThat(held.redact(clean)).as("seed %d: %s", seed, text).isEqualTo(clean);
            assertThat(clean).as("seed %d: %s", seed, text).doesNotContain("hunter2");
        }
    }

    @Test
    void hostile_text_does_not_hold_it_up() {
        var seeds =
                List.of(
                        "password=",
                        "password:",
                        "password: ",
                        "password=\"",
                        "password='\"`",
                        "pwd=\\\"",
                        "token=token=",
                        "api_key:",
                        "api key ",
                        "eyJ",
                        "-eyJ",
                        "eyJ.",
                        "eyJaaaaaaaaaaaaaaa.",
                        "://",
                        "://a:b",
                        "://a:b/",
                        "a://b:c@",
                        "-----BEGIN PRIVATE KEY-----",
                        "-----BEGIN ",
                        "AKIA",
                        "AKIAIOSFODNN7EXAMPLE ",
                        "sk-",
                        "sk-ant-",
                        "xox",
                        "xoxb-",
                        "SG.",
                        "SG.aaaaaaaaaaaaaaaaaaaa.",
                        "github_pat_",
                        "ghp_",
                        "Q~",
                        "4111",
                        "4111 ",
                        "1-",
                        "authorization:",
                        "authorization: aa ",
                        "cookie:",
                        "cookie: a=bbb;",
                        "cookie: a; ",
                        "bearer ",
                        "basic ",
                        "basic aaaa",
                        "curl -u ",
                        "mysql -",
                        "mysql -p",
                        "sshpass -p ",
                        "redis-cli ",
                        "<password>",
                        "password>",
                        "\\",
                        "\"",
                        "[redacted:",
                        "[redacted:x]",
                        "$2b$",
                        "$argon2",
                        "LS0tLS1CRUdJTi",
                        "key",
                        "key:key=",
                        "secret is ",
                        "a",
                        "0",
                        " ",
                        "\n",
                        "密码",
                        "密码：",
                        "login a password ",
                        "{",
                        "password={",
                        "name: TOKEN\n value",
                        "\",\"value",
                        ":AA",
                        "hooks.slack.com/services/",
                        "%3D",
                        "pwd\\\\\\\\\\\\\\\\\"");
        assertTimeoutPreemptively(
                Duration.ofMinutes(2), // quadratic time takes many minutes for each
                () -> seeds.forEach(seed -> redactor.redact(seed.repeat(250_000 / seed.length()))));
    }

    @Test
    void values_nested_without_end_are_cut_off() {
        var deep = Json.array();
        var inner = deep;
        for (int i = 0; i < 5000; i++) {
            inner = inner.addArray();
        }
        inner.add("password=hunter2");
        assertThatCode(() -> redactor.redact(deep)).doesNotThrowAnyException();
        assertThat(Json.write(redactor.redact(deep)))
                .contains("[redacted:too-deep]")
                .doesNotContain("hunter2");
    }
}
