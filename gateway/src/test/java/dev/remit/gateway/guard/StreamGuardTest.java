package dev.remit.gateway.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.json.Json;
import dev.remit.core.secret.PatternRedactor;
import dev.remit.core.settings.Settings.Guard.Kind;
import dev.remit.core.settings.Settings.Guard.Mode;
import dev.remit.gateway.wire.ChatAnswer.Stop;
import dev.remit.gateway.wire.Delta;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamGuardTest {
    private static final String KEY =
            "-----BEGIN PRIVATE KEY-----\n"
                    + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n".repeat(9)
                    + "QyZ1ab9x==\n-----END PRIVATE KEY-----";
    private final List<Finding> findings = new ArrayList<>();

    private StreamGuard stream(Guards guards) {
        return guards.stream("fast", findings::add).orElseThrow();
    }

    private static Guards deny(Mode mode, List<String> words, List<String> patterns) {
        return GuardsTest.guards(GuardsTest.guard(Kind.DENY, mode, words, patterns, 0));
    }

    /// What leaves when a text comes in pieces of random lengths.
    private String through(Guards guards, Delta.Kind kind, String text, long seed) throws Blocked {
        var stream = stream(guards);
        var random = new SplittableRandom(seed);
        var out = new ArrayList<>(stream.next(new Delta.Opened(0, kind, null, "t")));
        for (int at = 0; at < text.length(); ) {
            int end = Math.min(text.length(), at + random.nextInt(1, 12));
            out.addAll(stream.next(new Delta.Grown(0, text.substring(at, end))));
            at = end;
        }
        out.addAll(stream.next(new Delta.Closed(0)));
        out.addAll(stream.next(new Delta.Ended(Stop.END, null)));
        out.addAll(stream.flush());
        assertThat(out).hasSizeGreaterThanOrEqualTo(3);
        return text(out);
    }

    private static String text(List<Delta> deltas) {
        var text = new StringBuilder();
        for (var delta : deltas) {
            if (delta instanceof Delta.Grown(int _, var more)) {
                text.append(more);
            }
        }
        return text.toString();
    }

    private String text(Guards guards, String text, long seed) throws Blocked {
        return through(guards, Delta.Kind.TEXT, text, seed);
    }

    @Test
    void a_secret_cut_anywhere_never_leaves() throws Blocked {
        var guards = GuardsTest.secrets(Mode.MASK);
        var texts =
                List.of(
                        "Use " + GuardsTest.TOKEN + " for it. Thanks",
                        "password = hunter2secret and more",
                        "{\"password\": \"correct horse battery\"} done",
                        "Pay with 4111 1111 1111 1111 today",
                        "Authorization: Bearer " + GuardsTest.TOKEN + "\nnext",
                        "see postgres://bob:s3cr3tpw@db.example.org/x now",
                        "key:\n" + KEY + "\nthat is it",
                        "it is " + GuardsTest.HELD + ", he said");
        for (var text : texts) {
            var whole = new PatternRedactor(() -> Set.of(GuardsTest.HELD)).redact(text);
            for (long seed = 0; seed < 40; seed++) {
                assertThat(text(guards, text, seed)).as("seed %d", seed).isEqualTo(whole);
            }
        }
        assertThat(findings.toString()).doesNotContain(GuardsTest.TOKEN);
    }

    @Test
    void a_text_without_secrets_leaves_as_it_came_and_a_word_late_at_most() throws Blocked {
        var text =
                "Die Größe der Warteschlange ist 1204, 你好世界 and https://example.org/a?b=c is up.";
        for (long seed = 0; seed < 40; seed++) {
            assertThat(text(GuardsTest.secrets(Mode.MASK), text, seed)).isEqualTo(text);
        }
        var stream = stream(GuardsTest.secrets(Mode.MASK));
        stream.next(new Delta.Opened(0, Delta.Kind.TEXT, null, null));
        assertThat(text(stream.next(new Delta.Grown(0, "Hello wor")))).isEqualTo("Hello ");
        assertThat(text(stream.next(new Delta.Grown(0, "ld, how ")))).isEqualTo("world, how ");
        assertThat(text(stream.next(new Delta.Grown(0, "世界")))).isEqualTo("世界");
    }

    @Test
    void block_stops_before_the_secret_left() throws Blocked {
        var stream = stream(GuardsTest.secrets(Mode.BLOCK));
        var left = new StringBuilder();
        stream.next(new Delta.Opened(0, Delta.Kind.TEXT, null, null));
        var text = "The token is " + GuardsTest.TOKEN + " and";
        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < text.length(); i++) {
                                left.append(
                                        text(
                                                stream.next(
                                                        new Delta.Grown(
                                                                0, text.substring(i, i + 1)))));
                            }
                        })
                .isInstanceOf(Blocked.class);
        assertThat(left.toString()).isEqualTo("The token is ");
    }

    @Test
    void log_delays_nothing_and_still_finds() throws Blocked {
        var stream = stream(GuardsTest.secrets(Mode.LOG));
        stream.next(new Delta.Opened(0, Delta.Kind.TEXT, null, null));
        for (var c : GuardsTest.TOKEN.split("")) {
            assertThat(text(stream.next(new Delta.Grown(0, c)))).isEqualTo(c);
        }
        assertThat(stream.next(new Delta.Closed(0))).containsExactly(new Delta.Closed(0));
        assertThat(findings).extracting(Finding::what).containsExactly("github-token");
    }

    @Test
    void arguments_of_tool_calls_are_masked_and_stay_json() throws Blocked {
        var arguments =
                "{\"user\":\"bob\",\"password\":12345678,\"text\":\"use "
                        + GuardsTest.TOKEN
                        + "\"}";
        for (long seed = 0; seed < 20; seed++) {
            var out = through(GuardsTest.secrets(Mode.MASK), Delta.Kind.TOOL_CALL, arguments, seed);
            var json = Json.parse(out);
            assertThat(json.path("password").asString()).isEqualTo("[redacted:password]");
            assertThat(json.path("text").asString()).isEqualTo("use [redacted:github-token]");
            assertThat(json.path("user").asString()).isEqualTo("bob");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"the Falcon flies", "fafafalcon", "FALCON", "no falco n", "falcon"})
    void words_are_found_over_any_cut(String text) throws Blocked {
        var guards = deny(Mode.MASK, List.of("falcon", "conduit"), List.of());
        for (long seed = 0; seed < 30; seed++) {
            assertThat(text(guards, text, seed))
                    .isEqualTo(text.replaceAll("(?i)falcon", "[masked:watch]"));
        }
    }

    @Test
    void a_word_is_held_back_only_while_it_may_come() throws Blocked {
        var stream = stream(deny(Mode.MASK, List.of("falcon"), List.of()));
        stream.next(new Delta.Opened(0, Delta.Kind.TEXT, null, null));
        assertThat(text(stream.next(new Delta.Grown(0, "a falc")))).isEqualTo("a ");
        assertThat(text(stream.next(new Delta.Grown(0, "ulty")))).isEqualTo("falculty");
    }

    @Test
    void patterns_are_found_over_any_cut() throws Blocked {
        var guards = deny(Mode.MASK, List.of(), List.of("TICKET-[0-9]{4}"));
        var text = "x".repeat(300) + " see TICKET-1234 and " + "y".repeat(300) + "TICKET-9999";
        for (long seed = 0; seed < 20; seed++) {
            assertThat(text(guards, text, seed))
                    .isEqualTo(text.replaceAll("TICKET-\\d{4}", "[masked:watch]"));
        }
    }

    @Test
    void pieces_are_looked_at_apart_and_in_order() throws Blocked {
        var stream = stream(GuardsTest.secrets(Mode.MASK));
        var out = new ArrayList<Delta>();
        out.addAll(stream.next(new Delta.Opened(0, Delta.Kind.TEXT, null, null)));
        out.addAll(stream.next(new Delta.Opened(1, Delta.Kind.TOOL_CALL, "c", "t")));
        out.addAll(stream.next(new Delta.Grown(0, "ghp_")));
        out.addAll(stream.next(new Delta.Grown(1, "{\"a\":1}")));
        out.addAll(stream.next(new Delta.Closed(1)));
        out.addAll(stream.next(new Delta.Closed(0)));
        assertThat(out)
                .containsExactly(
                        new Delta.Opened(0, Delta.Kind.TEXT, null, null),
                        new Delta.Opened(1, Delta.Kind.TOOL_CALL, "c", "t"),
                        new Delta.Grown(1, "{\"a\":1}"),
                        new Delta.Closed(1),
                        new Delta.Grown(0, "ghp_"),
                        new Delta.Closed(0));
    }

    @Test
    void what_a_cut_stream_held_back_comes_with_the_flush() throws Blocked {
        var stream = stream(GuardsTest.secrets(Mode.MASK));
        stream.next(new Delta.Opened(0, Delta.Kind.TEXT, null, null));
        assertThat(stream.next(new Delta.Grown(0, "unfinished"))).isEmpty();
        assertThat(text(stream.flush())).isEqualTo("unfinished");
        assertThat(stream.flush()).isEmpty();
    }

    @Test
    void a_stream_that_grows_too_large_is_stopped() throws Blocked {
        var stream =
                stream(
                        GuardsTest.guards(
                                GuardsTest.guard(Kind.SIZE, Mode.BLOCK, List.of(), List.of(), 8)));
        stream.next(new Delta.Opened(0, Delta.Kind.TEXT, null, null));
        assertThat(text(stream.next(new Delta.Grown(0, "12345678")))).isEqualTo("12345678");
        assertThatThrownBy(() -> stream.next(new Delta.Grown(0, "9"))).isInstanceOf(Blocked.class);
    }

    @Test
    void an_endless_word_is_let_go_and_memory_stays_bounded() throws Blocked {
        var stream = stream(GuardsTest.secrets(Mode.MASK));
        stream.next(new Delta.Opened(0, Delta.Kind.TEXT, null, null));
        long left = 0;
        for (int i = 0; i < 1_000; i++) {
            left += text(stream.next(new Delta.Grown(0, "abcdefgh".repeat(40)))).length();
            assertThat((i + 1) * 320L - left).isLessThan(100_000);
        }
        left += text(stream.flush()).length();
        assertThat(left).isEqualTo(320_000);
    }
}
