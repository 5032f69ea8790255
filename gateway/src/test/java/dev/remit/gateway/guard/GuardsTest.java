package dev.remit.gateway.guard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.json.Json;
import dev.remit.core.secret.PatternRedactor;
import dev.remit.core.settings.Settings;
import dev.remit.core.settings.Settings.Guard.Kind;
import dev.remit.core.settings.Settings.Guard.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardsTest {
    static final String TOKEN = "ghp_" + "a1B2".repeat(9);
    static final String HELD = "held-value-4711";
    private final List<Finding> findings = new ArrayList<>();

    static Settings.Guard guard(
            Kind kind, Mode mode, List<String> words, List<String> patterns, long bytes) {
        return new Settings.Guard(
                "watch", kind, mode, true, true, words, patterns, bytes, List.of());
    }

    static Guards secrets(Mode mode) {
        return guards(guard(Kind.SECRETS, mode, List.of(), List.of(), 0));
    }

    static Guards guards(Settings.Guard... guards) {
        return Guards.of(List.of(guards), new PatternRedactor(() -> Set.of(HELD)));
    }

    private String request(Guards guards, String body) throws Blocked {
        return new String(guards.request(body.getBytes(UTF_8), "fast", findings::add), UTF_8);
    }

    // ---- secrets

    @Test
    void a_request_without_secrets_is_the_very_same_array() throws Blocked {
        var body =
                "{\"model\":\"fast\",\"max_tokens\":10,\"messages\":[{\"role\":\"user\",\"content\":\"What is a token? \\u00e4\"}]}"
                        .getBytes(UTF_8);
        assertThat(secrets(Mode.MASK).request(body, "fast", findings::add)).isSameAs(body);
        assertThat(findings).isEmpty();
    }

    @Test
    void a_secret_is_masked_where_it_stands_and_all_else_stays_byte_for_byte() throws Blocked {
        var body =
                "{ \"temperature\": 1.10, \"messages\" : [ {\"role\":\"user\",\"content\":\"use "
                        + TOKEN
                        + " äö\\n\\\"now\\\"\"} ], \"n\":1e2}";
        assertThat(request(secrets(Mode.MASK), body))
                .isEqualTo(body.replace(TOKEN, "[redacted:github-token]"));
        assertThat(findings)
                .containsExactly(
                        new Finding("watch", Mode.MASK, "github-token", "/messages/0/content"));
    }

    @Test
    void a_finding_never_holds_the_secret() throws Blocked {
        request(secrets(Mode.LOG), "{\"a\":\"" + TOKEN + " password=hunter2secret\"}");
        assertThat(findings).isNotEmpty();
        assertThat(findings.toString()).doesNotContain(TOKEN).doesNotContain("hunter2secret");
    }

    @Test
    void a_value_under_the_name_of_a_secret_is_masked_even_if_it_is_a_number() throws Blocked {
        var body =
                "{\"input\":{\"password\":12345678,\"user\":\"bob\",\"db_password\":\"tr0ub4dor\"}}";
        var masked = Json.parse(request(secrets(Mode.MASK), body));
        assertThat(masked.at("/input/password").asString()).isEqualTo("[redacted:password]");
        assertThat(masked.at("/input/db_password").asString()).isEqualTo("[redacted:password]");
        assertThat(masked.at("/input/user").asString()).isEqualTo("bob");
    }

    @Test
    void escapes_hide_nothing() throws Blocked {
        var escaped = new StringBuilder();
        TOKEN.chars().forEach(c -> escaped.append("\\u%04x".formatted(c)));
        assertThat(request(secrets(Mode.MASK), "{\"a\":\"x " + escaped + " y\"}"))
                .isEqualTo("{\"a\":\"x [redacted:github-token] y\"}");
        var slack = "https:\\/\\/hooks.slack.com\\/services\\/T0001\\/B0002\\/abcdefghijklmn";
        assertThat(request(secrets(Mode.MASK), "{\"a\":\"" + slack + "\"}"))
                .contains("[redacted:webhook]");
    }

    @Test
    void held_values_are_found_too() throws Blocked {
        assertThat(request(secrets(Mode.MASK), "[\"say " + HELD + "\"]"))
                .isEqualTo("[\"say [redacted:secret]\"]");
    }

    @Test
    void the_name_of_a_field_can_be_a_secret() throws Blocked {
        assertThat(request(secrets(Mode.MASK), "{\"" + TOKEN + "\" : {\"b\":1}}"))
                .isEqualTo("{\"[redacted:github-token]\" : {\"b\":1}}");
        assertThat(findings.toString()).doesNotContain(TOKEN);
    }

    @Test
    void what_only_the_vendor_can_read_is_left_alone() throws Blocked {
        var body = "{\"type\":\"thinking\",\"signature\":\"" + TOKEN + "\"}";
        assertThat(request(secrets(Mode.MASK), body)).isEqualTo(body);
    }

    @Test
    void a_masked_request_is_still_json_whatever_was_in_it() throws Blocked {
        for (var text :
                List.of(
                        "-----BEGIN PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0B\n".repeat(4),
                        "password: \"a \\\"quoted\\\" one\"",
                        "Authorization: Bearer " + TOKEN,
                        "postgres://bob:s3cr3t!@db/x",
                        "{\"api_key\": \"abcd1234abcd1234\"}",
                        "card 4111 1111 1111 1111.")) {
            var body = Json.write(Json.object().set("content", Json.text(text)));
            var masked = request(secrets(Mode.MASK), body);
            assertThat(Json.parse(masked).path("content").asString())
                    .isEqualTo(new PatternRedactor().redact(text))
                    .contains("[redacted:");
        }
    }

    @Test
    void block_lets_nothing_out_and_log_changes_nothing() throws Blocked {
        var body = "{\"a\":\"" + TOKEN + "\"}";
        assertThatThrownBy(() -> request(secrets(Mode.BLOCK), body))
                .isInstanceOf(Blocked.class)
                .hasMessageContaining("github-token at /a")
                .hasMessageNotContaining(TOKEN);
        findings.clear();
        assertThat(request(secrets(Mode.LOG), body)).isEqualTo(body);
        assertThat(findings).hasSize(1);
    }

    @Test
    void what_is_no_json_is_blocked_if_there_is_something_to_mask() throws Blocked {
        assertThatThrownBy(() -> request(secrets(Mode.MASK), "{ " + TOKEN))
                .isInstanceOf(Blocked.class);
        assertThat(request(secrets(Mode.MASK), "{ no json")).isEqualTo("{ no json");
    }

    // ---- words and patterns

    private static Settings.Guard deny(Mode mode, List<String> words, List<String> patterns) {
        return guard(Kind.DENY, mode, words, patterns, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Project Falcon", "pRoJeCt fAlCoN", "Project \\u0046alcon"})
    void a_word_is_found_in_any_case_and_behind_escapes(String said) throws Blocked {
        var guards = guards(deny(Mode.MASK, List.of("project falcon"), List.of()));
        assertThat(request(guards, "{\"c\":\"on " + said + "!\"}"))
                .isEqualTo("{\"c\":\"on [masked:watch]!\"}");
        assertThat(findings.toString()).doesNotContainIgnoringCase("falcon").contains("word 1");
    }

    @Test
    void words_beyond_ascii_are_found_written_out_or_escaped() throws Blocked {
        var guards = guards(deny(Mode.MASK, List.of("geheimÜbung"), List.of()));
        assertThat(request(guards, "[\"geheimübung\",\"geheim\\u00dcbung\"]"))
                .isEqualTo("[\"[masked:watch]\",\"[masked:watch]\"]");
    }

    @Test
    void patterns_and_words_that_overlap_are_masked_once() throws Blocked {
        var guards = guards(deny(Mode.MASK, List.of("ab12"), List.of("[0-9]{2}cd", "x*")));
        assertThat(request(guards, "[\"-ab12cd-\"]")).isEqualTo("[\"-[masked:watch]-\"]");
    }

    @Test
    void the_structure_of_a_request_is_not_content() throws Blocked {
        var guards = guards(deny(Mode.BLOCK, List.of("user"), List.of()));
        assertThat(request(guards, "{\"role\":\"user\",\"content\":\"hi\"}")).contains("user");
        assertThatThrownBy(() -> request(guards, "{\"role\":\"user\",\"content\":\"a user\"}"))
                .isInstanceOf(Blocked.class);
    }

    @Test
    void a_pattern_cannot_run_away() throws Blocked {
        var guards = guards(deny(Mode.BLOCK, List.of(), List.of("(a+)+$", "(a|aa)+b")));
        assertThat(request(guards, "[\"" + "a".repeat(20_000) + "c\"]")).hasSize(20_005);
    }

    // ---- size, routes, order

    @Test
    void what_is_too_large_is_blocked() throws Blocked {
        var guards = guards(guard(Kind.SIZE, Mode.BLOCK, List.of(), List.of(), 10));
        assertThat(request(guards, "[\"123456\"]")).isEqualTo("[\"123456\"]");
        assertThatThrownBy(() -> request(guards, "[\"1234567\"]")).isInstanceOf(Blocked.class);
        request(guards(guard(Kind.SIZE, Mode.LOG, List.of(), List.of(), 1)), "[\"1\"]");
        assertThat(findings).extracting(Finding::what).contains("size");
    }

    @Test
    void a_guard_looks_only_where_it_is_to() throws Blocked {
        var only =
                new Settings.Guard(
                        "watch",
                        Kind.SECRETS,
                        Mode.MASK,
                        true,
                        false,
                        List.of(),
                        List.of(),
                        0,
                        List.of("other"));
        var guards = guards(only);
        var body = ("[\"" + TOKEN + "\"]").getBytes(UTF_8);
        assertThat(guards.request(body, "fast", findings::add)).isSameAs(body);
        assertThat(guards.request(body, "other", findings::add)).isNotSameAs(body);
        assertThat(guards.answer(body, "other", findings::add)).isSameAs(body);
        assertThat(guards.looksAtAnswers("other")).isFalse();
        assertThat(guards.stream("other", findings::add)).isEmpty();
    }

    @Test
    void several_guards_look_one_after_the_other() throws Blocked {
        var guards =
                guards(
                        guard(Kind.SECRETS, Mode.MASK, List.of(), List.of(), 0),
                        deny(Mode.MASK, List.of("redacted"), List.of()));
        assertThat(request(guards, "[\"" + TOKEN + "\"]"))
                .isEqualTo("[\"[[masked:watch]:github-token]\"]");
    }
}
